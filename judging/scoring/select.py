"""Who gets in: places, ties and quotas by a rule that was fixed beforehand."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np

from judging.scoring.types import TIE, BoolArray, FloatArray, IntArray, Ratings, ScoringError

Mode = Literal["review", "shrink", "draw"]

# A tie key is one number per entry (more is better), or a function that gives the
# tied entries theirs (head to head depends on who is tied).
TieKey = FloatArray | Callable[[IntArray], FloatArray]


@dataclass(frozen=True)
class Selection:
    """Who is in, who stands tied on the line, and why.

    ``reason``: ``clear`` (no tie on the line), ``tie-key`` (a key decided),
    ``review`` (the tied need another look; none of them is chosen), ``shrunk``
    (all tied left out) or ``drawn`` (by the public seed).
    """

    chosen: tuple[int, ...]
    boundary: tuple[int, ...]
    reason: str


def levels(score: FloatArray) -> IntArray:
    """Number of better levels for each score: equal scores share a level.

    Scores nearer than 1e-9 are equal, so float noise breaks no true tie. NaN
    (no score) gives -1.
    """
    result = np.full(score.size, -1, dtype=np.int64)
    known = np.flatnonzero(np.isfinite(score))
    if known.size == 0:
        return result
    order = known[np.argsort(-score[known], kind="stable")]
    sorted_score = score[order]
    result[order] = np.concatenate([[0], np.cumsum(sorted_score[:-1] - sorted_score[1:] > TIE)])
    return result


def _tied_groups(score: FloatArray, tie_keys: Sequence[TieKey]) -> list[IntArray]:
    """Entries from best to worst, in groups that no key can part."""
    level = levels(score)
    order = np.argsort(level, kind="stable")[np.count_nonzero(level < 0) :]
    cuts = [0, *(np.flatnonzero(np.diff(level[order])) + 1).tolist(), order.size]
    groups = [order[start:end] for start, end in pairwise(cuts)] if order.size else []
    for key in tie_keys:
        parted: list[IntArray] = []
        for group in groups:
            if group.size == 1:
                parted.append(group)
                continue
            value = key(group) if callable(key) else key[group]
            # An entry for which a key has no value stands behind those that have one.
            inner = levels(np.where(np.isfinite(value), value, -1e300))
            parted += [group[inner == k] for k in range(int(inner.max()) + 1)]
        groups = parted
    return groups


def rank(
    score: FloatArray, tie_keys: Sequence[TieKey] = (), group: IntArray | None = None
) -> IntArray:
    """Competition ranks (1, 2, 2, 4) inside each ranking unit; 0 without a score."""
    result = np.zeros(score.size, dtype=np.int64)
    units = np.zeros(score.size, dtype=np.int64) if group is None else group
    for unit in np.unique(units):
        place = 1
        inside = np.where(units == unit, score, np.nan)
        for tied in _tied_groups(inside, tie_keys):
            result[tied] = place
            place += tied.size
    return result


def reaching(score: FloatArray, least: str | float | None) -> FloatArray:
    """The scores that reach the least one, NaN for those that do not; None lets all through.

    ``score``: f8[E], in the points of ``least``. Scores nearer than 1e-9 are equal here as well.
    """
    if least is None:
        return score
    return np.where(score >= float(least) - TIE, score, np.nan)


def quota(  # noqa: PLR0917
    score: FloatArray,
    k: int,
    mode: Mode = "review",
    tie_keys: Sequence[TieKey] = (),
    seed: str = "",
    ids: Sequence[str] | None = None,
) -> Selection:
    """At most k entries, never more; a tied group on the line is never split silently.

    ``score``: f8[E], NaN = not eligible. ``tie_keys`` part equal scores, in order.
    What stays tied across the line goes by ``mode``: ``review`` (default) asks for
    another round, ``shrink`` leaves the group out, ``draw`` takes the lowest
    SHA-256 of ``seed|id``, the seed having been published before.

    Raises ScoringError for a negative k, or a draw without a seed.
    """
    if k < 0:
        raise ScoringError("a quota cannot be negative")
    if mode == "draw" and not seed:
        raise ScoringError("a draw needs the seed that was published beforehand")
    chosen: list[int] = []
    for group in _tied_groups(score, tie_keys):
        members = [int(entry) for entry in group]
        if len(chosen) + len(members) <= k:
            chosen += members
            continue
        room = k - len(chosen)
        if room == 0:
            return Selection(tuple(chosen), (), _clear(score, chosen, k))
        if mode == "review":
            return Selection(tuple(chosen), tuple(members), "review")
        if mode == "shrink":
            return Selection(tuple(chosen), tuple(members), "shrunk")
        drawn = draw_order(members, seed, ids)[:room]
        return Selection(tuple(chosen + drawn), tuple(members), "drawn")
    return Selection(tuple(chosen), (), "clear")


def _clear(score: FloatArray, chosen: Sequence[int], k: int) -> str:
    """Whether a key had to decide between the last one in and the first one out."""
    if k == 0 or not chosen:
        return "clear"
    level = levels(score)
    last = level[chosen[-1]]
    return (
        "tie-key"
        if np.count_nonzero(level == last) > sum(level[entry] == last for entry in chosen)
        else "clear"
    )


def draw_order(entries: Sequence[int], seed: str, ids: Sequence[str] | None = None) -> list[int]:
    """Entries by the SHA-256 of ``seed|id``: anyone can repeat the draw."""

    def ticket(entry: int) -> str:
        name = str(entry) if ids is None else ids[entry]
        return hashlib.sha256(f"{seed}|{name}".encode()).hexdigest()

    return sorted(entries, key=ticket)


def head_to_head(ratings: Ratings) -> Callable[[IntArray], FloatArray]:
    """A tie key: the share of judges who saw both and preferred this one.

    For tied entries: the mean, over opponents with a common judge, of (judges
    preferring it + half of the undecided) / common judges; 0.5 without any.
    """

    def key(tied: IntArray) -> FloatArray:
        table = np.full((tied.size, ratings.n_judges), np.nan)
        for row, entry in enumerate(tied):
            own = ratings.e == entry
            table[row, ratings.j[own]] = ratings.y[own]
        value = np.full(tied.size, 0.5)
        for row in range(tied.size):
            gap = table[row] - np.delete(table, row, axis=0)
            common = np.isfinite(gap)
            met = common.any(axis=1)
            if met.any():
                wins = np.sum(gap > TIE, axis=1) + 0.5 * np.sum(np.abs(gap) <= TIE, axis=1)
                value[row] = float(np.mean(wins[met] / common[met].sum(axis=1)))
        return value

    return key


def cutoff(score: FloatArray, p_top: FloatArray, k: int) -> tuple[bool, BoolArray]:
    """Whether the line is clear, and which entries are contested (.2 < P(top k) < .8).

    Clear: the k-th has P >= .8 and the (k+1)-th P <= .2.
    """
    contested = (p_top > 0.2) & (p_top < 0.8)
    order = np.argsort(-np.where(np.isfinite(score), score, -np.inf), kind="stable")
    order = order[np.isfinite(score[order])]
    if order.size <= k:
        return True, contested
    return bool(p_top[order[k - 1]] >= 0.8 and p_top[order[k]] <= 0.2), contested
