"""Deciding an appeal: who may, on which standing, and what follows for everybody in the nomination."""

# ruff: noqa: F811 - fixtures of an appeal are imported, and named as arguments

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from common.errors import DomainError
from judging.services import advance, declare_conflict
from nominations.models import Entry, EntryStatus
from outbox.models import Message
from results.appeals import contestable
from results.models import Appeal, AppealStatus, Decision, Feedback, PublishedResult
from results.services import compute_standing, create_feedback
from results.services.appeals import (
    ask_panel,
    confirm_decision,
    look_at,
    propose_decision,
    return_decision,
    reviews_given,
)
from results.services.retractions import ask_retraction, confirm_retraction
from results.tests.services.test_appeals import (  # noqa: F401  (fixtures of an appeal)
    appeal,
    file,
    give,
    loser,
    owner,
    panel,
    release,
    reviewed,
    rule,
    winner,
)
from seasons.models import Stage, StageKind

pytestmark = pytest.mark.django_db


def holders():
    return set(PublishedResult.objects.values_list("entry", flat=True))


@pytest.fixture
def decide_appeal(organiser, second_organiser):
    """One organiser proposes who holds the outcome, the other confirms."""

    def act(appeal, *wanted, changes=True):
        propose_decision(appeal, changes=changes, reasons="Better.", holders=wanted, by=organiser)
        return confirm_decision(appeal, by=second_organiser)

    return act


@pytest.fixture
def scored_anew(essay_round, panel, organiser, rule, nomination):
    """Admitted, scored by the panel with these totals, and ranked with them."""

    def act(appeal, *totals):
        appeal = look_at(appeal, admit=True, answer="", by=organiser)
        until = timezone.now() + timedelta(days=5)
        for review, total in zip(
            ask_panel(appeal, essay_round, panel, until=until, by=organiser), totals, strict=True
        ):
            give(review.assignment, total)
        compute_standing(rule, nomination, by=organiser)
        return appeal

    return act


def test_who_has_a_conflict_with_a_rival_decides_no_appeal(
    reviewed, winner, loser, organiser, second_organiser, client_of
):
    page = reverse("admin:results_appeal_handle", args=[reviewed.pk])
    sent = {"step": "verdict", "changes": "yes", "holders": [loser.pk], "reasons": "Better."}
    for one in (organiser, second_organiser):
        declare_conflict(one, by=one, reason="A cousin.", entry=winner)

    text = client_of(organiser).get(page).content.decode()
    client_of(organiser).post(page, sent)
    with pytest.raises(DomainError, match="conflict of interest"):
        propose_decision(reviewed, changes=True, reasons="x", holders=[loser], by=organiser)
    Appeal.objects.update(
        status=AppealStatus.PROPOSED,
        changes=True,
        holders=[loser.pk],
        proposed_by=organiser,
        standing=reviewed.rule.standings.first(),
    )
    for act in (confirm_decision, lambda one, by: return_decision(one, by=by, reason="No.")):
        with pytest.raises(DomainError, match="conflict of interest"):
            act(reviewed, by=second_organiser)

    assert "A conflict of interest keeps you from deciding here" in text
    assert 'name="reasons"' not in text
    assert Appeal.objects.get().status == AppealStatus.PROPOSED
    assert holders() == {winner.pk}


@pytest.mark.parametrize("changes", [True, False])
def test_a_decision_is_confirmed_on_the_very_standing_it_was_proposed_on(
    reviewed, rule, nomination, loser, winner, organiser, second_organiser, changes
):
    propose_decision(reviewed, changes=changes, reasons="x", holders=[loser], by=organiser)
    Entry.objects.filter(pk=loser.pk).update(status=EntryStatus.DISQUALIFIED)
    compute_standing(rule, nomination, by=organiser)

    with pytest.raises(DomainError, match="decide anew"):
        confirm_decision(reviewed, by=second_organiser)

    assert holders() == {winner.pk}
    assert Appeal.objects.get().status == AppealStatus.PROPOSED


def test_a_holder_who_fell_out_of_the_standing_loses_the_outcome_by_choice_only(
    reviewed, rule, nomination, winner, loser, organiser, client_of
):
    Entry.objects.filter(pk=winner.pk).update(status=EntryStatus.DISQUALIFIED)
    compute_standing(rule, nomination, by=organiser)

    page = client_of(organiser).get(reverse("admin:results_appeal_handle", args=[reviewed.pk]))
    offered = dict(page.context["forms"]["verdict"].fields["holders"].choices)

    assert set(offered) == {str(winner.pk), str(loser.pk)}
    with pytest.raises(DomainError, match="entries of the standing"):
        propose_decision(reviewed, changes=True, reasons="x", holders=[winner, loser], by=organiser)


