"""Recommending a peer, and what the organisers make of it."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from common.errors import DomainError
from nominations.errors import Closed
from nominations.models import EntryCode, Recommendation, RecommendationState
from nominations.services import Pick, enter_nominations
from nominations.services.recommendations import (
    MOST_RECOMMENDED,
    approve_recommendation,
    decline_recommendation,
    is_own,
    recommend,
)
from outbox.models import Message
from outbox.services import deliver_due
from seasons.models import Channel, StageKind


@pytest.fixture
def recommending(season):
    season.channels = [Channel.RECOMMENDATION.value]
    season.save()
    return season


def about(name="Sunflower Ltd", email="sunny@example.org", **changed):
    return {
        "organisation_name": name,
        "contact_name": "Sunny Person",
        "contact_email": email,
        "reason": "They answer before one asks.",
        "key": uuid4(),
        **changed,
    }


@pytest.fixture
def recommendation(recommending, nominee):
    return recommend(recommending, by=nominee, **about())


def test_a_form_sent_twice_recommends_once(recommending, nominee):
    values = about()

    first = recommend(recommending, by=nominee, **values)
    second = recommend(recommending, by=nominee, **values)

    assert second == first
    assert Recommendation.objects.count() == 1


def test_somebody_else_s_form_is_refused(recommending, nominee, other_nominee):
    values = about()
    recommend(recommending, by=nominee, **values)

    with pytest.raises(PermissionDenied):
        recommend(recommending, by=other_nominee, **values)


def test_the_same_contact_is_recommended_once_by_a_person(recommendation, recommending, nominee):
    with pytest.raises(DomainError) as refusal:
        recommend(recommending, by=nominee, **about(email="SUNNY@example.org"))

    assert refusal.value.field == "contact_email"


def test_twenty_recommendations_are_the_most(recommending, nominee):
    for at in range(MOST_RECOMMENDED):
        recommend(recommending, by=nominee, **about(email=f"team{at}@example.org"))

    with pytest.raises(DomainError):
        recommend(recommending, by=nominee, **about())

    assert Recommendation.objects.count() == MOST_RECOMMENDED


@pytest.mark.parametrize(
    ("after", "taken"),
    [(timedelta(seconds=-1), 1), (timedelta(0), 0), (timedelta(seconds=1), 0)],
    ids=["a second before", "at", "a second after"],
)
def test_recommendations_end_when_entries_close(recommending, nominee, after, taken):
    closes = recommending.stage(StageKind.ENTRY).closes_at

    with time_machine.travel(closes + after, tick=False):
        if taken:
            recommend(recommending, by=nominee, **about())
        else:
            with pytest.raises(Closed):
                recommend(recommending, by=nominee, **about())

    assert Recommendation.objects.count() == taken


def test_before_entries_open_one_may_recommend(recommending, nominee):
    opens = recommending.stage(StageKind.ENTRY).opens_at

    with time_machine.travel(opens - timedelta(days=5), tick=False):
        recommend(recommending, by=nominee, **about())

    assert Recommendation.objects.count() == 1


@pytest.mark.parametrize(
    "change", [{"channels": ["open"]}, {"published": False}], ids=["other ways", "unpublished"]
)
def test_a_season_without_recommendations_takes_none(recommending, nominee, change):
    type(recommending).objects.filter(pk=recommending.pk).update(**change)

    with pytest.raises(DomainError):
        recommend(recommending, by=nominee, **about())


def test_approval_sends_a_code_that_lets_in(
    recommendation, organiser, nomination, other_organisation, other_nominee, mailoutbox
):
    approve_recommendation(recommendation, by=organiser, note="Well found")
    deliver_due()

    to_contact, to_recommender = mailoutbox
    code = EntryCode.objects.get()
    assert (to_contact.to, to_recommender.to) == (["sunny@example.org"], ["nominee@example.org"])
    assert "Nina Nominee recommended Sunflower Ltd" in to_contact.body
    assert "They answer before one asks." in to_contact.body
    assert code.code in to_contact.body
    assert code.code not in to_recommender.body
    (entry,) = enter_nominations(
        [Pick(nomination, "organisation")], other_organisation, by=other_nominee, code=code.code
    )
    assert entry.code == code


def test_approving_twice_sends_one_code_and_one_mail_each(recommendation, organiser):
    for _time in range(2):
        approve_recommendation(recommendation, by=organiser)

    assert EntryCode.objects.count() == 1
    assert sorted(Message.objects.values_list("kind", flat=True)) == [
        "entry-recommended",
        "recommendation-approved",
    ]


def test_a_declined_recommendation_is_told_to_the_recommender_alone(
    recommendation, organiser, mailoutbox
):
    decline_recommendation(recommendation, by=organiser, note="Not this year")
    deliver_due()

    (mail,) = mailoutbox
    assert (mail.to, "Not this year" in mail.body) == (["nominee@example.org"], True)
    assert EntryCode.objects.count() == 0


def test_declining_needs_a_note(recommendation, organiser):
    with pytest.raises(DomainError) as refusal:
        decline_recommendation(recommendation, by=organiser, note=" ")

    recommendation.refresh_from_db()
    assert refusal.value.field == "note"
    assert recommendation.state == RecommendationState.WAITING


def test_what_is_decided_stays_decided(recommendation, organiser):
    approve_recommendation(recommendation, by=organiser)

    with pytest.raises(DomainError):
        decline_recommendation(recommendation, by=organiser, note="After all not")


def test_an_organiser_does_not_decide_about_an_own_recommendation(
    recommending, organiser, second_organiser
):
    own = recommend(recommending, by=organiser, **about())

    with pytest.raises(DomainError):
        approve_recommendation(own, by=organiser)

    assert approve_recommendation(own, by=second_organiser).state == RecommendationState.APPROVED


def test_others_decide_nothing(recommendation, nominee, other_organiser):
    for person in (nominee, other_organiser):
        with pytest.raises(PermissionDenied):
            approve_recommendation(recommendation, by=person)

    assert Message.objects.count() == 0


def test_organisers_see_who_recommends_an_own_organisation(
    recommending, nominee, organisation, recommendation
):
    own = recommend(recommending, by=nominee, **about("camomile LTD", "friend@example.org"))

    assert (is_own(own), is_own(recommendation)) == (True, False)
