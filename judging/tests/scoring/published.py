"""Small published tables, as numbers, and the ratings made of them."""

import numpy as np

from judging.scoring.types import Ratings

# Shrout & Fleiss 1979, table 2: six targets (rows), four judges.
SHROUT_FLEISS = np.array(
    [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], float
)

# Krippendorff's "C" data: four observers (rows), twelve units; nan = not seen.
_ = np.nan
KRIPPENDORFF_C = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, _, _, _],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, _, 3],
        [_, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, _],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, _],
    ]
).T

# Guilford 1954 (p. 282): creativity of seven scientists by three judges on five traits.
# One row per scientist; per trait a-e the marks (1-9) of judges 1, 2 and 3.
GUILFORD = np.array(
    [
        [[5, 6, 5], [5, 5, 5], [3, 4, 5], [5, 6, 7], [3, 3, 3]],
        [[9, 8, 7], [7, 7, 7], [5, 5, 5], [8, 7, 7], [5, 2, 5]],
        [[3, 4, 3], [3, 5, 5], [3, 3, 5], [7, 6, 5], [1, 6, 5]],
        [[7, 5, 5], [3, 6, 3], [1, 4, 3], [3, 5, 3], [3, 5, 1]],
        [[9, 2, 9], [7, 4, 7], [7, 3, 7], [8, 2, 7], [5, 3, 7]],
        [[3, 4, 3], [5, 4, 3], [3, 6, 3], [5, 4, 5], [1, 2, 3]],
        [[7, 3, 7], [7, 3, 7], [5, 5, 7], [5, 5, 5], [5, 4, 7]],
    ]
)

# Davies & Goldsmith 1972 (p. 142): diameters for six samples (columns) on 24 plates.
PENICILLIN = np.array(
    [
        [int(row[i : i + 2]) for i in range(0, 12, 2)]
        for row in [
            "272326232321",
            "272326232321",
            "252125242420",
            "262325232320",
            "252226222320",
            "242225232219",
            "242023212219",
            "262226242421",
            "242124222220",
            "242124232219",
            "262326242421",
            "252226242420",
            "262426242522",
            "262326232320",
            "262325242422",
            "252225232320",
            "252124232320",
            "252224232319",
            "242123212119",
            "262326242421",
            "252124222218",
            "252225222220",
            "242124222419",
            "242124222118",
        ]
    ],
    float,
).T


def ratings_of(table: np.ndarray) -> Ratings:
    """Entries in rows, judges in columns, nan where there is no score."""
    e, j = np.nonzero(np.isfinite(table))
    return Ratings(e, j, table[e, j], *table.shape)
