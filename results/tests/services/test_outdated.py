"""A release says which nominations were decided on an older standing, and does not pass over it."""

from decimal import Decimal

import pytest
from django.utils import timezone

from audit.models import Event
from common.errors import DomainError
from judging.models import Correction, Meeting, Scorecard
from results.models import Release, ReleaseState
from results.services import (
    arm_release,
    cancel_release,
    compute_standing,
    confirm_outcomes,
    confirm_proposals,
    confirm_release,
)
from results.tests.conftest import url_of

pytestmark = pytest.mark.django_db
WHY = "The jury met and stands by its choice."


@pytest.fixture
def entries(finalist_rule, essay_round, nomination, organiser, compete, score):
    """Aster 90 and Birch 80 are decided, Cedar 70 is not; the quota is two."""
    made = [compete("Aster"), compete("Birch"), compete("Cedar")]
    for entry, total in zip(made, [90, 80, 70], strict=True):
        score(entry, essay_round, total, total, total)
    compute_standing(finalist_rule, nomination, by=organiser)
    confirm_outcomes(finalist_rule, nomination, made[:2], by=organiser)
    return made


@pytest.fixture
def correct(organiser):
    """Other totals for an entry after a meeting, and the standing computed anew."""

    def act(rule, entry, total, *, compute=True):
        round_ = rule.rounds.get()
        meeting, _new = Meeting.objects.get_or_create(
            round=round_,
            entry=entry,
            defaults={"opened_by": organiser, "opened_at": timezone.now()},
        )
        for card in Scorecard.objects.filter(assignment__entry=entry):
            Correction.objects.create(
                scorecard=card,
                number=card.corrections.count() + 1,
                kind="consensus",
                total=Decimal(total),
                reason="We talked about it.",
                by=organiser,
                made_at=timezone.now(),
                meeting=meeting,
            )
        if compute:
            compute_standing(rule, entry.nomination, by=organiser)

    return act


@pytest.mark.parametrize("compute", [True, False])
def test_a_decision_on_an_older_standing_is_not_released_without_a_reason(
    finalist_rule, entries, organiser, correct, compute
):
    correct(finalist_rule, entries[0], 10, compute=compute)

    with pytest.raises(DomainError, match="nominations 1") as refused:
        arm_release(finalist_rule, by=organiser)
    release = arm_release(finalist_rule, by=organiser, reason=f" {WHY} ")

    assert refused.value.field == "reason"
    assert (list(release.older), release.older_reason) == (["1"], WHY)
    said = Event.objects.get(verb="release.prepared").data
    assert (said["older"], said["older_reason"]) == ([1], WHY)


def test_a_decision_made_again_needs_no_reason(finalist_rule, entries, organiser, correct):
    correct(finalist_rule, entries[0], 75)  # they trade places, and the same two are proposed
    done, refused = confirm_proposals(finalist_rule, by=organiser)

    release = arm_release(finalist_rule, by=organiser, reason="A reason for nothing.")

    assert (done, refused) == ([entries[0].nomination], [])
    assert (release.older, release.older_reason) == ({}, "")


def test_another_proposal_is_never_confirmed_in_place_of_a_decision(
    finalist_rule, entries, organiser, correct
):
    correct(finalist_rule, entries[0], 10)

    assert confirm_proposals(finalist_rule, by=organiser) == ([], [])
    chosen = finalist_rule.decisions.order_by("entry").values_list("entry", flat=True)
    assert list(chosen) == [entries[0].pk, entries[1].pk]


def test_what_changed_after_it_was_prepared_is_not_confirmed(
    finalist_rule, entries, organiser, second_organiser, correct
):
    release = arm_release(finalist_rule, by=organiser)
    correct(finalist_rule, entries[0], 10)

    with pytest.raises(DomainError, match="changed since the release was prepared"):
        confirm_release(release, by=second_organiser)
    cancel_release(release, by=second_organiser, reason="The marks changed.")
    again = arm_release(finalist_rule, by=organiser, reason=WHY)

    assert confirm_release(again, by=second_organiser).state == ReleaseState.CONFIRMED


def test_the_pages_name_the_nominations_and_show_the_reason_to_the_one_who_confirms(
    finalist_rule, entries, organiser, second_organiser, correct, client_of
):
    correct(finalist_rule, entries[0], 10)
    client, second = client_of(organiser), client_of(second_organiser)
    opens = finalist_rule.stage.opens_at.astimezone(finalist_rule.season.zone)
    moment = {"not_before": opens.strftime("%Y-%m-%dT%H:%M")}

    shown = client.get(url_of(finalist_rule, "release")).text
    refused = client.post(url_of(finalist_rule, "release"), moment).text
    client.post(url_of(finalist_rule, "release"), {**moment, "reason": WHY})
    confirming = second.get(url_of(finalist_rule, "release_confirm")).text
    correct(finalist_rule, entries[1], 20)
    changed = second.get(url_of(finalist_rule, "release_confirm")).text

    link = url_of(finalist_rule, "nomination", entries[0].nomination.number)
    assert "Decided on an older standing" in shown
    assert link in shown
    assert "or say why they are released as they are" in refused
    assert Release.objects.get().older_reason == WHY
    assert WHY in confirming
    assert "Confirm the release</button>" in confirming
    assert link in changed
    assert "Confirm the release</button>" not in changed
