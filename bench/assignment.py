"""Distributing a large round, from the database to the preview, beside a greedy and a plain LP.

    ./portal bench assignment [--entries 5000] [--judges 500] [--per-entry 3]

The rows are made in memory. All three answer the same question in the same run, so a busy machine
slows them alike; the greedy gives each entry in turn its cheapest judges who have room, the LP is
scipy's HiGHS over the same pairs as the network, without the certificate over all others.
"""

import argparse
import os
import resource
import time
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

T = TypeVar("T")
GOAL = 5.0


def fill(entries: int, judges: int) -> Any:
    """A season with a round, judges of every kind, and admitted entries; return round and organiser."""
    from datetime import timedelta

    from django.utils import timezone

    from accounts.models import Organisation, User
    from judging.models import Background, Bid, Conflict, Judge, Jury, Round, Rubric
    from nominations.models import Category, Entry, EntryKind, EntryStatus, Nomination
    from seasons.models import Programme, Season, Stage, StageKind

    rng, now = np.random.default_rng(1), timezone.now()
    boss = User.objects.create_superuser("boss@example.org", None, full_name="Boss")
    programme = Programme.objects.create(slug="bench", name={"en": "Bench"})
    season = Season.objects.create(
        programme=programme, slug="bench", code="B", name={"en": "Bench"}
    )
    stage = Stage.objects.create(
        season=season,
        slug="judging",
        kind=StageKind.JUDGING,
        name={"en": "Judging"},
        opens_at=now + timedelta(days=1),
        closes_at=now + timedelta(days=20),
    )
    categories = Category.objects.bulk_create(
        Category(season=season, slug=f"c{n}", number=n, name={"en": f"C{n}"}) for n in range(6)
    )
    nominations = Nomination.objects.bulk_create(
        Nomination(
            season=season, category=categories[n % 6], number=n, slug=f"n{n}", name={"en": f"N{n}"}
        )
        for n in range(27)
    )
    languages, cities = ["ru", "en", "zh"], ["Moscow", "Tula", "Kazan", "Omsk", "Perm"]
    users = User.objects.bulk_create(
        User(email=f"u{n}@example.org", full_name=f"Judge {n}", language=languages[n % 3])
        for n in range(judges)
    )
    jury = Jury.objects.create(season=season, slug="expert", name={"en": "Jury"})
    seats = Judge.objects.bulk_create(
        Judge(
            jury=jury,
            user=user,
            languages=", ".join(rng.choice(languages, size=2, replace=False)),
            background=str(rng.choice(Background.values)),
            city=str(rng.choice(cities)),
        )
        for user in users
    )
    through = Judge.areas.through
    through._default_manager.bulk_create(
        through(judge_id=seat.pk, category_id=categories[int(at)].pk)
        for seat in seats
        for at in rng.choice(6, size=2, replace=False)
    )
    Bid.objects.bulk_create(
        Bid(
            judge=seat,
            nomination=nominations[int(at)],
            wish=str(rng.choice(["want", "rather_not"])),
        )
        for seat in seats
        for at in rng.choice(27, size=5, replace=False)
    )
    rubric = Rubric.objects.create(season=season, slug="r", name={"en": "R"})
    round_ = Round.objects.create(
        season=season, slug="essay", name={"en": "Essays"}, stage=stage, rubric=rubric
    )
    round_.juries.add(jury)
    organisations = Organisation.objects.bulk_create(
        Organisation(name=f"Company {n}", city=str(rng.choice(cities)))
        for n in range(max(entries // 3, 1))
    )
    Entry.objects.bulk_create(
        Entry(
            nomination=nominations[int(rng.integers(27))],
            organisation=organisations[n % len(organisations)],
            number=f"B-{n:05}",
            kind=EntryKind.ORGANISATION,
            status=EntryStatus.ADMITTED,
            created_by=users[n % judges],
        )
        for n in range(entries)
    )
    Conflict.objects.bulk_create(
        Conflict(
            user=user,
            organisation=organisations[int(rng.integers(len(organisations)))],
            reason="x",
            declared_by=user,
        )
        for user in users
    )
    return round_, boss


def timed(name: str, work: Callable[[], T]) -> tuple[T, float]:
    start = time.perf_counter()
    result = work()
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{name:34} {seconds:7.2f} s   peak {peak:5.0f} MB", flush=True)
    return result, seconds


def greedy(problem: Any) -> list[tuple[int, int]]:
    """Each entry in turn takes its cheapest judges, their loads counted."""
    loads, pairs = problem.loads.copy(), []
    possible, need = problem.open_pairs(), problem.need
    for entry in range(problem.size[0]):
        dearer = problem.cost[entry] + problem.spread * (2 * loads + 1)
        dearer = np.where(possible[entry] & (loads < problem.load_most), dearer, np.iinfo(int).max)
        for judge in np.argsort(dearer, kind="stable")[: int(need[entry])]:
            pairs.append((entry, int(judge)))
            loads[judge] += 1
    return pairs


def plain_lp(problem: Any) -> float:
    """The least cost by linear programming over the network's own arcs."""
    from scipy.optimize import linprog
    from scipy.sparse import coo_array

    from judging.assignment.network import Network, cheapest, first_top

    network = Network(
        problem, cheapest(problem, problem.open_pairs()), first_top(problem), elastic=False
    )
    arcs = np.arange(network.tail.size)
    ones = np.ones(arcs.size)
    table = coo_array(
        (
            np.concatenate([ones, -ones]),
            (np.concatenate([network.tail, network.head]), np.concatenate([arcs, arcs])),
        ),
        shape=(network.nodes, arcs.size),
    )
    bounds = [(0, int(room)) for room in network.room]
    found = linprog(  # type: ignore[call-overload]  # sparse tables are taken, the stubs do not say so
        network.cost, A_eq=table.tocsr(), b_eq=network.supply, bounds=bounds, method="highs"
    )
    return float(found.fun)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--entries", type=int, default=5000)
    parser.add_argument("--judges", type=int, default=500)
    parser.add_argument("--per-entry", type=int, default=3)
    asked = parser.parse_args()
    os.environ["DATABASE_URL"] = "sqlite:///:memory:"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "awards_portal.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    if settings.DATABASES["default"]["NAME"] != ":memory:":
        raise SystemExit("bench: the rows are made in memory, and this database is not")
    call_command("migrate", verbosity=0)
    print(f"{asked.entries} entries, {asked.judges} judges, {asked.per_entry} each", flush=True)
    (round_, boss), _seconds = timed("the rows", lambda: fill(asked.entries, asked.judges))
    run(round_, boss, asked.per_entry)


def run(round_: Any, boss: Any, per_entry: int) -> None:
    from judging.assignment import solve
    from judging.assignment.problem import price
    from judging.distribution import Wanted, ask
    from judging.models import Proposal, ProposalKind
    from judging.services import work_out

    wanted = Wanted(per_entry, per_entry)
    row = Proposal.objects.create(
        round=round_, kind=ProposalKind.PLAN, asked=wanted.as_json(), made_by=boss
    )
    _row, whole = timed("database to preview", lambda: work_out(row))
    facts = row.result["facts"]
    proven = "proven optimal" if facts["cost"] == facts["bound"] else "NOT proven"
    print(
        f"  {facts['cost']} points, {proven}, {facts['pieces']} piece, all kept: {facts['whole']}"
    )
    problem = ask(round_, wanted, by=None).problem
    _outcome, flow = timed("the flow and its proof alone", lambda: solve(problem))
    pairs, quick = timed("greedy", lambda: greedy(problem))
    _cost, lp = timed("plain LP (HiGHS)", lambda: plain_lp(problem))
    print(
        f"greedy: {price(problem, pairs) / facts['cost']:.2f} x the cost, {flow / quick:.1f} x quicker"
    )
    print(f"plain LP: {lp / flow:.1f} x the time of the flow with its proof")
    print(f"goal {GOAL} s: {'met' if whole <= GOAL else 'MISSED'}")


if __name__ == "__main__":
    main()
