"""Who may release: people without an interest, and two of them as long as the season says so."""

import pytest
from django.urls import reverse

from accounts.models import MemberRole, Membership
from audit.models import Event
from common.errors import DomainError
from results.models import ReleaseState
from results.services import (
    arm_release,
    ask_retraction,
    cancel_release,
    confirm_release,
    confirm_retraction,
    drop_retraction,
)
from results.tests.conftest import url_of
from seasons.services import ask_two_people

pytestmark = pytest.mark.django_db


@pytest.fixture
def decided(finalist_rule, admitted_entry, essay_round, score, decide):
    score(admitted_entry, essay_round, 80, 70)
    decide(finalist_rule, admitted_entry)
    return finalist_rule


@pytest.fixture
def join(admitted_entry):
    """Become one of the entry's own people: an interest nobody can lift."""

    def act(user):
        Membership.objects.create(
            user=user, organisation=admitted_entry.organisation, role=MemberRole.VIEWER
        )

    return act


def test_an_interest_keeps_from_preparing_and_confirming_and_says_who_can(
    decided, organiser, second_organiser, join
):
    join(organiser)
    with pytest.raises(DomainError, match=f"It can be done by: {second_organiser}"):
        arm_release(decided, by=organiser)
    release = arm_release(decided, by=second_organiser)

    with pytest.raises(DomainError, match="no other organiser of the season may do it"):
        confirm_release(release, by=organiser)

    assert cancel_release(release, by=organiser, reason="Stop.").state == ReleaseState.CANCELLED


def test_an_award_whose_organisers_all_have_an_interest_is_not_locked_out(
    decided, organiser, second_organiser, superuser, join, client_of
):
    join(organiser)
    join(second_organiser)

    with pytest.raises(DomainError, match="Ask an administrator of the portal"):
        arm_release(decided, by=organiser)
    page = client_of(organiser).get(url_of(decided, "release")).text

    assert "Ask an administrator of the portal" in page
    assert "Prepare the release</button>" not in page
    assert arm_release(decided, by=superuser).state == ReleaseState.ARMED


def test_an_interest_may_ask_for_a_retraction_and_decides_none(
    finalist_rule, admitted_entry, essay_round, score, publish, organiser, second_organiser, join
):
    score(admitted_entry, essay_round, 80)
    release = publish(finalist_rule, admitted_entry)
    join(organiser)
    asked = ask_retraction(release, by=second_organiser, reason="A scorecard was missing.")

    for decide in (confirm_retraction, drop_retraction):
        with pytest.raises(DomainError, match="conflict of interest"):
            decide(asked, by=organiser)
    drop_retraction(asked, by=second_organiser)
    own = ask_retraction(release, by=organiser, reason="I saw a mistake.")

    assert drop_retraction(own, by=organiser).done is False


def settings_form(season, **changes):
    rows = {f"{key}_en": "" for key in ("summary", "about", "rules")}
    return {
        **rows,
        "name_en": "Season",
        "programme": season.programme_id,
        "slug": season.slug,
        "code": season.code,
        "language": season.language,
        "time_zone": season.time_zone,
        "accent": season.accent,
        "channels": season.channels,
        "max_entries_per_applicant": season.max_entries_per_applicant or "",
        "draft_rule": season.draft_rule,
        "published": "on",
        "stages-TOTAL_FORMS": "0",
        "stages-INITIAL_FORMS": "0",
        **changes,
    }


def test_how_many_people_a_release_needs_is_changed_in_the_log_and_not_under_a_release(
    decided, organiser, second_organiser, season, client_of
):
    client = client_of(organiser)
    page = reverse("admin:seasons_season_change", args=[season.pk])
    release = arm_release(decided, by=organiser)

    held = client.post(page, settings_form(season)).text
    confirm_release(release, by=second_organiser)
    done = client.post(page, settings_form(season))

    season.refresh_from_db()
    assert "A release is prepared and waits to be confirmed." in held
    assert (done.status_code, season.two_person_release) == (302, False)
    logged = Event.objects.get(verb="season.one-person")
    assert (logged.actor_id, logged.data) == (organiser.pk, {"from": True, "to": False})


def test_a_release_needs_as_many_people_as_when_it_was_prepared(decided, organiser, season):
    release = arm_release(decided, by=organiser)
    type(season).objects.filter(pk=season.pk).update(two_person_release=False)

    with pytest.raises(DomainError, match="Another organiser must confirm"):
        confirm_release(release, by=organiser)


def test_the_number_of_people_waits_for_a_retraction_somebody_asked_for(
    finalist_rule, admitted_entry, essay_round, score, publish, organiser, season
):
    score(admitted_entry, essay_round, 80)
    ask_retraction(publish(finalist_rule, admitted_entry), by=organiser, reason="Wrong.")

    with pytest.raises(DomainError, match="taken back") as refused:
        ask_two_people(season, wanted=False, by=organiser)

    assert refused.value.field == "two_person_release"
