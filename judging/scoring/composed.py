"""The result of an award from what was frozen: a tree of weights over the scores of its leaves.

``compute`` takes the rules and the inputs of a standing as its protocol holds them and gives the
results as the protocol holds them: plain JSON, numbers as text, so that anybody can compare bytes.

Rules: ``tree`` (a node has ``children``, a leaf has ``round``), ``missing``, ``ties``, ``quota``,
``quota_mode``, ``least_score`` (optional), ``seed``, ``draws``. Inputs: ``entries`` [number,
nomination], ``scorecards`` by leaf [entry, judge, total, fingerprint], and where the rules ask for
them ``marks`` and ``priority``.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from judging.scoring import calibrate, combine, select, uncertainty
from judging.scoring.design import components, suggest_anchors
from judging.scoring.pipeline import METHODS, STANDARD, Rules, calibrated, fitted
from judging.scoring.robustness import number
from judging.scoring.types import (
    BoolArray,
    Calibration,
    Finding,
    FloatArray,
    IntArray,
    Marks,
    RankProbs,
    Ratings,
)

Json = dict[str, Any]

FORMAT = "awards portal standing 2"
BAYES = "bayes"
MFRM = "mfrm"
ALL_METHODS = (STANDARD, *METHODS, MFRM, BAYES)
# Methods that do not take strictness out, so that judges need not be compared.
PLAIN_METHODS = frozenset({"mean", "olympic"})
ALONE = PLAIN_METHODS | {BAYES}
PLAIN_SWITCHES = frozenset({"complete", "few-judges", "nothing"})
STANDARDISED = "standardised"
# Standardised scores are told as 50 for the mean of the nomination and 10 for one sd.
CENTRE, SPREAD = 50.0, 10.0
SCORE_DECIMALS, P_DECIMALS = 6, 4
ANCHORS = 10


def leaves_of(tree: Mapping[str, Any]) -> list[Json]:
    """The leaves of a tree, from left to right."""
    if "children" not in tree:
        return [dict(tree)]
    return [leaf for child in tree["children"] for leaf in leaves_of(child)]


def judges_nomination(leaf: Mapping[str, Any], nomination: int) -> bool:
    """Whether a leaf is about a nomination; one that names none is about all."""
    return leaf["nominations"] is None or nomination in leaf["nominations"]


def prune(tree: Mapping[str, Any], nomination: int) -> Json | None:
    """The tree as far as it is about one nomination."""
    if "children" not in tree:
        return dict(tree) if judges_nomination(tree, nomination) else None
    children = [kept for child in tree["children"] if (kept := prune(child, nomination))]
    return {**tree, "children": children} if children else None


def nominal_weights(tree: Mapping[str, Any], share: float = 1.0) -> dict[str, float]:
    """What each leaf is said to weigh in the whole."""
    if "children" not in tree:
        return {tree["slug"]: share}
    whole = sum(float(child["weight"]) for child in tree["children"])
    found: dict[str, float] = {}
    for child in tree["children"]:
        found.update(nominal_weights(child, share * float(child["weight"]) / whole))
    return found


def text(value: float | None, decimals: int = SCORE_DECIMALS) -> str | None:
    """A number as the protocol writes it; what is not known is null."""
    known = None if value is None else number(value)
    if known is None:
        return None
    written = f"{known:.{decimals}f}"
    return written.removeprefix("-") if float(written) == 0.0 else written


@dataclass(frozen=True, eq=False)
class Fit:
    """One leaf, calibrated over all nominations that share its judges.

    ``score``, ``noise``, ``raw``: f8[E], NaN without a scorecard; ``factor``: f8[E, F];
    ``split``: nominations in which groups of judges share no entry, with the anchors proposed.
    """

    leaf: Json
    calibration: Calibration | None
    method: str
    switch: str
    score: FloatArray
    raw: FloatArray
    count: IntArray
    noise: FloatArray
    factor: FloatArray
    ratings: Ratings | None
    findings: tuple[Finding, ...]
    split: dict[int, list[tuple[int, int]]]


@dataclass(frozen=True)
class Names:
    """Entries and judges in a fixed order, so that no order of rows can matter."""

    entries: tuple[str, ...]
    judges: tuple[str, ...]
    nominations: IntArray

    @classmethod
    def of(cls, inputs: Mapping[str, Any]) -> "Names":
        entries = sorted((str(name), int(nomination)) for name, nomination in inputs["entries"])
        judges = sorted({card[1] for cards in inputs["scorecards"].values() for card in cards})
        return cls(
            entries=tuple(name for name, _of in entries),
            judges=tuple(judges),
            nominations=np.array([of for _name, of in entries], dtype=np.int64),
        )


def ratings_of(names: Names, cards: Sequence[Sequence[Any]]) -> Ratings | None:
    """The totals of one leaf as arrays; None when nobody has scored."""
    if not cards:
        return None
    entry = {name: index for index, name in enumerate(names.entries)}
    judge = {name: index for index, name in enumerate(names.judges)}
    e = np.array([entry[card[0]] for card in cards], dtype=np.int64)
    j = np.array([judge[card[1]] for card in cards], dtype=np.int64)
    y = np.array([float(card[2]) for card in cards])
    # The order of addition is part of the last digit: rows go by entry, judge and score.
    order = np.lexsort((y, j, e))
    return Ratings(
        e[order], j[order], y[order], len(names.entries), len(names.judges), names.nominations
    )


def marks_of(names: Names, leaf: Mapping[str, Any], rows: Sequence[Sequence[Any]]) -> Marks:
    """The single marks of a leaf: [entry, judge, criterion, value]."""
    entry = {name: index for index, name in enumerate(names.entries)}
    judge = {name: index for index, name in enumerate(names.judges)}
    criterion = {one[0]: index for index, one in enumerate(leaf["criteria"])}
    return Marks(
        e=np.array([entry[row[0]] for row in rows], dtype=np.int64),
        j=np.array([judge[row[1]] for row in rows], dtype=np.int64),
        c=np.array([criterion[row[2]] for row in rows], dtype=np.int64),
        x=np.array([float(row[3]) for row in rows]),
        max_=np.array([float(one[1]) for one in leaf["criteria"]]),
        weight=np.array([float(one[2]) for one in leaf["criteria"]]),
    )


def fit_leaf(names: Names, leaf: Json, inputs: Mapping[str, Any]) -> Fit:
    """Calibrate the scores of one leaf; nominations that fall apart are set aside, with anchors."""
    size = len(names.entries)
    ratings = ratings_of(names, inputs["scorecards"].get(leaf["slug"], ()))
    empty = np.full(size, np.nan)
    if ratings is None:
        zero = np.zeros(size, dtype=np.int64)
        return Fit(
            leaf, None, leaf["method"], "nothing", empty, empty, zero, empty,
            np.zeros((size, 0)), None, (), {},
        )  # fmt: skip
    raw, count = ratings.raw_means(), ratings.entry_counts
    split = {} if leaf["method"] in ALONE else split_units(ratings)
    kept = ratings
    if split:
        kept = ratings.keep(~np.isin(names.nominations[ratings.e], list(split)))
    if kept.n == 0:
        return Fit(
            leaf, None, leaf["method"], "nothing", empty, raw, count, empty,
            np.zeros((size, 0)), ratings, (), split,
        )  # fmt: skip
    fit, switch, findings = calibrate_leaf(names, leaf, kept, inputs)
    score, noise, factor = fit.entry, fit.noise, fit.factor
    if leaf["method"] == BAYES:
        score, noise = bayes(kept, fit)
    return Fit(
        leaf, fit, leaf["method"] if leaf["method"] == BAYES else fit.method, switch,
        rounded(score, leaf["decimals"]), raw, count, noise, np.nan_to_num(factor), kept,
        findings, split,
    )  # fmt: skip


def calibrate_leaf(
    names: Names, leaf: Json, ratings: Ratings, inputs: Mapping[str, Any]
) -> tuple[Calibration, str, tuple[Finding, ...]]:
    """The fit of a leaf by its declared method, and the switch that chose it."""
    method = leaf["method"]
    if method == BAYES:
        return calibrate.mean(ratings), "programme", ()
    if method == STANDARD:
        fit, switch, findings = fitted(ratings, Rules(min_scores=leaf["quorum"]))
        return fit, switch, tuple(findings)
    marks = None
    if method == MFRM:
        rows = inputs.get("marks", {}).get(leaf["slug"], ())
        kept = set(zip(ratings.e.tolist(), ratings.j.tolist(), strict=True))
        marks = marks_of(names, leaf, rows)
        inside = np.array(
            [pair in kept for pair in zip(marks.e.tolist(), marks.j.tolist(), strict=True)],
            dtype=bool,
        )
        marks = Marks(
            marks.e[inside], marks.j[inside], marks.c[inside], marks.x[inside],
            marks.max_, marks.weight,
        )  # fmt: skip
    fit = calibrated(ratings, method, marks, 0.0, 100.0)
    return fit, "programme", fit.warnings


def split_units(ratings: Ratings) -> dict[int, list[tuple[int, int]]]:
    """Nominations whose judges form groups that share no entry, each with anchors proposed."""
    labels, _judges = components(ratings.e, ratings.j, ratings.n_entries, ratings.n_judges)
    found: dict[int, list[tuple[int, int]]] = {}
    for unit in np.unique(ratings.units[labels >= 0]):
        inside = (labels >= 0) & (ratings.units == unit)
        if np.unique(labels[inside]).size > 1:
            found[int(unit)] = anchors(ratings, int(unit))
    return found


def anchors(ratings: Ratings, unit: int) -> list[tuple[int, int]]:
    """Which judges should also read which entries of a nomination, so that it can be ranked."""
    rows = ratings.units[ratings.e] == unit
    entries, e = np.unique(ratings.e[rows], return_inverse=True)
    judges, j = np.unique(ratings.j[rows], return_inverse=True)
    nobody = np.zeros((entries.size, judges.size), dtype=bool)
    found = suggest_anchors(e, j, entries.size, judges.size, nobody, ANCHORS)
    return [(int(entries[entry]), int(judges[judge])) for entry, judge in found]


def bayes(ratings: Ratings, fit: Calibration) -> tuple[FloatArray, FloatArray]:
    """The mean drawn to that of the nomination while scores are few, and what is left of its noise."""
    score, trust = np.full(ratings.n_entries, np.nan), np.zeros(ratings.n_entries)
    means, counts = ratings.raw_means(), ratings.entry_counts
    for unit in np.unique(ratings.units):
        own = (ratings.units == unit) & (counts > 0)
        if own.any():
            grand = float(ratings.y[ratings.units[ratings.e] == unit].mean())
            score[own] = combine.bayes_average(means[own], counts[own], grand)
            trust[own] = counts[own] / (counts[own] + 20.0)
    return score, np.asarray(fit.noise * trust**2)


def rounded(score: FloatArray, decimals: int | None) -> FloatArray:
    """Half up to so many decimals; to nine where none are named, so that no noise breaks a tie."""
    digits = 9 if decimals is None else decimals
    scale = 10.0**digits
    nudge = 0.5 if decimals is None else 0.5 + 1e-9 * scale
    return np.asarray(np.floor(score * scale + nudge) / scale)


@dataclass(frozen=True, eq=False)
class Blend:
    """The whole tree for the entries of one nomination.

    ``score``, ``raw``: f8[n]; ``weight``: f8[n, L], what each leaf's points weigh in each entry's score;
    ``parts``: f8[n, L] on the scale of the leaf.
    """

    score: FloatArray
    raw: FloatArray
    weight: FloatArray
    parts: FloatArray


def blend(tree: Json, fits: Sequence[Fit], rows: IntArray, missing: str) -> Blend:
    """Weigh the leaves of a nomination's entries, those that lack one by the stated rule."""
    at = {fit.leaf["slug"]: index for index, fit in enumerate(fits)}
    points = np.column_stack([fit.score[rows] for fit in fits])
    plain = np.column_stack([fit.raw[rows] for fit in fits])
    stretch = np.ones(points.shape)
    for index, fit in enumerate(fits):
        if fit.leaf["scale"] == STANDARDISED:
            points[:, index], slope = standardise(points[:, index])
            plain[:, index], _slope = standardise(plain[:, index])
            stretch[:, index] = slope
    present = np.isfinite(points)
    weight, filled = weights(tree, present, at, missing)

    def total(values: FloatArray) -> FloatArray:
        known = np.where(np.isfinite(values), values, 0.0)
        return np.where(filled, np.sum(weight * known, axis=1), np.nan)

    return Blend(total(points), total(plain), weight * stretch, points)


