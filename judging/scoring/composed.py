"""The result of an award from what was frozen: a tree of weights over the scores of its leaves.

``compute`` takes the rules and the inputs of a standing as its protocol holds them and gives the
results as the protocol holds them: plain JSON, numbers as text, so that anybody can compare bytes.

Rules: ``tree`` (a node has ``children``, a leaf has ``round``), ``missing``, ``ties``, ``quota``,
``quota_mode``, ``least_score`` (optional), ``seed``, ``draws``. Inputs: ``entries`` [number,
nomination], ``scorecards`` by leaf [entry, judge, total, fingerprint]; where there are any,
``appeals`` by leaf [entry, judge], the scorecards an appeal asked for; and where the rules ask for
them ``marks`` and ``priority``.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from judging.scoring import combine, select, uncertainty
from judging.scoring.blending import Blend, blend, nominal
from judging.scoring.leaves import Fit, Names, fit_leaf
from judging.scoring.told import leaf_result, parts_of, rows_of
from judging.scoring.tree import Json, leaves_of, prune
from judging.scoring.types import BoolArray, FloatArray, IntArray, RankProbs, Ratings
from judging.scoring.written import text


@dataclass(frozen=True, eq=False)
class Unit:
    """One nomination on its way: its entries, its leaves, their blend, and who may have a place."""

    nomination: int
    rows: IntArray
    tree: Json
    fits: list[Fit]
    mix: Blend
    score: FloatArray


def compute(
    rules: Mapping[str, Any], inputs: Mapping[str, Any], only: Sequence[int] | None = None
) -> dict[int, Json]:
    """The results of every nomination of the inputs, or of some; a ``stopped`` one has no places.

    Raises ScoringError when a declared method cannot take these scores.
    """
    names = Names.of(inputs)
    fits = {leaf["slug"]: fit_leaf(names, leaf, inputs) for leaf in leaves_of(rules["tree"])}
    found: dict[int, Json] = {}
    units: list[Unit] = []
    for nomination in sorted({int(one) for one in names.nominations}):
        tree = prune(rules["tree"], nomination)
        own = [] if tree is None else [fits[leaf["slug"]] for leaf in leaves_of(tree)]
        if stopped := why_not(names, own, nomination):
            found[nomination] = {"nomination": nomination, "stopped": stopped, "rows": []}
        elif tree is not None:
            rows = np.flatnonzero(names.nominations == nomination)
            mix = blend(tree, own, rows, rules["missing"])
            may = eligible(own, rows, rules["missing"]) & np.isfinite(mix.score)
            score = np.where(may, mix.score, np.nan)
            units.append(Unit(nomination, rows, tree, own, mix, score))
    se, probs = doubt(rules, names, fits, units)
    for unit in units:
        if only is None or unit.nomination in only:
            found[unit.nomination] = result_of(rules, inputs, names, unit, se, probs)
    return {one: found[one] for one in sorted(found) if only is None or one in only}


def why_not(names: Names, fits: Sequence[Fit], nomination: int) -> Json | None:
    """What keeps a nomination from being ranked, if anything."""
    if not fits:
        return {"code": "no-leaf", "anchors": []}
    for fit in fits:
        if nomination in fit.split:
            pairs = [
                [names.entries[entry], names.judges[judge]]
                for entry, judge in fit.split[nomination]
            ]
            return {"code": "disconnected", "leaf": fit.leaf["slug"], "anchors": pairs}
    return None


def result_of(  # noqa: PLR0917
    rules: Mapping[str, Any],
    inputs: Mapping[str, Any],
    names: Names,
    unit: Unit,
    se: FloatArray,
    probs: RankProbs | None,
) -> Json:
    """Places, scores and their uncertainty in one nomination."""
    rows, own, mix, score = unit.rows, unit.fits, unit.mix, unit.score
    keys = tie_keys(rules, inputs, names, own, rows)
    place = select.rank(score, keys)
    chosen = select.quota(
        select.reaching(score, rules.get("least_score")),
        rules["quota"],
        rules["quota_mode"],
        keys,
        rules["seed"],
        [names.entries[row] for row in rows],
    )
    inside, parts = set(chosen.chosen), {fit.leaf["slug"]: parts_of(fit, rows) for fit in own}
    table = [
        {
            **told,
            "entry": names.entries[row],
            "proposed": index in inside,
            "parts": {slug: of_leaf[index] for slug, of_leaf in parts.items()},
        }
        for index, (row, told) in enumerate(
            zip(rows.tolist(), rows_of(mix, rows, place, se, probs), strict=True)
        )
    ]
    placed = np.isfinite(score)
    stated = nominal(unit.tree, own)
    share = combine.weighted(
        np.where(placed[:, None], mix.parts, np.nan), stated, standardise=False
    )[1]
    return {
        "nomination": unit.nomination,
        "stopped": None,
        "rows": sorted(
            table, key=lambda row: (row["place"] is None, row["place"] or 0, row["entry"])
        ),
        "line": {
            "reason": chosen.reason,
            "tied": sorted(names.entries[rows[index]] for index in chosen.boundary),
        },
        "weights": [
            {"leaf": fit.leaf["slug"], "nominal": text(given), "effective": text(float(share[at]))}
            for at, (fit, given) in enumerate(zip(own, stated, strict=True))
        ],
        "leaves": [leaf_result(names, fit, unit.nomination) for fit in own],
        "findings": [
            {"leaf": fit.leaf["slug"], "code": one.code, "message": one.message}
            for fit in own
            for one in fit.findings
        ],
    }


def eligible(fits: Sequence[Fit], rows: IntArray, missing: str) -> BoolArray:
    """Entries with a quorum in every leaf; none at all is what the rule about missing leaves is for."""
    may = np.ones(rows.size, dtype=bool)
    for fit in fits:
        enough = fit.count[rows] >= fit.leaf["quorum"]
        may &= enough if missing == "no-place" else enough | (fit.count[rows] == 0)
    return may


def tie_keys(
    rules: Mapping[str, Any],
    inputs: Mapping[str, Any],
    names: Names,
    fits: Sequence[Fit],
    rows: IntArray,
) -> list[select.TieKey]:
    """What parts equal scores, in the declared order."""
    keys: list[select.TieKey] = []
    for name in rules["ties"]:
        if name == "priority":
            given = inputs.get("priority", {})
            keys.append(np.array([float(given.get(names.entries[row], "nan")) for row in rows]))
        if name == "head-to-head":
            keys.append(select.head_to_head(meetings(fits, rows)))
    return keys


def meetings(fits: Sequence[Fit], rows: IntArray) -> Ratings:
    """All scores of a nomination; the same person in two leaves meets an entry twice."""
    local = {int(row): index for index, row in enumerate(rows)}
    found: list[tuple[int, int, float]] = []
    width = 0
    for fit in fits:
        if fit.ratings is None:
            continue
        inside = np.isin(fit.ratings.e, rows)
        found += zip(
            [local[int(entry)] for entry in fit.ratings.e[inside]],
            (fit.ratings.j[inside] + width).tolist(),
            fit.ratings.y[inside].tolist(),
            strict=True,
        )
        width += fit.ratings.n_judges
    e, j, y = (list(column) for column in zip(*found, strict=True)) if found else ([], [], [])
    return Ratings(
        np.array(e, dtype=np.int64), np.array(j, dtype=np.int64), np.array(y), rows.size, width
    )


def doubt(
    rules: Mapping[str, Any], names: Names, fits: Mapping[str, Fit], units: Sequence[Unit]
) -> tuple[FloatArray, RankProbs | None]:
    """Standard errors of all scores, and the chances of their places in their nominations.

    The errors of the leaves are independent; what entries share within one goes on as a factor. No
    chance is told where no entry has two scores in some leaf.
    """
    size = len(names.entries)
    se, score = np.full(size, np.nan), np.full(size, np.nan)
    known = [fit for fit in fits.values() if fit.calibration is not None]
    if not known or not units:
        return se, None
    noise, factors = np.zeros(size), []
    for fit in known:
        weight = np.zeros(size)
        for unit in units:
            if fit in unit.fits:
                weight[unit.rows] = unit.mix.weight[:, unit.fits.index(fit)]
        noise += weight**2 * np.where(weight > 0, np.nan_to_num(fit.noise, nan=np.inf), 0.0)
        factors.append(weight[:, None] * fit.factor)
    for unit in units:
        score[unit.rows] = unit.score
    factor = factors[0] if len(factors) == 1 else np.hstack(factors)
    used = np.any(factor != 0.0, axis=0)
    factor = factor if used.all() else factor[:, used]
    error = np.sqrt(noise + np.sum(factor**2, axis=1))
    se = np.where(np.isfinite(error) & np.isfinite(score), error, np.nan)
    first = known[0].calibration
    sure = np.isfinite(score) & np.isfinite(noise) & (noise > 0)
    if first is None or rules["quota"] < 1 or not sure.any():
        return se, None
    whole = replace(
        first,
        entry=np.where(sure, score, np.nan),
        noise=noise,
        factor=factor,
        se=se,
        var_resid=1.0,
        shrunk=all(fit.calibration is not None and fit.calibration.shrunk for fit in known),
    )
    return se, uncertainty.ranks(
        whole,
        rules["quota"],
        names.nominations,
        draws=rules["draws"],
        seed=seed_number(rules["seed"]),
    )


def seed_number(seed: str) -> int:
    """The first 64 bits of the SHA-256 of the published seed."""
    return int(hashlib.sha256(seed.encode()).hexdigest()[:16], 16)
