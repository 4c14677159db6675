"""From scorecards in the database to frozen standings, against reading the same rows and a plain mean.

    ./portal bench ranking [--entries 10000] [--judges 300] [--reviews 10] [--criteria 20] [--postgres]

Makes a database of its own with a season of 27 nominations whose marks number entries x reviews x
criteria, then measures: reading the marks, or the totals, and a plain numpy mean of them; the frozen
standings of the whole season, places with their uncertainty, fingerprints and rows included; peak memory.
Seconds of the processor are told besides, since they do not grow when others use the machine.
"""

import argparse
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar
from uuid import uuid4

T = TypeVar("T")
NOMINATIONS = 27
BATCH = 5000
GOAL = 3.0


def peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def timed(name: str, work: Callable[[], T]) -> tuple[T, float]:
    start, busy = time.perf_counter(), time.process_time()
    result = work()
    seconds, busy = time.perf_counter() - start, time.process_time() - busy
    print(
        f"{name:44} {seconds:8.2f} s   processor {busy:7.2f} s   peak {peak_megabytes():6.0f} MB",
        flush=True,
    )
    return result, seconds


def batches(rows: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]


def fill(entries: int, judges: int, reviews: int, criteria: int) -> Any:
    """A season whose every scorecard is submitted; rows are written in bulk."""
    import numpy as np
    from django.utils import timezone

    from accounts.models import Organisation, User
    from judging.models import (
        Assignment,
        Criterion,
        Dimension,
        Judge,
        Jury,
        Mark,
        Round,
        Rubric,
        Scorecard,
    )
    from judging.scoring.simulate import Setting, contest
    from nominations.models import Category, Entry, EntryStatus, Nomination, Revision
    from results.models import OutcomeKind, OutcomeRule
    from seasons.models import Programme, Season, Stage, StageKind

    now = timezone.now()
    programme = Programme.objects.create(slug="bench", name={"en": "Bench"})
    season = Season.objects.create(
        programme=programme,
        slug="bench",
        code="BN",
        name={"en": "Bench"},
        time_zone="UTC",
    )
    stage = Stage.objects.create(
        season=season,
        slug="judging",
        kind=StageKind.JUDGING,
        name={"en": "Judging"},
        opens_at=now - timedelta(days=9),
        closes_at=now - timedelta(days=1),
    )
    ceremony = Stage.objects.create(
        season=season,
        slug="ceremony",
        kind=StageKind.CEREMONY,
        name={"en": "Ceremony"},
        opens_at=now + timedelta(days=1),
        closes_at=now + timedelta(days=2),
    )
    rubric = Rubric.objects.create(season=season, slug="rubric", version=1, name={"en": "Rubric"})
    dimension = Dimension.objects.create(rubric=rubric, name={"en": "All"}, position=1)
    scale = Criterion.objects.bulk_create(
        Criterion(
            dimension=dimension,
            slug=f"c{n}",
            name={"en": f"C{n}"},
            position=n,
            maximum=10,
            weight=1,
            step=1,
        )
        for n in range(criteria)
    )
    jury = Jury.objects.create(season=season, slug="jury", name={"en": "Jury"})
    round_ = Round.objects.create(
        season=season, slug="essay", name={"en": "Essay"}, stage=stage, rubric=rubric
    )
    round_.juries.add(jury)
    rule = OutcomeRule.objects.create(
        season=season, kind=OutcomeKind.LAUREATE, stage=ceremony, quota=10
    )
    rule.rounds.add(round_)
    people = User.objects.bulk_create(
        User(email=f"judge{n}@example.org", full_name=f"Judge {n}") for n in range(judges)
    )
    seats = Judge.objects.bulk_create(Judge(jury=jury, user=person) for person in people)
    owner = User.objects.create(email="owner@example.org", full_name="Owner")
    organisation = Organisation.objects.create(name="Applicant")
    category = Category.objects.create(season=season, slug="all", number=1, name={"en": "All"})
    groups = [
        Nomination.objects.create(
            season=season, category=category, slug=f"n{n}", number=n, name={"en": f"N{n}"}
        )
        for n in range(1, NOMINATIONS + 1)
    ]
    works = Entry.objects.bulk_create(
        (
            Entry(
                nomination=groups[n % NOMINATIONS],
                organisation=organisation,
                created_by=owner,
                number=f"BN-{n:05}",
                kind="organisation",
                status=EntryStatus.ADMITTED,
            )
            for n in range(entries)
        ),
        batch_size=BATCH,
    )
    revisions = Revision.objects.bulk_create(
        (
            Revision(
                entry=work,
                number=1,
                content={},
                idempotency_key=uuid4(),
                sha256="0" * 64,
                submitted_by=owner,
                submitted_at=now,
            )
            for work in works
        ),
        batch_size=BATCH,
    )
    plan = contest(Setting(entries=entries, judges=judges, per_entry=reviews), 1).ratings
    noise = np.random.default_rng(1).standard_normal((plan.n, criteria))
    marks = np.clip(np.round(plan.y[:, None] + noise), 0, 10)
    totals = 10.0 * marks.mean(axis=1)
    given = list(zip(plan.e.tolist(), plan.j.tolist(), totals.tolist(), marks, strict=True))
    for batch in batches(given):
        assigned = Assignment.objects.bulk_create(
            Assignment(round=round_, judge=seats[j], entry=works[e]) for e, j, _total, _m in batch
        )
        cards = Scorecard.objects.bulk_create(
            Scorecard(
                assignment=assignment,
                revision=revisions[e],
                status="submitted",
                submitted_at=now,
                total=Decimal(f"{total:.6f}"),
            )
            for assignment, (e, _j, total, _m) in zip(assigned, batch, strict=True)
        )
        Mark.objects.bulk_create(
            (
                Mark(scorecard=card, criterion=criterion, value=int(value))
                for card, (_e, _j, _t, row) in zip(cards, batch, strict=True)
                for criterion, value in zip(scale, row, strict=True)
            ),
            batch_size=BATCH,
        )
    return rule