def standardise(values: FloatArray) -> tuple[FloatArray, float]:
    """50 for the mean and 10 for one standard deviation; 50 for all where all agree."""
    known = values[np.isfinite(values)]
    if known.size == 0:
        return values, 0.0
    sd = float(known.std())
    if sd <= 1e-12 * max(1.0, float(np.abs(known).max())):
        return np.where(np.isfinite(values), CENTRE, np.nan), 0.0
    return CENTRE + SPREAD * (values - float(known.mean())) / sd, SPREAD / sd


def weights(
    tree: Mapping[str, Any], present: BoolArray, at: Mapping[str, int], missing: str
) -> tuple[FloatArray, BoolArray]:
    """What every leaf weighs for every entry, f8[n, L], and whether the node has a value, b1[n]."""
    if "children" not in tree:
        found = np.zeros(present.shape)
        found[:, at[tree["slug"]]] = 1.0
        here: BoolArray = present[:, at[tree["slug"]]]
        there: BoolArray = np.ones(here.shape, dtype=bool) if missing == "zero" else here
        return found, there
    inner = [weights(child, present, at, missing) for child in tree["children"]]
    given = np.array([float(child["weight"]) for child in tree["children"]])
    known = np.column_stack([filled for _weight, filled in inner])
    if missing == "shared":
        use = given * known
        whole = use.sum(axis=1, keepdims=True)
        share = np.divide(use, whole, out=np.zeros_like(use), where=whole > 0)
        filled = known.any(axis=1)
    else:
        share = np.broadcast_to(given / given.sum(), known.shape)
        filled = known.all(axis=1)
    whole_weight = np.zeros(present.shape)
    for index, (weight, _filled) in enumerate(inner):
        whole_weight = whole_weight + share[:, [index]] * weight
    return whole_weight, np.asarray(filled, dtype=np.bool_)


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
    table = [
        {
            **row_of(mix, index, int(row), place, se, probs),
            "entry": names.entries[row],
            "proposed": index in chosen.chosen,
            "parts": {fit.leaf["slug"]: part_of(fit, int(row)) for fit in own},
        }
        for index, row in enumerate(rows)
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
        "leaves": [leaf_result(names, fit, rows) for fit in own],
        "findings": [
            {"leaf": fit.leaf["slug"], "code": one.code, "message": one.message}
            for fit in own
            for one in fit.findings
        ],
    }


