"""Two databases that differ in secrets say the same, byte for byte, to whoever may not know it.

The other world is made by changing secrets and undone afterwards, so that both have the same keys.
Secrets that do not touch each other change together, each person's unknown ones at once; where a page
then differs, they change one by one to say which of them it was.
Each secret is shown to be there: whoever may know it sees a difference at the page named here.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from common.triggers import guards_off
from judging.models import (
    Assignment,
    Mark,
    MeetingSummary,
    Objection,
    PaperMark,
    PaperSheet,
    Scorecard,
)
from judging.services import open_scorecard
from nominations.models import Answer
from results.models import Appeal, Decision, Feedback
from results.services.feedback import create_feedback
from tests.addresses import addresses, admin_address, admin_models, row_of
from tests.matrix import read_admin_table, read_table
from tests.pages import told
from tests.world import ROLES, World, build_world
from tests.world_feedback import hold_back
from tests.world_judging import criteria_of

pytestmark = pytest.mark.slow

ClientOf = Callable[[User | None], Client]
Told = dict[str, object]


@dataclass(frozen=True)
class Secret:
    """What differs, who may know it, and where one of them sees it, after some time."""

    change: Callable[[World], None]
    knows: set[str]
    seen_by: str
    seen_at: Callable[[World], str]
    after: timedelta = timedelta()


def other_laureate(world: World) -> None:
    """The rival is the laureate that nobody has announced yet."""
    decided = Decision.objects.filter(rule=world.rules["laureate"])
    decided.update(entry=world.entries["rival"])


def other_mark(world: World) -> None:
    """The chair gave another mark, and has not submitted yet."""
    Mark.objects.filter(scorecard=world.scorecards["chair"]).update(value=Decimal(9))


def other_note(world: World) -> None:
    """The chair's private note and comment say something else."""
    card = Scorecard.objects.filter(pk=world.scorecards["chair"].pk)
    card.update(private_note="I doubt every figure.", comment="Show the sources.")


def other_author(world: World) -> None:
    """The submitted scorecard, and the feedback made from it, are the chair's work."""
    of_judge, of_chair = world.assignments["submitted"], world.assignments["chair"]
    judge, chair = of_judge.judge, of_chair.judge
    aside = world.assignments["conflicted"].round_id
    Assignment.objects.filter(pk=of_chair.pk).update(round=world.rounds["defence"])
    Assignment.objects.filter(pk=of_judge.pk).update(judge=chair)
    Assignment.objects.filter(pk=of_chair.pk).update(judge=judge, round=aside)
    made = Feedback.objects.get(entry=world.entries["admitted"])
    stage, pk = made.stage, made.pk
    made.delete()
    create_feedback(world.season)
    Feedback.objects.filter(entry=world.entries["admitted"]).update(stage=stage, id=pk)


def other_feedback(world: World) -> None:
    """The feedback that is not shown yet says something else."""
    feedback = Feedback.objects.get(entry=world.entries["rival"])
    feedback.content["rounds"][0]["comments"] = ["Entirely different words."]
    feedback.save(update_fields=["content"])


def other_held_comment(world: World) -> None:
    """The comment that is held back from the nominee says something else."""
    hold_back(world, "Their rival pays me.")


def other_summary(world: World) -> None:
    """The summary of a meeting, which is not published yet, says something else."""
    MeetingSummary.objects.update(text="The jury was divided.")


def other_draft(world: World) -> None:
    """The draft that is not submitted has another answer."""
    answers = Answer.objects.filter(entry=world.entries["draft"])
    answers.update(text="Words that nobody else should read.")


def other_appeal(world: World) -> None:
    """The appeal says something else."""
    Appeal.objects.filter(entry=world.entries["admitted"]).update(text="They know each other.")


def other_objection(world: World) -> None:
    """The objection has another reason."""
    rows = Objection.objects.filter(entry=world.entries["admitted"])
    rows.update(reason="We were in court with them.")


def other_paper(world: World) -> None:
    """The sheet from paper that waits for a second person holds other marks."""
    sheet = world.rows[PaperSheet]
    with guards_off():
        PaperMark.objects.filter(sheet=sheet).update(value=Decimal(9))
    PaperSheet.objects.filter(pk=sheet.pk).update(private_note="They read from the slides.")


def paper_page(world: World) -> str:
    """The sheet as its judge compares it."""
    return reverse("judging:paper", args=[world.assignments["paper"].pk])


