"""Points of 100 from other ways of judging: a word, a place in a list, points, pairs.

``docs/judging-maths.md`` says why, with the sources.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from judging.scoring.types import FloatArray, ScoringError

WORDS = {"yes": 100.0, "maybe": 50.0, "no": 0.0}
ALONE = 50.0
PRIOR_SD = 1.0
STEPS = 100
TOLERANCE = 1e-10


class Pair(NamedTuple):
    """One comparison: ``share`` is 1 when the first is better, 0 when the second is, 0.5 when equal."""

    first: int
    second: int
    share: float


def word_points(word: str) -> float:
    """Points of a screening: yes 100, maybe 50, no 0."""
    if word not in WORDS:
        raise ScoringError(f"a screening knows no {word!r}")
    return WORDS[word]


def places(order: Sequence[bool]) -> FloatArray:
    """The places of a list; True where an entry equals the one above it.

    Entries that are equal share the middle of their places: 1, 2.5, 2.5, 4. The first equals nobody.
    """
    groups: list[int] = []
    for at, equal in enumerate(order):
        if at and equal:
            groups[-1] += 1
        else:
            groups.append(1)
    found: list[float] = []
    for size in groups:
        found += [len(found) + (size + 1) / 2] * size
    return np.asarray(found, dtype=np.float64)


def place_points(place: float, of: int) -> float:
    """Borda count as a share: ``100 (n - place) / (n - 1)``.

    The share of the other entries of the list that stand below, so the mean of a list is 50. An
    entry that is alone beats nobody and is beaten by nobody: it gets that mean.
    """
    if of < 1 or not 1 <= place <= of:
        raise ScoringError("a place is between 1 and the length of the list")
    return ALONE if of == 1 else 100.0 * (of - place) / (of - 1)


def budget_points(points: int, most: int) -> float:
    """Points of a budget: ``100 points / most``, of the most one entry may have."""
    if most < 1 or not 0 <= points <= most:
        raise ScoringError("points are between 0 and the most one entry may have")
    return 100.0 * points / most


def spendable(budget: int, most: int, entries: int) -> int:
    """How many points a judge can give: the budget, or less where the list is too short for it."""
    return min(budget, most * entries)


def strengths(entries: int, pairs: Sequence[Pair], *, prior_sd: float = PRIOR_SD) -> FloatArray:
    """Strengths in logits of a regularised Bradley-Terry model, with mean 0.

    P(i beats j) = 1 / (1 + exp(b_j - b_i)); an equal pair counts as half a win for each. The
    estimate is the highest posterior under independent normal priors (mean 0, ``prior_sd``), which
    exists and is unique whatever was compared, also where an entry won everything. Newton's method
    on a strictly concave function, so the start does not matter.
    """
    if entries < 1 or not prior_sd > 0:
        raise ScoringError("at least one entry and a positive spread are needed")
    for pair in pairs:
        if pair.first == pair.second or not (
            0 <= pair.first < entries and 0 <= pair.second < entries
        ):
            raise ScoringError("a pair is of two entries of the list")
        if not 0.0 <= pair.share <= 1.0:
            raise ScoringError("the share of a win lies in 0..1")
    wins, met = np.zeros(entries), np.zeros((entries, entries))
    for first, second, share in pairs:
        wins[first] += share
        wins[second] += 1.0 - share
        met[first, second] += 1.0
        met[second, first] += 1.0
    held = 1.0 / prior_sd**2
    found = np.zeros(entries)
    value = posterior(found, wins, met, held)
    for _step in range(STEPS):
        chance = chances(found)
        slope = wins - (met * chance).sum(axis=1) - held * found
        if np.abs(slope).max() < TOLERANCE:
            break
        weight = met * chance * chance.T
        curve = np.diag(weight.sum(axis=1) + held) - weight
        move = np.linalg.solve(curve, slope)
        size = 1.0
        while size > 1e-9:
            tried = found + size * move
            reached = posterior(tried, wins, met, held)
            if reached >= value:
                found, value = tried, reached
                break
            size /= 2.0
        else:
            break
    return np.asarray(found - found.mean(), dtype=np.float64)


def posterior(at: FloatArray, wins: FloatArray, met: FloatArray, held: float) -> float:
    """The logarithm of the posterior, but for a constant."""
    either = np.logaddexp(at[:, None], at[None, :])
    return float(wins @ at - (np.triu(met, 1) * either).sum() - held * (at @ at) / 2.0)


def chances(strength: FloatArray) -> FloatArray:
    """P(i beats j) for every two entries, f8[E, E]."""
    gap = strength[:, None] - strength[None, :]
    return np.asarray(np.exp(-np.logaddexp(0.0, -gap)), dtype=np.float64)


def pair_points(entries: int, pairs: Sequence[Pair], *, prior_sd: float = PRIOR_SD) -> FloatArray:
    """Points of 100: the mean chance, in percent, of being better than each other entry.

    The mean over a list is 50, as of places. An entry that is alone gets 50.
    """
    if entries == 1:
        return np.array([ALONE])
    chance = chances(strengths(entries, pairs, prior_sd=prior_sd))
    np.fill_diagonal(chance, 0.0)
    return np.asarray(100.0 * chance.sum(axis=1) / (entries - 1), dtype=np.float64)


def pooled_points(
    entries: int, by_judge: Mapping[int, Sequence[Pair]], *, prior_sd: float = PRIOR_SD
) -> FloatArray:
    """The same over the comparisons of all judges, as if one had made them.

    A judge who compared more weighs more; comparisons join lists that share entries.
    """
    together = [pair for judge in sorted(by_judge) for pair in by_judge[judge]]
    return pair_points(entries, together, prior_sd=prior_sd)


MOST_AHEAD = 2
"""How often more an entry may stand first than second, or the other way round, as long as a pair allows it."""


def target(entries: int, each: int) -> int:
    """How many comparisons a judge makes: ``each`` per entry on average, never the same pair twice.

    At least as many as join all entries to one another.
    """
    every = entries * (entries - 1) // 2
    return min(every, max(entries - 1, -(-entries * each // 2)))


def next_pair(entries: int, pairs: Sequence[Pair]) -> tuple[int, int] | None:
    """The pair to show next, in the order to show it; None when every pair was compared.

    First what joins entries that nothing joins yet, then the entries seen least, then the closest
    strengths, where an answer says most. No pair is shown that puts an entry first, or second, more than
    two times oftener than the other way, while there is another pair: a list that is compared to the
    end may run out of those.
    """
    known = {frozenset((pair.first, pair.second)) for pair in pairs}
    groups = components(entries, pairs)
    seen, ahead = [0] * entries, [0] * entries
    for first, second, _share in pairs:
        seen[first] += 1
        seen[second] += 1
        ahead[first] += 1
        ahead[second] -= 1
    strength = strengths(entries, pairs)
    left = [
        (
            leaning(ahead[one], ahead[two]) > MOST_AHEAD,
            groups[one] == groups[two],
            seen[one] + seen[two],
            max(seen[one], seen[two]),
            leaning(ahead[one], ahead[two]),
            round(abs(float(strength[one] - strength[two])), 9),
            one,
            two,
        )
        for one in range(entries)
        for two in range(one + 1, entries)
        if frozenset((one, two)) not in known
    ]
    if not left:
        return None
    *_order, one, two = min(left)
    return (two, one) if ahead[one] > ahead[two] else (one, two)


def leaning(one: int, two: int) -> int:
    """How often more than second the first one stands, or the other way round, once both were shown."""
    return max(abs(max(one, two) - 1), abs(min(one, two) + 1))


def components(entries: int, pairs: Sequence[Pair]) -> list[int]:
    """Which entries comparisons join, by the least of each group."""
    group = list(range(entries))
    for first, second, _share in pairs:
        keep, drop = sorted((group[first], group[second]))
        group = [keep if one == drop else one for one in group]
    return group
