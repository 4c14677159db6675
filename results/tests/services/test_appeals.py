"""Contesting a result: the window, admissibility, the panel, two people, and what changes."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils import timezone

from audit.models import Event
from common.errors import DomainError
from diplomas.models import Diploma
from judging.models import (
    Assignment,
    Criterion,
    Jury,
    JuryKind,
    Mark,
    PanelWeight,
    Purpose,
    Scorecard,
    ScorecardStatus,
)
from judging.services import declare_conflict
from judging.services.late import independent_judges
from outbox.models import Message
from results.appeals import appeal_counts, contestable
from results.models import Appeal, AppealStatus, Ground, PublishedResult, Release
from results.services import compute_standing
from results.services.appeals import (
    ask_panel,
    confirm_decision,
    file_appeal,
    look_at,
    propose_decision,
    return_decision,
    withdraw_appeal,
)
from results.services.collecting import collect
from tests.factories import make_judge, make_person


@pytest.fixture
def rule(finalist_rule):
    finalist_rule.quota, finalist_rule.appeal_days = 1, 14
    finalist_rule.save()
    return finalist_rule


@pytest.fixture
def winner(compete, score, essay_round):
    entry = compete("Winner")
    score(entry, essay_round, 80, 82, 78)
    return entry


@pytest.fixture
def loser(compete, score, essay_round):
    entry = compete("Loser")
    score(entry, essay_round, 79, 79, 79)
    return entry


@pytest.fixture
def release(rule, winner, loser, publish):
    return publish(rule, winner)


@pytest.fixture
def owner(loser):
    return loser.organisation.memberships.get().user


@pytest.fixture
def panel(season):
    jury = Jury.objects.create(
        season=season, slug="review", kind=JuryKind.REVIEW, name={"en": "Review panel"}
    )
    return [make_judge(jury, make_person(f"r{n}@panel.example", f"Rev {n}")) for n in range(2)]


def file(rule, entry, by, **fields):
    given = {"ground": Ground.FACTS, "text": "A table was overlooked.", "key": uuid4(), **fields}
    return file_appeal(rule, entry, by=by, **given)


@pytest.fixture
def appeal(rule, release, loser, owner):
    return file(rule, loser, owner)


def give(assignment, total):
    """The reviewer submits a scorecard with this total."""
    card = Scorecard.objects.create(
        assignment=assignment,
        revision=assignment.entry.revisions.get(),
        total=Decimal(total),
        status=ScorecardStatus.DRAFT,
    )
    for criterion in Criterion.objects.filter(dimension__rubric=assignment.round.rubric):
        Mark.objects.create(scorecard=card, criterion=criterion, value=Decimal(total) / 10)
    card.become(ScorecardStatus.SUBMITTED)
    card.submitted_at = timezone.now()
    card.save()


@pytest.fixture
def reviewed(appeal, essay_round, panel, organiser, rule, nomination):
    """Admitted; the panel finds the entry better; the standing pools its scores."""
    look_at(appeal, admit=True, answer="", by=organiser)
    until = timezone.now() + timedelta(days=5)
    for review in ask_panel(appeal, essay_round, panel, until=until, by=organiser):
        give(review.assignment, 95)
    compute_standing(rule, nomination, by=organiser)
    appeal.refresh_from_db()
    return appeal


def test_an_appeal_is_filed_once_by_one_form(rule, release, loser, owner):
    key = uuid4()

    first = file(rule, loser, owner, key=key)
    second = file(rule, loser, owner, key=key)

    assert first == second
    assert list(Message.objects.filter(kind="appeal-receipt").values_list("email", flat=True)) == [
        owner.email
    ]


def test_the_window_opens_with_the_release_and_closes_to_the_second(rule, release, loser, owner):
    end = release.released_at + timedelta(days=14)
    before = contestable(owner, loser)

    Release.objects.filter(pk=release.pk).update(
        released_at=timezone.now() - timedelta(days=14) + timedelta(minutes=1)
    )
    still_open = contestable(owner, loser)
    Release.objects.filter(pk=release.pk).update(released_at=timezone.now() - timedelta(days=14))

    assert [one.until for one in before] == [end]
    assert [one.rule for one in still_open] == [rule]
    assert contestable(owner, loser) == []
    with pytest.raises(DomainError, match="time for appeals is over"):
        file(rule, loser, owner)


def test_nobody_contests_what_is_not_public(rule, winner, loser, owner, organiser, nomination):
    compute_standing(rule, nomination, by=organiser)

    with pytest.raises(DomainError, match="not taken now"):
        file(rule, loser, owner)

    assert contestable(owner, loser) == []
    assert Appeal.objects.count() == 0


def test_a_stranger_files_nothing_about_an_entry(rule, release, loser, winner):
    rival = winner.organisation.memberships.get().user

    with pytest.raises(DomainError, match="not yours"):
        file(rule, loser, rival)

    assert Appeal.objects.count() == 0


def test_a_refusal_needs_its_reason_and_tells_it(appeal, organiser, owner):
    with pytest.raises(DomainError, match="not admissible"):
        look_at(appeal, admit=False, answer=" ", by=organiser)

    look_at(appeal, admit=False, answer="Nothing new is named.", by=organiser)

    told = Message.objects.get(kind="appeal-looked-at")
    assert (told.email, told.context["answer"]) == (owner.email, "Nothing new is named.")
    assert Appeal.objects.get().status == AppealStatus.REFUSED


def test_a_conflicted_organiser_neither_sees_nor_handles_an_appeal(appeal, organiser):
    seen = list(Appeal.objects.organised_by(organiser))
    declare_conflict(organiser, by=organiser, reason="A cousin.", entry=appeal.entry)

    with pytest.raises(DomainError, match="may not do this"):
        look_at(appeal, admit=True, answer="", by=organiser)

    assert seen == [appeal]
    assert list(Appeal.objects.organised_by(organiser)) == []


def test_only_those_who_never_had_the_entry_are_on_the_panel(appeal, essay_round, panel, judges):
    seat = make_judge(panel[0].jury, judges[0].user)

    found = independent_judges(essay_round, appeal.entry, Purpose.APPEAL)

    assert seat.jury.kind == JuryKind.REVIEW
    assert found == panel


def test_a_decision_needs_two_independent_scorecards(appeal, essay_round, panel, organiser, winner):
    look_at(appeal, admit=True, answer="", by=organiser)
    until = timezone.now() + timedelta(days=5)
    (first, _second) = ask_panel(appeal, essay_round, panel, until=until, by=organiser)
    give(first.assignment, 95)

    with pytest.raises(DomainError, match="At least two"):
        propose_decision(appeal, changes=False, reasons="Fair.", holders=[winner], by=organiser)

    assert Appeal.objects.get().status == AppealStatus.ADMITTED


def test_new_scores_are_pooled_with_the_old_ones(reviewed, rule, loser):
    rows = {row.entry_id: row for row in rule.standings.first().rows.all()}

    assert rows[loser.pk].place == 1
    assert Scorecard.objects.counted().filter(assignment__entry=loser).count() == 5


def test_a_review_counts_where_experts_judge_and_not_in_the_part_of_the_public(
    reviewed, rule, season, essay_round, jury, nomination, loser
):
    public = Jury.objects.create(
        season=season, slug="public", kind=JuryKind.PUBLIC, name={"en": "Public"}
    )
    essay_round.juries.add(public)
    for one, weight in ((jury, 80), (public, 20)):
        PanelWeight.objects.create(round=essay_round, jury=one, weight=weight)

    inputs = collect(rule).pool_of(nomination).inputs

    parts = {slug: len(cards) for slug, cards in inputs["scorecards"].items()}
    assert parts == {f"essay.{jury.slug}": 8, "essay.public": 0}
    assert {slug: [card[0] for card in cards] for slug, cards in inputs["appeals"].items()} == {
        f"essay.{jury.slug}": [loser.number] * 2
    }


def test_the_person_who_decided_does_not_confirm(reviewed, organiser, loser):
    propose_decision(
        reviewed, changes=True, reasons="The table counts.", holders=[loser], by=organiser
    )

    with pytest.raises(DomainError, match="Another organiser"):
        confirm_decision(reviewed, by=organiser)

    assert Appeal.objects.get().status == AppealStatus.PROPOSED


def test_a_changed_decision_changes_what_is_public_and_tells_everybody(
    reviewed, organiser, second_organiser, loser, winner, owner, defence_round
):
    before = set(PublishedResult.objects.values_list("entry", flat=True))
    propose_decision(
        reviewed, changes=True, reasons="The table counts.", holders=[loser], by=organiser
    )
    confirm_decision(reviewed, by=second_organiser)

    rival = winner.organisation.memberships.get().user
    assert before == {winner.pk}
    assert set(PublishedResult.objects.values_list("entry", flat=True)) == {loser.pk}
    assert Diploma.objects.get(entry=winner).revoked_at is not None
    assert Diploma.objects.get(entry=loser).revoked_at is None
    assert set(loser.advancements.values_list("round__slug", flat=True)) == {"defence"}
    assert winner.advancements.count() == 0
    kinds = ["appeal-decided", "result-amended"]
    told = Message.objects.filter(kind__in=kinds).order_by("kind").values_list("kind", "email")
    assert list(told) == [("appeal-decided", owner.email), ("result-amended", rival.email)]
    assert Message.objects.filter(kind="result-finalist", email=owner.email).count() == 1
    assert Event.objects.filter(verb="results.amended").count() == 1


def test_a_result_that_stands_stays_as_it_is(reviewed, organiser, second_organiser, winner, season):
    propose_decision(reviewed, changes=False, reasons="Fair.", holders=[], by=organiser)
    confirm_decision(reviewed, by=second_organiser)

    assert set(PublishedResult.objects.values_list("entry", flat=True)) == {winner.pk}
    counts = appeal_counts(season)
    assert (counts.filed, counts.upheld, counts.waiting) == (1, 1, 0)


def test_what_was_decided_before_the_nomination_changed_is_decided_anew(
    reviewed, rule, winner, loser, organiser, second_organiser, essay_round, panel, nomination
):
    rival = winner.organisation.memberships.get().user
    other = look_at(file(rule, winner, rival), admit=True, answer="", by=organiser)
    until = timezone.now() + timedelta(days=5)
    for review in ask_panel(other, essay_round, panel, until=until, by=organiser):
        give(review.assignment, 80)
    compute_standing(rule, nomination, by=organiser)
    propose_decision(other, changes=False, reasons="It stands.", holders=[], by=organiser)
    propose_decision(reviewed, changes=True, reasons="Better.", holders=[loser], by=organiser)

    confirm_decision(reviewed, by=second_organiser)

    other.refresh_from_db()
    assert other.status == AppealStatus.ADMITTED
    with pytest.raises(DomainError):
        confirm_decision(other, by=second_organiser)
    assert set(PublishedResult.objects.values_list("entry", flat=True)) == {loser.pk}


def test_more_than_the_quota_is_refused(reviewed, organiser, loser, winner):
    with pytest.raises(DomainError, match="At most 1"):
        propose_decision(
            reviewed, changes=True, reasons="Both.", holders=[loser, winner], by=organiser
        )


def test_a_decision_given_back_is_open_again(reviewed, organiser, second_organiser):
    propose_decision(reviewed, changes=False, reasons="Fair.", holders=[], by=organiser)

    return_decision(reviewed, by=second_organiser, reason="Wait for the third scorecard.")

    assert Appeal.objects.get().status == AppealStatus.ADMITTED


def test_a_withdrawn_appeal_can_be_filed_anew(appeal, rule, loser, owner):
    withdraw_appeal(appeal, by=owner)

    again = file(rule, loser, owner)

    assert again != appeal
    assert Assignment.objects.filter(purpose=Purpose.APPEAL).count() == 0
