"""Two databases that differ in secrets say the same, byte for byte, to whoever may not know it.

The other world is made by changing secrets and undone afterwards, so that both have the same keys.
Secrets that do not touch each other change together, each person's unknown ones at once; where a page
then differs, they change one by one to say which of them it was.
Each secret is shown to be there: whoever may know it sees a difference at the page named here.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts.models import User
from judging.models import Round, SeeOthers
from tests.addresses import addresses, admin_address, admin_models, row_of
from tests.matrix import read_admin_table, read_table
from tests.pages import told
from tests.world import ROLES, World, build_world
from tests.world_judging import score
from tests.world_secrets import SECRETS, add_secrets, ask_another, more_pages, table

pytestmark = pytest.mark.slow

ClientOf = Callable[[User | None], Client]
Told = dict[str, object]


# Who wrote a scorecard moves the rows that hold the mark and the note: it changes alone.
TOGETHER = [tuple(name for name in SECRETS if name != "author"), ("author",)]


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def world(db: None, now: datetime) -> World:
    """What people began, and nobody else may know."""
    with time_machine.travel(now, tick=False):
        made = build_world()
        add_secrets(made)
    return made


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


def pages_of(world: World, role: str) -> set[str]:
    """Every address the role can open, searches and lists of the back office among them."""
    paths = addresses(world)
    found = {
        paths[name, subject]
        for (name, subject, method), answers in read_table().items()
        # Signing out is no page, and what one has signed in with is nobody's secret.
        if method == "GET" and answers[role] == "200" and not name.startswith("account_")
    }
    for (name, kind, method), answers in read_admin_table().items():
        if method == "GET" and answers[role] == "200":
            model = admin_models()[name]
            found.add(admin_address(model, kind, row_of(model, world)))
    entry = world.entries["admitted"]
    found |= {
        f"{path}?q={entry.number}" for path in found if path.endswith(("/results/", "/entry/"))
    }
    return found | more_pages(world)


def everything_told(world: World, client: Client, paths: Iterable[str]) -> Told:
    """What every page says to one person."""
    return {path: told(client, path) for path in sorted(paths)}


def in_the_other_world(
    world: World, names: list[str], client: Client, paths: Iterable[str]
) -> Told:
    """The same, where these secrets are others; undone afterwards."""
    with transaction.atomic():
        for name in names:
            SECRETS[name].change(world)
        answers = everything_told(world, client, paths)
        transaction.set_rollback(True)
    return answers


def test_whoever_may_know_sees_each_secret(
    world: World, now: datetime, client_of: ClientOf
) -> None:
    unseen = []

    for name, secret in SECRETS.items():
        knower, page = client_of(world.people[secret.seen_by]), secret.seen_at(world)
        with time_machine.travel(now + secret.after, tick=False):
            before = told(knower, page)
            after = in_the_other_world(world, [name], knower, [page])[page]
        if (before[0], after[0]) != (200, 200) or before == after:
            unseen.append(f"{name}: {before[0]} and {after[0]} at {page}")

    assert unseen == []


@pytest.mark.parametrize("names", TOGETHER, ids=["all others", "author"])
def test_nobody_learns_what_they_may_not_know(
    names: tuple[str, ...], world: World, now: datetime, client_of: ClientOf
) -> None:
    clients = {role: client_of(world.people[role]) for role in ROLES}
    ignorant = {
        role: [name for name in names if role not in SECRETS[name].knows]
        for role in sorted(set(ROLES) - {"superuser"})
    }
    leaks = []

    with time_machine.travel(now, tick=False):
        for role, kept in ignorant.items():
            if not kept:
                continue
            here = everything_told(world, clients[role], pages_of(world, role))
            there = in_the_other_world(world, kept, clients[role], here)
            differing = {path for path, answer in there.items() if answer != here[path]}
            for name in kept if differing else []:
                alone = in_the_other_world(world, [name], clients[role], differing)
                leaks += [
                    f"{name}: {role} learns it at {path}"
                    for path, answer in alone.items()
                    if answer != here[path]
                ]
            assert leaks or not differing, f"{kept}: {role} learns them at {differing}"

    assert leaks == []


def test_marks_of_others_are_told_when_the_round_says_so(
    world: World, now: datetime, client_of: ClientOf
) -> None:
    with time_machine.travel(now, tick=False):
        ask_another(world)
    clients = {role: client_of(world.people[role]) for role in ("judge", "chair", "conflicted")}
    done = {("judge", "admitted"), ("chair", "rival")}
    both = done | {("judge", "rival"), ("chair", "admitted")}

    def told_of(policy: SeeOthers, days: int = 0) -> set[tuple[str, str]]:
        """Whose table of which entry depends on the marks that another judge gives it today."""
        low, high = (tables(world, clients, policy, value, now, days) for value in (5, 9))
        return {seat for seat, answer in low.items() if answer != high[seat]}

    assert told_of(SeeOthers.NEVER) == set()
    assert told_of(SeeOthers.OWN) == done
    assert told_of(SeeOthers.CLOSE) == set()
    assert told_of(SeeOthers.CLOSE, days=9) == both


def tables(
    world: World,
    clients: dict[str, Client],
    policy: SeeOthers,
    value: int,
    now: datetime,
    days: int,
) -> dict[tuple[str, str], object]:
    """What the tables of both entries say, some days after another judge gave both this mark."""
    with transaction.atomic():
        with time_machine.travel(now, tick=False):
            for which in ("admitted", "rival"):
                score(world, f"another: {which}", "another", value)
        Round.objects.filter(pk=world.rounds["essay"].pk).update(see_others=policy)
        with time_machine.travel(now + timedelta(days=days), tick=False):
            answers: dict[tuple[str, str], object] = {
                (role, which): told(client, table(world, which))
                for role, client in clients.items()
                for which in ("admitted", "rival")
            }
        transaction.set_rollback(True)
    return answers


def test_the_proof_looks_at_pages_of_everybody(world: World) -> None:
    seen = {role: len(pages_of(world, role)) for role in ROLES}

    assert seen["anonymous"] > 8
    assert min(seen[role] for role in ROLES[1:]) > seen["anonymous"]
    assert seen["organiser"] > seen["elsewhere"] > 40
