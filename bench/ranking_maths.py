"""The mathematics of a ranking, without the database, against a plain numpy mean of the same marks.

    ./portal bench ranking_maths [--entries 10000] [--judges 300] [--reviews 10] [--criteria 20]
    ./portal bench ranking_maths --simulation 100

From marks to scores, judges' severities and the chance of each place. With --simulation: how many
of the true ten best each method finds in contests whose truth is known.
"""

import argparse
import resource
import time
from collections.abc import Callable
from typing import TypeVar

import numpy as np

from judging.scoring import calibrate, rubric, uncertainty
from judging.scoring.pipeline import METHODS
from judging.scoring.simulate import Setting, contest, precision
from judging.scoring.types import FloatArray, Ratings

NOMINATIONS = 27
CONTESTS = {
    "base": Setting(),
    "severity 0": Setting(severity_sd=0.0),
    "severity 1.0": Setting(severity_sd=1.0),
    "3 scores, severity 1.0": Setting(per_entry=3, severity_sd=1.0),
    "8 scores": Setting(per_entry=8),
    "100 judges x 10": Setting(judges=100),
    "200 judges x 5": Setting(judges=200),
    "6 closed panels": Setting(plan="panels"),
    "panels differ": Setting(plan="panels", panel_sd=0.5),
    "tracks differ": Setting(plan="panels", track_sd=0.5),
    "both + 10 anchors": Setting(plan="panels", panel_sd=0.5, track_sd=0.5, anchors=10),
    "judges choose entries": Setting(plan="chosen"),
    "3 careless judges": Setting(random_judges=3),
    "ceiling (mean 8.3)": Setting(centre=8.3),
}


def peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


T = TypeVar("T")


def timed(name: str, work: Callable[[], T]) -> tuple[T, float]:
    start = time.perf_counter()
    result = work()
    seconds = time.perf_counter() - start
    print(f"{name:32} {seconds:8.3f} s   peak {peak_megabytes():6.0f} MB")
    return result, seconds


def speed(entries: int, judges: int, reviews: int, criteria: int) -> None:
    rng = np.random.default_rng(1)
    plan = contest(Setting(entries=entries, judges=judges, per_entry=reviews), 1).ratings
    noise = rng.standard_normal((plan.n, criteria))
    marks = np.clip(np.round(plan.y[:, None] + noise), 0, 10)
    weight, best = np.ones(criteria), np.full(criteria, 10.0)
    group = np.arange(entries) % NOMINATIONS
    print(
        f"{entries} entries x {reviews} of {judges} judges x {criteria} criteria: {marks.size} marks"
    )

    def plain() -> FloatArray:
        return np.bincount(plan.e, weights=marks.mean(axis=1)) / np.bincount(plan.e)

    _, base = timed("plain numpy mean", plain)
    score, a = timed("rubric totals", lambda: rubric.combine(marks, weight, best))
    ratings = Ratings(plan.e, plan.j, score, entries, judges, group)
    fit, b = timed("judges-EB", lambda: calibrate.judges_eb(ratings))
    _, c = timed("P(top 10), 2000 draws", lambda: uncertainty.ranks(fit, 10))
    print(
        f"scores: {(a + b) / base:.1f} x the plain mean; with probabilities: {(a + b + c) / base:.1f} x"
    )


def simulation(runs: int) -> None:
    names = ("mean", "olympic", "additive", "judges_eb")
    print(f"{'share of the true ten best found':34}" + "".join(f"{name:>11}" for name in names))
    for label, setting in CONTESTS.items():
        found = []
        for seed in range(runs):
            jury = contest(setting, seed)
            scores = [METHODS[name](jury.ratings).entry for name in names]
            found.append([precision(score, jury.truth) for score in scores])
        print(f"{label:34}" + "".join(f"{mean:11.3f}" for mean in np.mean(found, axis=0)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=10_000)
    parser.add_argument("--judges", type=int, default=300)
    parser.add_argument("--reviews", type=int, default=10)
    parser.add_argument("--criteria", type=int, default=20)
    parser.add_argument("--simulation", type=int, metavar="RUNS", default=0)
    options = parser.parse_args()
    if options.simulation:
        simulation(options.simulation)
    else:
        speed(options.entries, options.judges, options.reviews, options.criteria)


if __name__ == "__main__":
    main()
