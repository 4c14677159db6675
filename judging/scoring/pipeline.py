"""``standard-v1``: the method of a contest, with its switches declared beforehand.

The switches look at the plan of the judging and at the shape of the marks, never
at who would win. In this order:

1. entries of one ranking unit in more than one connected piece: stop;
2. all entries scored by the same judges, or fewer than three judges: plain mean;
3. more than 20 % of the marks at one end of the scale: many-facet Rasch model, where it has an
   answer; else a warning;
4. no severity found: plain mean;
5. strict judges got systematically better entries (p < .01), and every judge has
   15 scores: additive least squares;
6. otherwise judges-EB.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from judging.scoring import calibrate, mfrm, qc, select, uncertainty
from judging.scoring.design import LinkQuality, components, link_quality
from judging.scoring.mixed import mixed
from judging.scoring.types import (
    BoolArray,
    Calibration,
    DisconnectedError,
    Finding,
    FloatArray,
    IntArray,
    Marks,
    RankProbs,
    Ratings,
    ScoringError,
    floats,
    tally,
)

STANDARD = "standard"
ENOUGH_FOR_ADDITIVE = 15
FEWEST_JUDGES = 3
_WHOLE = 1e-9


def _olympic(ratings: Ratings) -> Calibration:
    return calibrate.trimmed(ratings, min_scores=5, method="olympic")


METHODS: dict[str, Callable[[Ratings], Calibration]] = {
    "judges_eb": calibrate.judges_eb,
    "mean": calibrate.mean,
    "olympic": _olympic,
    "additive": calibrate.additive,
    "robust": calibrate.robust,
    "mixed": mixed,
}


@dataclass(frozen=True, eq=False)
class Standing:
    """What a run of the pipeline says.

    ``switch`` names the rule that chose the method; ``rank``: int64[E] inside each
    ranking unit, 0 without scores; ``probs`` is None when no entry has two scores;
    ``contested``: entries with .2 < P(top k) < .8; ``short``: entries below the
    minimum of scores.
    """

    calibration: Calibration
    method: str
    switch: str
    rank: IntArray
    probs: RankProbs | None
    contested: tuple[int, ...]
    short: tuple[int, ...]
    link: LinkQuality
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Rules:
    """What a programme declares, and has hashed, before the first score is visible.

    ``method``: ``standard`` (the switches) or a programme's own choice; ``low``,
    ``high``: ends of the scale of the scores; ``min_scores`` an entry needs;
    ``draws`` and ``seed`` of the places' probabilities.
    """

    method: str = STANDARD
    low: float = 0.0
    high: float = 100.0
    min_scores: int = 3
    draws: int = 2000
    seed: int = 0


DEFAULT_RULES = Rules()


def standard_v1(
    ratings: Ratings,
    k: int,
    *,
    rules: Rules = DEFAULT_RULES,
    marks: Marks | None = None,
    tie_keys: Sequence[select.TieKey] = (),
) -> Standing:
    """Check, calibrate, rank, and say how sure the line of k places is.

    ``rules``: what was declared; ``marks``: the single marks, without which the
    Rasch switch can only warn; ``tie_keys``: as in ``select``, in the declared
    order. Nothing is removed: findings go to a person.

    Raises DisconnectedError (switch 1) and ScoringError (no scores, unknown method).
    """
    fit, switch, findings = fitted(ratings, rules, marks)
    probs = None
    if np.isfinite(fit.var_resid):
        probs = uncertainty.ranks(fit, k, draws=rules.draws, seed=rules.seed)
    contested: tuple[int, ...] = ()
    if probs is not None:
        doubtful = (probs.p_top > 0.2) & (probs.p_top < 0.8)
        contested = tuple(int(entry) for entry in np.flatnonzero(doubtful))
    short = np.flatnonzero(ratings.entry_counts < rules.min_scores)
    return Standing(
        calibration=fit,
        method=fit.method,
        switch=switch,
        rank=select.rank(fit.entry, tie_keys, ratings.units),
        probs=probs,
        contested=contested,
        short=tuple(int(entry) for entry in short),
        link=link_quality(ratings.e, ratings.j, ratings.n_entries, ratings.n_judges),
        findings=tuple(findings),
    )


def fitted(
    ratings: Ratings, rules: Rules, marks: Marks | None = None
) -> tuple[Calibration, str, list[Finding]]:
    """Check and calibrate: the fit, the rule that chose its method, and the findings.

    Raises what ``standard_v1`` raises.
    """
    if ratings.n == 0:
        raise ScoringError("there are no scores")
    # An appeal adds evidence on its entry; the plan of the judging is that of the first scores.
    findings = list(_data_findings(ratings, rules.min_scores))
    refuse_disconnected(ratings.first)
    if rules.method == STANDARD:
        fit, switch, more = _switched(ratings, marks, rules.low, rules.high)
        findings += more
    else:
        fit = calibrated(ratings, rules.method, marks, rules.low, rules.high)
        switch = "programme"
    return fit, switch, [*findings, *fit.warnings]


def _switched(
    ratings: Ratings, marks: Marks | None, low: float, high: float
) -> tuple[Calibration, str, list[Finding]]:
    """The fit, the rule that chose it, and what else was noticed."""
    findings: list[Finding] = []
    first = ratings.first
    if _complete(first):
        fit = calibrate.judges_eb(ratings)
        return replace(fit, entry=ratings.raw_means(), method="mean"), "complete", findings
    if np.count_nonzero(first.judge_counts) < FEWEST_JUDGES:
        return calibrate.mean(ratings), "few-judges", findings
    if _crowded(first, marks, low, high):
        if marks is not None and whole_categories(marks):
            try:
                return rasch(ratings, marks, low, high), "ceiling", findings
            except ScoringError as error:
                findings.append(Finding("no-rasch", f"The Rasch model has no answer: {error}."))
        text = "More than 20 % of the marks stand at one end of the scale; a linear method loses."
        findings.append(Finding("ceiling", text))
    fit = calibrate.judges_eb(ratings)
    if fit.var_judge == 0.0:
        return replace(fit, method="mean"), "no-severity", findings
    r, p = qc.confounding(first)
    if p < qc.CONFOUNDED_P:
        least = int(first.judge_counts[first.judge_counts > 0].min())
        pieces = components(first.e, first.j, first.n_entries, first.n_judges)[0]
        if int(pieces.max()) == 0 and least >= ENOUGH_FOR_ADDITIVE:
            return calibrate.additive(ratings), "confounded", findings
        text = f"Strictness and quality of the entries go together (r = {r:.2f}); add anchors."
        findings.append(Finding("confounded", text))
    return fit, "default", findings


def refuse_disconnected(ratings: Ratings) -> None:
    """Raise DisconnectedError when a ranking unit lies in more than one piece."""
    labels, _ = components(ratings.e, ratings.j, ratings.n_entries, ratings.n_judges)
    scored = labels >= 0
    split = [
        int(unit)
        for unit in np.unique(ratings.units[scored])
        if np.unique(labels[scored & (ratings.units == unit)]).size > 1
    ]
    if split:
        raise DisconnectedError(
            "Some entries that compete with one another were read by groups of judges who "
            "share no entry. Add anchor entries read by both, or rank each panel apart.",
            tuple(split),
        )


def calibrated(
    ratings: Ratings, method: str, marks: Marks | None, low: float, high: float
) -> Calibration:
    """Scores by a named method: one of METHODS, or ``mfrm`` with whole marks."""
    if method == "mfrm":
        if marks is None:
            raise ScoringError("the many-facet Rasch model needs the single marks")
        return rasch(ratings, marks, low, high)
    if method not in METHODS:
        known = ", ".join([STANDARD, *METHODS, "mfrm"])
        raise ScoringError(f"there is no method {method}; choose one of {known}")
    return METHODS[method](ratings)


def rasch(ratings: Ratings, marks: Marks, low: float, high: float) -> Calibration:
    """The many-facet Rasch model told in the points of the scores.

    ``entry`` is the fair average (``mfrm.fair_score``) put on ``low``..``high``;
    ``leniency`` is the severity times the mean slope of that curve. Entries are
    shrunk, so the one-line arithmetic of the linear methods does not apply.

    Raises ScoringError unless all criteria share one scale of whole marks.
    """
    if not whole_categories(marks):
        raise ScoringError("the Rasch model needs whole marks on one scale for all criteria")
    first = _first(ratings, marks)
    values = np.unique(np.round(marks.x[first]))
    if values.size < 2:
        raise ScoringError("all marks are equal: there is nothing to model")
    # What nobody gave in the round has no threshold: it counts as the nearest mark that was given.
    category = np.abs(np.round(marks.x)[:, None] - values).argmin(axis=1)
    used = np.unique(marks.c[first])
    criterion = np.searchsorted(used, marks.c)
    fit = mfrm.fit_mml(
        marks.e[first], marks.j[first], criterion[first], category[first], values.size
    )
    if not first.all():
        rows = np.isin(marks.c, used)
        e, j = marks.e[rows], marks.j[rows]
        fit = mfrm.with_more(fit, e, j, criterion[rows], category[rows], values.size)
    best = float(marks.max_[0])
    points = low + (high - low) * values / best
    score, error = mfrm.fair_score(fit, marks.weight[used], points)
    entry, se = _padded(score, ratings.n_entries), _padded(error, ratings.n_entries)
    sd = _padded(fit.entry_sd, ratings.n_entries)
    slope = float(np.nanmean(se / sd))
    leniency = _padded(-fit.severity * slope, ratings.n_judges)
    residual = ratings.y - entry[ratings.e] - leniency[ratings.j]
    counts = tally(ratings.e, ratings.n_entries)
    unsettled = Finding("not-converged", "The Rasch model did not settle.")
    return Calibration(
        entry=entry,
        se=se,
        leniency=leniency,
        leniency_se=_padded(fit.severity_se * slope, ratings.n_judges),
        var_judge=float(np.nanvar(leniency)),
        var_resid=float(np.mean(residual**2)),
        method="mfrm",
        ratings=ratings,
        weights=np.ones(ratings.n),
        hat=lambda: 1.0 / counts[ratings.e],
        noise=se**2,
        factor=np.zeros((ratings.n_entries, 0)),
        warnings=() if fit.converged else (unsettled,),
        var_entry=(fit.sd_entry * slope) ** 2,
        shrunk=True,
    )


def _first(ratings: Ratings, marks: Marks) -> BoolArray:
    """Which marks are not of a scorecard that an appeal asked for, b1[n]."""
    first = ratings.first
    return np.isin(marks.e * ratings.n_judges + marks.j, first.e * ratings.n_judges + first.j)


def _padded(values: FloatArray, size: int) -> FloatArray:
    full = np.full(size, np.nan)
    full[: values.size] = values
    return full


def whole_categories(marks: Marks) -> bool:
    """Whether all criteria share one scale of whole marks from 0."""
    same = bool(np.all(marks.max_ == marks.max_[0]))
    whole = bool(np.all(np.abs(marks.x - np.round(marks.x)) < _WHOLE))
    return same and whole and bool((marks.x >= 0).all())


def _complete(ratings: Ratings) -> bool:
    """Whether every scored entry has one score of every judge who scored."""
    scored = np.count_nonzero(ratings.entry_counts)
    active = np.count_nonzero(ratings.judge_counts)
    cells = np.unique(ratings.e * ratings.n_judges + ratings.j).size
    return bool(cells == ratings.n == scored * active)


def _crowded(ratings: Ratings, marks: Marks | None, low: float, high: float) -> bool:
    """More than a fifth of the marks at the best, or at the worst, end."""
    if marks is not None and marks.x.size:
        bottom: BoolArray = marks.x <= 0
        top: BoolArray = marks.x >= marks.max_[marks.c]
    else:
        bottom, top = ratings.y <= low, ratings.y >= high
    return bool(max(bottom.mean(), top.mean()) > qc.CEILING)


def _data_findings(ratings: Ratings, min_scores: int) -> tuple[Finding, ...]:
    found = []
    counts = ratings.entry_counts
    short = np.flatnonzero(counts < min_scores)
    if short.size:
        text = f"{short.size} entries have fewer than {min_scores} scores."
        found.append(Finding("short", text, tuple(int(entry) for entry in short)))
    cell, times = np.unique(ratings.e * ratings.n_judges + ratings.j, return_counts=True)
    if (times > 1).any():
        twice = np.unique(cell[times > 1] // ratings.n_judges)
        text = "A judge scored an entry more than once."
        found.append(Finding("duplicate", text, tuple(int(entry) for entry in twice)))
    if ratings.n_judges and counts.size and floats(counts).max() > 2 * max(1, int(counts.min())):
        found.append(Finding("uneven", "Some entries have more than twice the scores of others."))
    return tuple(found)