def plain_mean() -> Any:
    """Read entry and total of every scorecard, and take the plain mean."""
    import numpy as np

    from judging.models import Scorecard

    rows = Scorecard.objects.values_list("assignment__entry_id", "total")
    pairs = [(entry, float(total)) for entry, total in rows.iterator(chunk_size=BATCH) if total]
    e = np.array([entry for entry, _total in pairs])
    y = np.array([total for _entry, total in pairs])
    return np.bincount(e, weights=y) / np.maximum(np.bincount(e), 1)


def mean_of_marks() -> Any:
    """Read entry and value of every mark, and take the plain mean."""
    import numpy as np
    from django.db.models import FloatField
    from django.db.models.functions import Cast

    from judging.models import Mark

    rows = Mark.objects.order_by().values_list(
        "scorecard__assignment__entry_id", Cast("value", FloatField())
    )
    pairs = np.fromiter(
        (number for row in rows.iterator(chunk_size=BATCH) for number in row), dtype=np.float64
    ).reshape(-1, 2)
    e = pairs[:, 0].astype(np.int64)
    return np.bincount(e, weights=pairs[:, 1]) / np.maximum(np.bincount(e), 1)


def measure(options: argparse.Namespace) -> None:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    print(
        f"{options.entries} entries x {options.reviews} of {options.judges} judges x "
        f"{options.criteria} criteria: {options.entries * options.reviews * options.criteria} marks"
    )
    rule, _seconds = timed(
        "filling the database",
        lambda: fill(options.entries, options.judges, options.reviews, options.criteria),
    )
    from results.services import compute_all
    from results.services.collecting import collect

    _mean, marks = timed("reading the marks, plain numpy mean", mean_of_marks)
    _mean, base = timed("reading the totals, plain numpy mean", plain_mean)
    _now, reading = timed("reading with everything a standing is made of", lambda: collect(rule))
    if options.profile:
        import cProfile

        cProfile.runctx(
            "compute_all(rule, by=None)",
            {"compute_all": compute_all, "rule": rule},
            {},
            sort="cumtime",
        )
        return
    made, whole = timed(
        "frozen standings, that reading included", lambda: compute_all(rule, by=None)
    )
    print(
        f"{len(made)} standings: {whole / marks:.1f} x reading the marks and a plain mean, "
        f"{whole / base:.1f} x the totals; reading for a standing {reading:.2f} s"
    )
    print(f"goal of {GOAL:.0f} s: {'held' if whole <= GOAL else 'not held'}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=10_000)
    parser.add_argument("--judges", type=int, default=300)
    parser.add_argument("--reviews", type=int, default=10)
    parser.add_argument("--criteria", type=int, default=20)
    parser.add_argument("--profile", action="store_true", help="say where the time goes")
    parser.add_argument("--postgres", action="store_true", help="in a PostgreSQL of its own")
    options = parser.parse_args()
    sys.path.insert(0, str(Path(__file__).parent.parent))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "awards_portal.settings")
    with ExitStack() as stack:
        if options.postgres:
            from tests.services import postgres

            os.environ["DATABASE_URL"] = stack.enter_context(postgres())
        else:
            folder = stack.enter_context(TemporaryDirectory())
            os.environ["DATABASE_URL"] = f"sqlite:///{folder}/bench.sqlite3"
        measure(options)
        from django.db import connections

        connections.close_all()


if __name__ == "__main__":
    main()
