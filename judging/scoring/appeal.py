"""An appeal adds evidence; it does not replace any."""

import numpy as np

from judging.scoring.types import Ratings, ScoringError

MIN_JUDGES = 2


def pool(ratings: Ratings, new: Ratings) -> Ratings:
    """The old scores and the new independent ones, all counted alike.

    Pooling found more of the true winners than replacing (0.660 against 0.648 of
    the top 10 in simulation) or keeping the better result. ``new`` uses the same
    numbers of entries; it may know more judges. The result may go down.

    Raises ScoringError when a new judge had scored the entry before, scores it
    twice, or an appealed entry got fewer than two new scores.
    """
    if new.n_entries != ratings.n_entries or new.n_judges < ratings.n_judges:
        raise ScoringError("the appeal must use the entries and judges of the first scoring")
    width = new.n_judges
    before, after = ratings.e * width + ratings.j, new.e * width + new.j
    again = np.flatnonzero(np.isin(after, before))
    if again.size:
        row = int(again[0])
        raise ScoringError(f"judge {new.j[row]} had already scored entry {new.e[row]}")
    if np.unique(after).size != after.size:
        raise ScoringError("a judge scored an appealed entry twice")
    thin = np.flatnonzero((new.entry_counts > 0) & (new.entry_counts < MIN_JUDGES))
    if thin.size:
        raise ScoringError(f"entry {int(thin[0])} needs two independent new scores")
    return Ratings(
        np.concatenate([ratings.e, new.e]),
        np.concatenate([ratings.j, new.j]),
        np.concatenate([ratings.y, new.y]),
        ratings.n_entries,
        width,
        ratings.group,
    )
