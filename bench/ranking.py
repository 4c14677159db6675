"""From scorecards in the database to frozen standings, against reading the same rows and a plain mean.

    ./portal bench ranking [--entries 10000] [--judges 300] [--reviews 10] [--criteria 20] [--postgres]

Makes a database of its own with a season of 27 nominations whose marks number entries x reviews x
criteria, each scorecard with its leaf in the ledger, then measures: reading the marks, or the totals,
and a plain numpy mean of them; reading everything a standing is made of; the frozen standings of the
whole season, places with their uncertainty, fingerprints and rows included.

Each is measured in a process of its own, so that peak memory is that of the work: the portal's own
before it is told apart. Seconds of the processor grow little when others use the machine, and the
multiples in the last lines compare works of one run. With PostgreSQL the server's share is only in the
wall time.
"""

import argparse
import hashlib
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sized
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

NOMINATIONS = 27
BATCH = 5000
GOAL = 3.0


@dataclass(frozen=True)
class Measured:
    """What one work took: seconds on the wall and of the processor, megabytes before and at its peak."""

    wall: float
    busy: float
    before: float
    peak: float
    made: int


def peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measured(work: Callable[[], Sized]) -> Measured:
    """Do it here and now."""
    before, wall, busy = peak_megabytes(), time.perf_counter(), time.process_time()
    made = work()
    wall, busy = time.perf_counter() - wall, time.process_time() - busy
    return Measured(wall, busy, before, peak_megabytes(), len(made))


def batches(rows: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]


def fill(entries: int, judges: int, reviews: int, criteria: int) -> Sized:
    """A season whose every scorecard is submitted; rows are written in bulk. Returns its entries."""
    import numpy as np
    from django.utils import timezone

    from accounts.models import Organisation, User
    from common.bulk import insert_rows
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
        insert_rows(
            Mark,
            ("scorecard", "criterion", "value", "abstained", "comment", "version", "changed_at"),
            (
                (card.pk, criterion.pk, value, False, "", 0, now)
                for card, (_e, _j, _t, row) in zip(cards, batch, strict=True)
                for criterion, value in zip(scale, row.astype(int).tolist(), strict=True)
            ),
        )
        write_leaves(cards, now)
    return works


def write_leaves(cards: list[Any], now: Any) -> None:
    """A leaf of each scorecard; its content, salt and place in the chain are made up."""
    from audit.models import Event
    from judging.models import Leaf

    prints = [hashlib.sha256(f"leaf {card.pk}".encode()).hexdigest() for card in cards]
    events = Event.objects.bulk_create(
        Event(
            chain="season:bench",
            position=card.pk,
            at=now,
            verb="scorecard.submitted",
            about=f"judging.scorecard:{card.pk}",
            previous_hash=sha256,
            hash=sha256,
        )
        for card, sha256 in zip(cards, prints, strict=True)
    )
    Leaf.objects.bulk_create(
        Leaf(scorecard=card, event=event, content={}, salt=sha256, sha256=sha256)
        for card, event, sha256 in zip(cards, events, prints, strict=True)
    )


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


def reading() -> Sized:
    """Everything a standing is made of."""
    from results.models import OutcomeRule
    from results.services.collecting import collect

    return collect(OutcomeRule.objects.get()).entry_ids


def standings() -> Sized:
    """Everything, from the database to the last row of the last frozen standing."""
    from results.models import OutcomeRule
    from results.services import compute_all

    return compute_all(OutcomeRule.objects.get(), by=None)


def console() -> Sized:
    """Every nomination at a glance, as the console of the outcome shows it."""
    from accounts.models import User
    from results.glance import glances
    from results.models import OutcomeRule

    organiser, _new = User.objects.get_or_create(email="organiser@example.org", is_superuser=True)
    return glances(OutcomeRule.objects.get(), organiser)


WORKS: dict[str, tuple[str, Callable[[], Sized]]] = {
    "marks": ("reading the marks, plain numpy mean", mean_of_marks),
    "totals": ("reading the totals, plain numpy mean", plain_mean),
    "reading": ("reading with everything a standing is made of", reading),
    "standings": ("frozen standings, that reading included", standings),
    "console": ("all nominations in the console, looked at again", console),
}
# Works whose first time differs from all others, since something is kept.
KEEPING = {"console"}


def inside(options: argparse.Namespace) -> None:
    """One work in this process, which was started for it."""
    import django

    django.setup()
    # What the portal has loaded already when somebody asks for standings.
    import results.services  # noqa: F401

    if options.work == "fill":
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        work: Callable[[], Sized] = lambda: fill(  # noqa: E731
            options.entries, options.judges, options.reviews, options.criteria
        )
    else:
        work = WORKS[options.work][1]
    if options.profile and options.work == "standings":
        import cProfile

        cProfile.runctx("work()", {"work": work}, {}, sort="tottime")
        return
    if options.work in KEEPING:
        work()
    print(json.dumps(asdict(measured(work))))


def ask(work: str, name: str) -> Measured:
    """One work in a process of its own."""
    command = [sys.executable, __file__, *sys.argv[1:], "--work", work]
    found = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    one = Measured(**json.loads(found.stdout))
    print(
        f"{name:46} {one.wall:7.2f} s   processor {one.busy:6.2f} s   peak {one.peak:5.0f} MB, "
        f"{one.peak - one.before:4.0f} of them its own",
        flush=True,
    )
    return one


def measure(options: argparse.Namespace) -> None:
    print(
        f"{options.entries} entries x {options.reviews} of {options.judges} judges x "
        f"{options.criteria} criteria: {options.entries * options.reviews * options.criteria} marks"
    )
    ask("fill", "filling the database")
    if options.profile:
        subprocess.run([sys.executable, __file__, *sys.argv[1:], "--work", "standings"], check=True)
        return
    found = {work: ask(work, name) for work, (name, _do) in WORKS.items()}
    whole = found["standings"]
    print(f"{whole.made} standings, as a multiple of reading with a plain mean:")
    for of in ("marks", "totals"):
        base = found[of]
        print(
            f"  {whole.wall / base.wall:5.1f} x the {of} ({whole.busy / base.busy:.1f} x the processor, "
            f"{(whole.peak - whole.before) / (base.peak - base.before):.1f} x the memory)"
        )
    print(f"goal of {GOAL:.0f} s: {'held' if whole.wall <= GOAL else 'not held'}")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--entries", type=int, default=10_000)
    parser.add_argument("--judges", type=int, default=300)
    parser.add_argument("--reviews", type=int, default=10)
    parser.add_argument("--criteria", type=int, default=20)
    parser.add_argument("--profile", action="store_true", help="say where the time goes")
    parser.add_argument("--postgres", action="store_true", help="in a PostgreSQL of its own")
    parser.add_argument("--work", choices=["fill", *WORKS], help=argparse.SUPPRESS)
    options = parser.parse_args()
    sys.path.insert(0, str(Path(__file__).parent.parent))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "awards_portal.settings")
    # As it runs for people: no log of every query is kept.
    os.environ.setdefault("DEBUG", "0")
    if options.work:
        inside(options)
        return
    with ExitStack() as stack:
        if options.postgres:
            from tests.services import postgres

            os.environ["DATABASE_URL"] = stack.enter_context(postgres())
        else:
            folder = stack.enter_context(TemporaryDirectory())
            os.environ["DATABASE_URL"] = f"sqlite:///{folder}/bench.sqlite3"
        measure(options)


if __name__ == "__main__":
    main()