def console(world: World) -> str:
    """The organiser's table of the laureates."""
    return addresses(world)["admin:results_outcomerule_nomination", "laureate"]


def chairs_sheet(world: World) -> str:
    """The scorecard as its judge sees it."""
    return reverse("judging:assignment", args=[world.assignments["chair"].pk])


def scorecard_page(world: World) -> str:
    """The submitted scorecard in the back office."""
    return reverse("admin:judging_scorecard_change", args=[world.scorecards["submitted"].pk])


def comments_held(world: World) -> str:
    """What organisers hold back."""
    return addresses(world)["admin:results_outcomerule_comments", "finalist"] + "?state=held"


def jurys_table(world: World) -> str:
    """Where the jury reads it."""
    return addresses(world)["judging:table", "essay"]


def rivals_feedback(world: World) -> str:
    """What the rival reads after the date."""
    return reverse("results:feedback", args=[world.entries["rival"].pk])


def appeal_page(world: World) -> str:
    """The appeal as the applicant sees it."""
    return reverse("results:appeal", args=[Appeal.objects.get().pk])


def objections(world: World) -> str:
    """What the applicant said about judges."""
    return reverse("judging:objections", args=[world.entries["admitted"].pk])


def essay(world: World) -> str:
    """The nominee's own draft."""
    return reverse("nominations:essay", args=[world.entries["draft"].pk])


APPLICANTS = {"nominee", "conflicted"}
RUNNERS = {"organiser", "superuser"}
SECRETS = {
    # The organiser in conflict runs the rival's entry, and may know what is decided about it.
    "laureate": Secret(other_laureate, {*RUNNERS, "barred"}, "organiser", console),
    "mark": Secret(other_mark, {*RUNNERS, "chair"}, "chair", chairs_sheet),
    "note": Secret(other_note, {*RUNNERS, "chair"}, "chair", chairs_sheet),
    # The organiser in conflict runs the rival's entry.
    "paper": Secret(other_paper, {*RUNNERS, "barred", "chair"}, "chair", paper_page),
    "author": Secret(other_author, {*RUNNERS, "judge", "chair"}, "organiser", scorecard_page),
    "feedback": Secret(other_feedback, set(), "stranger", rivals_feedback, timedelta(days=26)),
    "held comment": Secret(other_held_comment, RUNNERS, "organiser", comments_held),
    "summary": Secret(other_summary, {*RUNNERS, "judge", "chair"}, "organiser", jurys_table),
    "draft": Secret(other_draft, APPLICANTS, "nominee", essay),
    "appeal": Secret(other_appeal, {*APPLICANTS, *RUNNERS}, "nominee", appeal_page),
    "objection": Secret(other_objection, {*APPLICANTS, *RUNNERS}, "nominee", objections),
}
# Who wrote a scorecard moves the rows that hold the mark and the note: it changes alone.
TOGETHER = [tuple(name for name in SECRETS if name != "author"), ("author",)]


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def world(db: None, now: datetime) -> World:
    """The chair has begun a scorecard; everything in it is secret."""
    with time_machine.travel(now, tick=False):
        made = build_world()
        card = open_scorecard(made.assignments["chair"], by=made.person("chair"))
        criterion = criteria_of(card.assignment.round.rubric)[0]
        Mark.objects.create(scorecard=card, criterion=criterion, value=Decimal(5), version=1)
        made.scorecards["chair"] = card
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
    return found


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


@pytest.mark.slow
@pytest.mark.parametrize("name", SECRETS)
def test_whoever_may_know_sees_the_secret(
    name: str, world: World, now: datetime, client_of: ClientOf
) -> None:
    secret = SECRETS[name]
    knower = client_of(world.people[secret.seen_by])

    with time_machine.travel(now + secret.after, tick=False):
        before = told(knower, secret.seen_at(world))
        secret.change(world)
        after = told(knower, secret.seen_at(world))

    assert before != after
    assert before[0] == after[0] == 200


@pytest.mark.slow
@pytest.mark.parametrize("names", TOGETHER, ids="+".join)
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


def test_the_proof_looks_at_pages_of_everybody(world: World) -> None:
    seen = {role: len(pages_of(world, role)) for role in ROLES}

    assert seen["anonymous"] > 8
    assert min(seen[role] for role in ROLES[1:]) > seen["anonymous"]
    assert seen["organiser"] > seen["elsewhere"] > 40