def nominal(tree: Json, fits: Sequence[Fit]) -> FloatArray:
    """The stated weights in the order of the leaves."""
    said = nominal_weights(tree)
    return np.array([said[fit.leaf["slug"]] for fit in fits])


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
    factor = np.hstack(factors)
    factor = factor[:, np.any(factor != 0.0, axis=0)]
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


def row_of(  # noqa: PLR0917
    mix: Blend, index: int, row: int, place: IntArray, se: FloatArray, probs: RankProbs | None
) -> Json:
    """The place of one entry, its scores, and how sure they are."""
    ranked = int(place[index]) or None
    likely = probs if ranked and probs is not None and np.isfinite(probs.p_top[row]) else None
    p_top = None if likely is None else float(likely.p_top[row])
    return {
        "place": ranked,
        "score": text(float(mix.score[index])),
        "raw": text(float(mix.raw[index])),
        "se": text(float(se[row])),
        "lo": None if likely is None else int(likely.lo[row]),
        "hi": None if likely is None else int(likely.hi[row]),
        "p_top": text(p_top, P_DECIMALS),
        "contested": p_top is not None and 0.2 < p_top < 0.8,
    }


def part_of(fit: Fit, row: int) -> Json:
    """What one leaf gave an entry: ``score = mean - leniency`` unless the method says otherwise."""
    count = int(fit.count[row])
    leniency = None
    if fit.calibration is not None and fit.ratings is not None and count:
        own = fit.ratings.e == row
        if own.any():
            leniency = float(fit.calibration.leniency[fit.ratings.j[own]].mean())
    return {
        "mean": text(float(fit.raw[row])),
        "count": count,
        "quorum": fit.leaf["quorum"],
        "met": count >= fit.leaf["quorum"] and count > 0,
        "score": text(float(fit.score[row])),
        "leniency": text(leniency),
    }


def leaf_result(names: Names, fit: Fit, rows: IntArray) -> Json:
    """How a leaf was reckoned, and how strict the judges of this nomination are."""
    found: Json = {
        "leaf": fit.leaf["slug"],
        "method": fit.method,
        "switch": fit.switch,
        "scale": fit.leaf["scale"],
        "var_judge": None,
        "var_resid": None,
        "judges": [],
    }
    if fit.calibration is None or fit.ratings is None:
        return found
    cal = fit.calibration
    own = np.unique(fit.ratings.j[np.isin(fit.ratings.e, rows)])
    found["var_judge"], found["var_resid"] = text(cal.var_judge), text(cal.var_resid)
    found["judges"] = [
        {
            "judge": names.judges[judge],
            "n": int(fit.ratings.judge_counts[judge]),
            "leniency": text(float(cal.leniency[judge])),
            "se": text(float(cal.leniency_se[judge])),
        }
        for judge in own
    ]
    return found
