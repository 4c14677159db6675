"""Extra reviews where they help most: at the cut-off."""

import numpy as np

from judging.scoring.types import BoolArray, FloatArray, IntArray, ScoringError


def next_reviews(  # noqa: PLR0917
    p_top: FloatArray, load: IntArray, seen: BoolArray, conflicts: BoolArray, n: int, cap: int
) -> list[tuple[int, int]]:
    """The next n reviews, (entry, judge), to the most doubtful entries.

    Entries by ``p (1 - p)``, one review each per pass; the judge is the one with
    the least to do who has not seen the entry and has no conflict. Give them in
    small batches and compute ``p_top`` again in between.

    ``p_top``: f8[E]; ``load``: int64[J] reviews so far; ``seen``, ``conflicts``:
    b1[E, J]; ``cap``: reviews a judge may have in the end. Entries that are
    certain (p of 0 or 1) or unscored get none, and nothing is proposed that no
    judge can take. Raises ScoringError for tables of different shapes.
    """
    if seen.shape != conflicts.shape or seen.shape != (p_top.size, load.size):
        raise ScoringError("seen and conflicts must be tables of entries by judges")
    free = ~(seen | conflicts)
    work = load.astype(np.int64).copy()
    doubt = np.where(np.isfinite(p_top), p_top * (1.0 - p_top), 0.0)
    order = [int(entry) for entry in np.argsort(-doubt, kind="stable") if doubt[entry] > 0]
    chosen: list[tuple[int, int]] = []
    while order and len(chosen) < n:
        still = []
        for entry in order:
            if len(chosen) == n:
                break
            judges = np.flatnonzero(free[entry] & (work < cap))
            if judges.size == 0:
                continue
            judge = int(judges[np.argmin(work[judges])])
            free[entry, judge] = False
            work[judge] += 1
            chosen.append((entry, judge))
            still.append(entry)
        order = still
    return chosen
