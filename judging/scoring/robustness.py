"""How firmly does the line stand? The report an organiser shows to a critic."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from judging.scoring import VERSION, calibrate, qc, reliability, select
from judging.scoring.pipeline import (
    DEFAULT_RULES,
    Rules,
    Standing,
    calibrated,
    rasch,
    standard_v1,
    whole_categories,
)
from judging.scoring.types import FloatArray, IntArray, Marks, Ratings, ScoringError, tally

_NUDGE = 0.1


def data_hash(ratings: Ratings) -> str:
    """SHA-256 of the scores in canonical order, the same for any order of rows."""
    order = np.lexsort((ratings.y, ratings.j, ratings.e))
    digest = hashlib.sha256()
    for values in (ratings.e[order], ratings.j[order], ratings.units):
        digest.update(values.astype("<i8").tobytes())
    digest.update(ratings.y[order].astype("<f8").tobytes())
    return digest.hexdigest()


def number(value: float) -> float | None:
    """A float for JSON; what is not known is null."""
    return float(value) if np.isfinite(value) else None


def top(score: FloatArray, k: int, units: IntArray) -> set[int]:
    """Entries at rank k or better in their unit; all of a group tied on the line."""
    places = select.rank(score, (), units)
    return {int(entry) for entry in np.flatnonzero((places > 0) & (places <= k))}


def report(
    ratings: Ratings,
    k: int,
    group: IntArray | None = None,
    seed: int = 0,
    *,
    rules: Rules = DEFAULT_RULES,
    marks: Marks | None = None,
) -> dict[str, Any]:
    """Everything about the cut-off at k places per unit, ready for JSON.

    Ranks with intervals and P(top k), agreement of up to five methods, the judges
    whose absence would change the list, criterion weights ±10 % (with ``marks``),
    reliability, links between judges, checks of judges, and what is needed to
    recompute it: hash of the data, method, version, seed.

    Raises what ``pipeline.standard_v1`` raises.
    """
    if group is not None:
        ratings = Ratings(
            ratings.e, ratings.j, ratings.y, ratings.n_entries, ratings.n_judges, group
        )
    rules = replace(rules, seed=seed)
    standing = standard_v1(ratings, k, rules=rules, marks=marks)
    chosen = top(standing.calibration.entry, k, ratings.units)
    methods = _methods(ratings, k, marks, rules)
    r, p = qc.confounding(ratings)
    probs = standing.probs
    return {
        "version": VERSION,
        "method": standing.method,
        "switch": standing.switch,
        "seed": seed,
        "draws": rules.draws,
        "k": k,
        "data_sha256": data_hash(ratings),
        "entries": _entries(ratings, standing, methods),
        "chosen": sorted(chosen),
        "contested": list(standing.contested),
        "expected_correct": (
            None if probs is None else number(float(sum(probs.p_top[entry] for entry in chosen)))
        ),
        "methods": {name: sorted(found) for name, found in methods.items()},
        "leave_one_out": _leave_one_out(ratings, standing, k, chosen),
        "weights": _weights(ratings, marks, standing, k, chosen),
        "reliability": _reliability(ratings),
        "components": standing.link.n_components,
        "lambda2": standing.link.lambda2,
        "mean_var_judge_diff": number(standing.link.mean_var_judge_diff),
        "confounding": {"r": number(r), "p": number(p)},
        "judges": _judges(ratings, standing, marks, rules),
        "findings": [
            {"code": f.code, "message": f.message, "subjects": list(f.subjects)}
            for f in standing.findings
        ],
    }


def _entries(
    ratings: Ratings, standing: Standing, methods: Mapping[str, set[int]]
) -> list[dict[str, object]]:
    cal, probs, raw = standing.calibration, standing.probs, ratings.raw_means()
    rows: list[dict[str, object]] = []
    for entry in np.lexsort((standing.rank, ratings.units)):
        index = int(entry)
        rows.append(
            {
                "entry": index,
                "unit": int(ratings.units[index]),
                "rank": int(standing.rank[index]) or None,
                "n": int(ratings.entry_counts[index]),
                "raw": number(raw[index]),
                "score": number(cal.entry[index]),
                "se": number(cal.se[index]),
                "lo": int(probs.lo[index]) or None if probs else None,
                "hi": int(probs.hi[index]) or None if probs else None,
                "p_top": number(probs.p_top[index]) if probs else None,
                "chosen_by": sum(index in found for found in methods.values()),
                "methods": len(methods),
            }
        )
    return rows


def _methods(ratings: Ratings, k: int, marks: Marks | None, rules: Rules) -> dict[str, set[int]]:
    """The top k by each method that can be computed from these data."""
    fits = {
        "mean": calibrate.mean(ratings),
        "trimmed": calibrate.trimmed(ratings),
        "additive": calibrate.additive(ratings),
        "judges_eb": calibrate.judges_eb(ratings),
    }
    if marks is not None and whole_categories(marks):
        fits["mfrm"] = rasch(ratings, marks, rules.low, rules.high)
    return {name: top(fit.entry, k, ratings.units) for name, fit in fits.items()}


def _again(ratings: Ratings, method: str) -> FloatArray:
    """Scores by the same method; Rasch, too slow to repeat, is stood in for by judges-EB."""
    name = "judges_eb" if method == "mfrm" else method
    return calibrated(ratings, name, None, 0.0, 0.0).entry


def _leave_one_out(
    ratings: Ratings, standing: Standing, k: int, chosen: set[int]
) -> list[dict[str, object]]:
    """Judges without whom the list would differ, with who would leave and enter."""
    base = chosen
    if standing.method == "mfrm":
        base = top(_again(ratings, "mfrm"), k, ratings.units)
    changes: list[dict[str, object]] = []
    for judge in np.flatnonzero(ratings.judge_counts):
        rest = ratings.keep(ratings.j != judge)
        if rest.n == 0:
            continue
        found = top(_again(rest, standing.method), k, ratings.units)
        if found != base:
            changes.append(
                {"judge": int(judge), "leave": sorted(base - found), "enter": sorted(found - base)}
            )
    return changes


def _weights(
    ratings: Ratings, marks: Marks | None, standing: Standing, k: int, chosen: set[int]
) -> list[dict[str, object]]:
    """Criteria whose weight, 10 % more or less, would change the list."""
    if marks is None or marks.weight.size < 2 or standing.method == "mfrm":
        return []
    changes: list[dict[str, object]] = []
    for criterion in range(marks.weight.size):
        for factor in (1.0 - _NUDGE, 1.0 + _NUDGE):
            weight = marks.weight.copy()
            weight[criterion] *= factor
            moved = _from_marks(marks, weight, ratings)
            found = top(_again(moved, standing.method), k, ratings.units)
            if found != chosen:
                changes.append(
                    {
                        "criterion": criterion,
                        "factor": factor,
                        "leave": sorted(chosen - found),
                        "enter": sorted(found - chosen),
                    }
                )
    return changes


def _from_marks(marks: Marks, weight: FloatArray, ratings: Ratings) -> Ratings:
    """The scores (0-100) of the scorecards under other weights."""
    cell = marks.e * ratings.n_judges + marks.j
    cells, index = np.unique(cell, return_inverse=True)
    got = tally(index, cells.size, weight[marks.c] * marks.x)
    best = tally(index, cells.size, weight[marks.c] * marks.max_[marks.c])
    return Ratings(
        cells // ratings.n_judges,
        cells % ratings.n_judges,
        100.0 * got / best,
        ratings.n_entries,
        ratings.n_judges,
        ratings.group,
    )


def _reliability(ratings: Ratings) -> dict[str, float | None] | None:
    try:
        icc = reliability.icc(ratings.e, ratings.j, ratings.y)
    except ScoringError:
        return None
    return {
        "single": number(icc.single_abs),
        "mean": number(icc.mean_abs),
        "single_calibrated": number(icc.single_cons),
        "mean_calibrated": number(icc.mean_cons),
        "k": icc.k,
    }


def _judges(
    ratings: Ratings, standing: Standing, marks: Marks | None, rules: Rules
) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for q in qc.judges(ratings, standing.calibration, marks, rules.low, rules.high):
        values = {
            name: value if isinstance(value, (int, tuple)) else number(value)
            for name, value in q.__dict__.items()
        }
        rows.append({**values, "flags": list(q.flags)})
    return rows
