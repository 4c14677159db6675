"""Can these judges be compared at all? Checked before the first score is given.

The plan of a jury is a graph: an entry joins the judges who read it. In two
pieces, no formula can tell a strict panel from a weak track; loosely tied, only
with a large error. MacKay et al. 2017 ("Calibration with confidence"), Linacre's
judging plans, and Godolphin 2004 on connectivity say the same of designs.
"""

from dataclasses import dataclass
from typing import cast

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from judging.scoring.types import BoolArray, FloatArray, IntArray, ScoringError, floats

# A plan is sound when the mean variance of a difference of two judges, in units
# of the noise of one score, is at most this.
SOUND_VARIANCE = 0.35
_PAIRS_SHOWN = 10
# How firmly unlinked judges are held together while anchors are chosen.
_TETHER = 1e-4


@dataclass(frozen=True)
class LinkQuality:
    """How well a plan ties its judges together.

    ``lambda2``: algebraic connectivity of the judges' graph (0 in two pieces);
    ``mean_var_judge_diff``: mean variance of the difference of two judges over
    the variance of one score (inf in two pieces); ``weakest_pairs``: judges
    hardest to compare, (judge, judge, variance), worst first.
    """

    n_components: int
    lambda2: float
    mean_var_judge_diff: float
    weakest_pairs: tuple[tuple[int, int, float], ...]

    @property
    def sound(self) -> bool:
        """One piece, and judges comparable within the gate."""
        return self.n_components <= 1 and self.mean_var_judge_diff <= SOUND_VARIANCE


def components(e: IntArray, j: IntArray, n_e: int, n_j: int) -> tuple[IntArray, IntArray]:
    """Number the connected pieces of the judge-entry graph.

    ``e``, ``j``: int64[n]. Returns int64[E] and int64[J]; pieces are numbered
    from 0 by their first entry, and -1 marks an entry or judge without a score.
    """
    entry_label = np.full(n_e, -1, dtype=np.int64)
    judge_label = np.full(n_j, -1, dtype=np.int64)
    if e.size == 0:
        return entry_label, judge_label
    graph = coo_array((np.ones(e.size), (e, n_e + j)), shape=(n_e + n_j, n_e + n_j))
    found = connected_components(graph, directed=False)
    labels = cast("IntArray", found[1])
    seen = np.unique(e)
    used, first = np.unique(labels[seen], return_index=True)
    number = {int(label): rank for rank, label in enumerate(used[np.argsort(first)])}
    entry_label[seen] = [number[int(label)] for label in labels[seen]]
    present = np.unique(j)
    judge_label[present] = [number[int(label)] for label in labels[n_e + present]]
    return entry_label, judge_label


def laplacian(e: IntArray, j: IntArray, n_e: int, n_j: int) -> tuple[FloatArray, FloatArray]:
    """``S = Z'(I - P_E)Z`` (f8[J, J]) and each judge's share in each entry (f8[E, J])."""
    table = np.bincount(e * n_j + j, minlength=n_e * n_j).reshape(n_e, n_j).astype(np.float64)
    counts = np.maximum(table.sum(axis=1, keepdims=True), 1.0)
    share = table / counts
    matrix = np.diag(table.sum(axis=0)) - share.T @ table
    return (matrix + matrix.T) / 2.0, share


def link_quality(e: IntArray, j: IntArray, n_e: int, n_j: int) -> LinkQuality:
    """Connectivity of a plan: pieces, ``lambda2``, mean Var(judge difference)/s2.

    The mean over pairs is ``2 mean(1/l)`` over the positive eigenvalues of S.
    Judges without a score do not count.
    """
    judges, compact = np.unique(j, return_inverse=True)
    size = judges.size
    labels, judge_labels = components(e, compact, n_e, size)
    pieces = int(labels.max(initial=-1)) + 1
    if size < 2:
        return LinkQuality(pieces, 0.0, 0.0, ())
    matrix, _ = laplacian(e, compact, n_e, size)
    values, vectors = np.linalg.eigh(matrix)
    positive = values[pieces:]
    inverse = (vectors[:, pieces:] / positive) @ vectors[:, pieces:].T
    diagonal = np.diag(inverse)
    variance = diagonal[:, None] + diagonal[None, :] - 2.0 * inverse
    variance[judge_labels[:, None] != judge_labels[None, :]] = np.inf
    left, right = np.triu_indices(size, k=1)
    pairs = variance[left, right]
    # Rounded, so that float noise does not decide which of two equal pairs is named first.
    worst = np.lexsort((right, left, -np.round(pairs, 9)))[:_PAIRS_SHOWN]
    return LinkQuality(
        n_components=pieces,
        lambda2=float(values[1]) if pieces == 1 else 0.0,
        mean_var_judge_diff=float(2.0 * np.mean(1.0 / positive)) if pieces == 1 else float("inf"),
        weakest_pairs=tuple(
            (int(judges[left[p]]), int(judges[right[p]]), float(pairs[p])) for p in worst
        ),
    )


