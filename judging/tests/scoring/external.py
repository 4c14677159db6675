"""Reference results outside the project: a folder that SCORING_REFERENCE names.

The data come from GPL packages of R and are therefore not part of this project.
"""

import csv
import os
from pathlib import Path

import numpy as np
import pytest

from judging.scoring.types import Marks, Ratings

needs_reference = pytest.mark.reference

SCORES = {
    "kuhlisch2016": "kuhlisch2016/scores_long.csv",
    "immer_ptam4": "immer_ptam4/scores_long.csv",
    "sirt_ratings1": "sirt_ratings/ratings1_long.csv",
    "sirt_ratings2": "sirt_ratings/ratings2_long.csv",
    "aibs_grants": "aibs_grants/scores_long.csv",
}


class Reference:
    """One data set: marks, scores per entry and judge, and tables of results."""

    def __init__(self, name):
        self.name = name
        rows = read(SCORES[name])
        self.entries = sorted({row["entry"] for row in rows})
        self.judges = sorted({row["judge"] for row in rows})
        self.criteria = sorted({row["criterion"] for row in rows})
        e = np.array([self.entries.index(row["entry"]) for row in rows])
        j = np.array([self.judges.index(row["judge"]) for row in rows])
        c = np.array([self.criteria.index(row["criterion"]) for row in rows])
        x = np.array([float(row["score"]) for row in rows])
        width = len(self.judges)
        cells, cell = np.unique(e * width + j, return_inverse=True)
        mean = np.bincount(cell, x) / np.bincount(cell)
        size = len(self.criteria)
        self.marks = Marks(e, j, c, x, np.full(size, x.max()), np.ones(size))
        self.ratings = Ratings(cells // width, cells % width, mean, len(self.entries), width)

    def column(self, table, key, value, names):
        """Values of a results file in the order of the names."""
        found = {row[key]: float(row[value]) for row in read(f"{self.name}_{table}.csv")}
        return np.array([found[name] for name in names])


def read(path):
    with (Path(os.environ["SCORING_REFERENCE"]) / path).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))
