"""Scored entries and the outcomes that follow from them."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import MemberRole, Membership, Organisation, User
from judging.models import (
    Assignment,
    Criterion,
    Judge,
    Jury,
    Mark,
    Round,
    Scorecard,
    ScorecardStatus,
)
from nominations.models import Entry, EntryStatus, Nomination
from outbox.jobs import run_due
from results.models import OutcomeKind, OutcomeRule, Release
from results.services import (
    arm_release,
    compute_standing,
    confirm_outcomes,
    confirm_release,
    perform_release,
)
from seasons.models import Season, Stage, StageKind
from tests.conftest import walk  # noqa: F401  (the journeys of this room use it)
from tests.factories import make_entry, make_judge, make_person

Score = Callable[..., list[Scorecard]]
Compete = Callable[..., Entry]
Publish = Callable[..., Release]


@pytest.fixture
def finalist_rule(season: Season, essay_round: Round) -> OutcomeRule:
    rule = OutcomeRule.objects.create(
        season=season,
        kind=OutcomeKind.FINALIST,
        stage=season.stages.get(kind=StageKind.FINALISTS),
        quota=2,
    )
    rule.rounds.add(essay_round)
    return rule


@pytest.fixture
def laureate_rule(season: Season, essay_round: Round, defence_round: Round) -> OutcomeRule:
    rule = OutcomeRule.objects.create(
        season=season,
        kind=OutcomeKind.LAUREATE,
        stage=season.stages.get(kind=StageKind.CEREMONY),
        quota=1,
    )
    rule.rounds.add(essay_round, defence_round)
    return rule


@pytest.fixture
def compete(nomination: Nomination) -> Compete:
    """Another organisation with an admitted entry and an owner of its own."""

    def make(name: str, **fields: Any) -> Entry:
        slug = name.lower().replace(" ", "-")
        owner = make_person(f"{slug}@example.org", f"Owner of {name}")
        organisation = Organisation.objects.create(name=name)
        Membership.objects.create(user=owner, organisation=organisation, role=MemberRole.OWNER)
        where = fields.pop("nomination", nomination)
        return make_entry(where, organisation, owner, EntryStatus.ADMITTED, **fields)

    return make


@pytest.fixture
def judges(jury: Jury) -> list[Judge]:
    names = ["Arkady Perlin", "Bella Quist", "Cyril Roth", "Dora Stern", "Egor Tamm"]
    return [
        make_judge(jury, make_person(f"{name.split()[0].lower()}@jury.example.org", name))
        for name in names
    ]


@pytest.fixture
def score(judges: list[Judge]) -> Score:
    """Submitted scorecards, one per total, each judge in turn; marks are a tenth of the total.

    A judge who abstained everywhere has the total None, and marks without a value.
    """

    def make(
        entry: Entry, round_: Round, *totals: float | None, comment: str = "", draft: bool = False
    ) -> list[Scorecard]:
        cards = []
        for judge, total in zip(judges, totals, strict=False):
            assignment = Assignment.objects.create(round=round_, judge=judge, entry=entry)
            card = Scorecard.objects.create(
                assignment=assignment,
                revision=entry.revisions.get(),
                total=None if total is None else Decimal(str(total)),
                comment=comment,
                private_note="Between us: their consultant wrote it.",
            )
            for criterion in Criterion.objects.filter(dimension__rubric=round_.rubric):
                Mark.objects.create(
                    scorecard=card,
                    criterion=criterion,
                    value=None if total is None else Decimal(str(total)) / 10,
                    abstained=total is None,
                    comment=comment,
                )
            if not draft:
                card.become(ScorecardStatus.SUBMITTED)
                card.submitted_at = timezone.now()
                card.save()
            cards.append(card)
        return cards

    return make


@pytest.fixture
def decide(organiser: User) -> Callable[..., None]:
    """Rank the nominations of these entries and decide for them, whatever is proposed."""

    def act(rule: OutcomeRule, *entries: Entry) -> None:
        for nomination in {entry.nomination for entry in entries}:
            compute_standing(rule, nomination, by=organiser)
            mine = [entry for entry in entries if entry.nomination == nomination]
            every = dict.fromkeys(Entry.objects.values_list("pk", flat=True), "The jury agreed.")
            confirm_outcomes(rule, nomination, mine, by=organiser, reasons=every)

    return act


@pytest.fixture
def publish(organiser: User, second_organiser: User, decide: Callable[..., None]) -> Publish:
    """Decide as given and release at once, the stage being open."""

    def act(rule: OutcomeRule, *entries: Entry) -> Release:
        Stage.objects.filter(pk=rule.stage_id).update(
            opens_at=timezone.now() - timedelta(minutes=1)
        )
        rule = OutcomeRule.objects.select_related("stage").get(pk=rule.pk)
        decide(rule, *entries)
        release = arm_release(rule, by=organiser)
        confirm_release(release, by=second_organiser)
        perform_release(release.pk)
        run_due(kinds=["make-feedback"])
        release.refresh_from_db()
        return release

    return act


def url_of(rule: OutcomeRule, name: str, *more: object) -> str:
    """A page of the console of an outcome."""
    return reverse(f"admin:results_outcomerule_{name}", args=[rule.pk, *more])