def mean_variance(e: IntArray, j: IntArray, n_e: int, n_j: int) -> float:
    """``mean_var_judge_diff`` of a plan in one piece, without eigenvectors: quick for large juries.

    S and the constant vector share no direction, so the trace of ``(S + 11'/J)^-1`` is the sum of
    the reciprocals of the positive eigenvalues, and 1.
    """
    judges, compact = np.unique(j, return_inverse=True)
    size = judges.size
    if size < 2:
        return 0.0
    matrix, _ = laplacian(e, compact, n_e, size)
    inverse = np.linalg.inv(matrix + 1.0 / size)
    return float(2.0 * (np.trace(inverse) - 1.0) / (size - 1))


def suggest_anchors(  # noqa: PLR0917
    e: IntArray, j: IntArray, n_e: int, n_j: int, conflicts: BoolArray, budget: int
) -> list[tuple[int, int]]:
    """Extra (entry, judge) reviews that tie the judges together best, best first.

    One review by judge j of an entry with m reviews adds ``m/(m+1) v v'`` to S,
    ``v = z_j - share_e``; the greedy choice takes the largest fall of
    ``trace(S^-1)``, hence of the mean variance of a judge difference (the
    A-criterion; Sherman-Morrison). Pieces are joined first because an untied
    direction costs most.

    ``conflicts``: b1[E, J], True where a judge must not read an entry. Returns at
    most ``budget`` pairs, fewer when nothing allowed is left.
    """
    if conflicts.shape != (n_e, n_j):
        raise ScoringError("conflicts must be a table of entries by judges")
    counts = np.bincount(e, minlength=n_e).astype(np.float64)
    table = np.bincount(e * n_j + j, minlength=n_e * n_j).reshape(n_e, n_j).astype(np.float64)
    allowed = (table == 0) & ~conflicts & (counts > 0)[:, None]
    matrix, share = laplacian(e, j, n_e, n_j)
    inverse = floats(np.linalg.inv(matrix + _TETHER * np.eye(n_j)))
    chosen: list[tuple[int, int]] = []
    for _ in range(budget):
        if not allowed.any():
            break
        weight = (counts / (counts + 1.0))[:, None]
        fall = weight * _quadratic(floats(inverse @ inverse), share)
        gain = np.where(allowed, fall / (1.0 + weight * _quadratic(inverse, share)), -np.inf)
        # Equal gains, equal up to float noise, go to the first pair.
        pick = int(np.flatnonzero(gain >= gain.max() * (1.0 - 1e-9))[0])
        entry, judge = divmod(pick, n_j)
        direction = -share[entry]
        direction[judge] += 1.0
        factor = counts[entry] / (counts[entry] + 1.0)
        image = inverse @ direction
        inverse -= factor * np.outer(image, image) / (1.0 + factor * float(direction @ image))
        table[entry, judge] = 1.0
        counts[entry] += 1.0
        share[entry] = table[entry] / counts[entry]
        allowed[entry, judge] = False
        chosen.append((entry, judge))
    return chosen


def _quadratic(matrix: FloatArray, share: FloatArray) -> FloatArray:
    """``v' M v`` with ``v = z_j - share_e`` for every entry and judge, f8[E, J]."""
    image = share @ matrix
    own = np.sum(image * share, axis=1)[:, None]
    return np.asarray(np.diag(matrix)[None, :] - 2.0 * image + own, dtype=np.float64)