@pytest.mark.parametrize("changes", [True, False])
def test_what_stays_decided_rests_on_the_new_standing_and_feedback_agrees(
    reviewed, season, rule, winner, loser, release, decide_appeal, changes
):
    create_feedback(season)
    decide_appeal(reviewed, *([loser] if changes else []), changes=changes)

    content = Feedback.objects.get(entry=loser).content
    assert {one.standing for one in Decision.objects.all()} == {rule.standings.first()}
    assert content["rounds"][0]["average"] == "85.4"
    assert [one["raw"] for one in content["standings"]] == ["85.40"]


def test_feedback_agrees_after_an_appeal_that_only_takes_an_outcome_away(
    season, rule, compete, score, essay_round, publish, scored_anew, decide_appeal
):
    rule.quota = 2
    rule.save()
    entries = [compete(name) for name in ("Aster", "Birch")]
    for entry, total in zip(entries, [90, 80], strict=True):
        score(entry, essay_round, total, total, total)
    publish(rule, *entries)
    create_feedback(season)
    birch = entries[1]
    contested = file(rule, birch, birch.organisation.memberships.get().user)

    decide_appeal(scored_anew(contested, 20, 20), entries[0])

    content = Feedback.objects.get(entry=birch).content
    assert holders() == {entries[0].pk}
    assert (content["rounds"][0]["average"], content["standings"][0]["raw"]) == ("56", "56.00")


def test_who_wins_an_outcome_back_or_loses_it_again_is_told_again(
    reviewed, rule, winner, loser, owner, release, scored_anew, decide_appeal, organiser
):
    rival = winner.organisation.memberships.get().user
    decide_appeal(reviewed, loser)
    decide_appeal(scored_anew(file(rule, winner, rival), 99, 99), winner)

    def mails(kind, user):
        return Message.objects.filter(kind=kind, email=user.email).count()

    assert holders() == {winner.pk}
    assert (mails("result-finalist", rival), mails("result-amended", rival)) == (2, 1)
    assert (mails("result-finalist", owner), mails("result-amended", owner)) == (1, 1)


def test_one_scorecard_in_each_of_two_rounds_is_not_two(
    appeal, rule, essay_round, defence_round, panel, organiser, loser, client_of
):
    rule.rounds.add(defence_round)
    advance(defence_round, [loser], by=organiser)
    appeal = look_at(appeal, admit=True, answer="", by=organiser)
    until = timezone.now() + timedelta(days=5)
    for round_, judge in zip((essay_round, defence_round), panel, strict=True):
        (review,) = ask_panel(appeal, round_, [judge], until=until, by=organiser)
        give(review.assignment, 95)

    with pytest.raises(DomainError, match="in each round"):
        propose_decision(appeal, changes=False, reasons="Fair.", holders=[], by=organiser)

    page = client_of(organiser).get(reverse("admin:results_appeal_handle", args=[appeal.pk]))
    assert reviews_given(appeal) == {essay_round.pk: 1, defence_round.pk: 1}
    assert page.content.decode().count("1 in, 2 needed") == 2


def test_a_result_that_is_released_again_can_be_contested_again(
    reviewed, rule, release, loser, winner, owner, publish, decide_appeal, organiser,
    second_organiser,
):  # fmt: skip
    decide_appeal(reviewed, changes=False)
    decided = contestable(owner, loser)
    asked = ask_retraction(release, by=organiser, reason="A mistake.")
    confirm_retraction(asked, by=second_organiser)
    again = publish(rule, winner)

    anew = contestable(owner, loser)
    second = file(rule, loser, owner)

    assert decided == []
    assert [one.rule for one in anew] == [rule]
    assert (second.release, contestable(owner, loser)) == (again, [])


def test_an_appeal_still_open_is_decided_about_the_result_that_is_public_then(
    reviewed, rule, release, loser, winner, owner, publish, decide_appeal, organiser,
    second_organiser,
):  # fmt: skip
    asked = ask_retraction(release, by=organiser, reason="A mistake.")
    confirm_retraction(asked, by=second_organiser)
    again = publish(rule, winner)
    open_still = contestable(owner, loser)

    decide_appeal(reviewed, loser)

    reviewed.refresh_from_db()
    assert (open_still, contestable(owner, loser)) == ([], [])
    assert (reviewed.release, reviewed.status) == (again, AppealStatus.CHANGED)


def test_who_has_read_another_place_is_told_that_it_changed(
    season, rule, release, compete, reviewed, winner, loser, decide_appeal
):
    create_feedback(season)
    Stage.objects.filter(kind=StageKind.FEEDBACK).update(
        opens_at=timezone.now() - timedelta(minutes=1)
    )

    decide_appeal(reviewed, changes=False)

    rival = winner.organisation.memberships.get().user
    told = Message.objects.filter(kind="feedback-changed").values_list("email", flat=True)
    assert rival.email in told
