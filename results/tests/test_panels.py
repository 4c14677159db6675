"""Blocks on the season's page and on the page of an entry."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from diplomas.models import Diploma
from nominations.history import history_of
from outbox.services import run_due
from results.panels import entry_outcomes, entry_results, season_results
from results.services import compute_standing, create_feedback
from seasons.models import Season, StageKind

pytestmark = pytest.mark.django_db


def request_of(user=None):
    request = RequestFactory().get("/")
    request.user = user or AnonymousUser()
    return request


@pytest.fixture
def entry(admitted_entry, essay_round, score):
    score(admitted_entry, essay_round, 80)
    return admitted_entry


def test_before_a_release_there_is_no_block_anywhere(season, finalist_rule, entry, nominee):
    assert season_results(request_of(), season) is None
    assert entry_results(request_of(nominee), entry) is None


def test_the_history_of_an_entry_tells_an_outcome_only_once_it_is_released(
    finalist_rule, entry, nominee, organiser, publish
):
    compute_standing(finalist_rule, entry.nomination, by=organiser)
    assert not any(step.title.startswith("Released") for step in history_of(entry, nominee))

    publish(finalist_rule, entry)

    assert "Released: finalist" in [step.title for step in history_of(entry, nominee)]


def test_the_season_shows_finalists_then_laureates(
    finalist_rule, laureate_rule, defence_round, entry, publish, score
):
    publish(finalist_rule, entry)
    season = Season.objects.get(pk=finalist_rule.season_id)
    assert "1 finalist is announced." in str(season_results(request_of(), season))
    score(entry, defence_round, 80)

    publish(laureate_rule, entry)

    assert "Camomile Ltd" in str(season_results(request_of(), season))


def test_the_nominee_finds_outcome_diploma_defence_and_feedback(
    season, finalist_rule, defence_round, entry, nominee, publish, time_machine
):
    publish(finalist_rule, entry)
    assert "the file is being made" in entry_results(request_of(nominee), entry)
    run_due(kinds=["make-diploma"])
    create_feedback(season)
    number = Diploma.objects.get().number

    html = entry_results(request_of(nominee), entry)

    assert f"/diplomas/{number}/file/" in html
    assert "You are invited to the defence." in html
    assert "available from" in html
    assert "/feedback/" not in html

    opens = season.stages.get(kind=StageKind.FEEDBACK).opens_at
    time_machine.move_to(opens - timedelta(seconds=1), tick=False)
    assert "/feedback/" not in entry_results(request_of(nominee), entry)
    time_machine.move_to(opens, tick=False)
    assert f"/entries/{entry.pk}/feedback/" in entry_results(request_of(nominee), entry)


def test_an_organiser_sees_the_outcome_but_no_way_to_the_feedback(
    season, finalist_rule, entry, organiser, publish, time_machine
):
    publish(finalist_rule, entry)
    create_feedback(season)
    time_machine.move_to(season.stages.get(kind=StageKind.FEEDBACK).opens_at)

    html = entry_results(request_of(organiser), entry)

    assert "Finalist" in html
    assert "/feedback/" not in html


def test_the_desk_says_nothing_of_an_outcome_before_its_release(finalist_rule, entry, nominee):
    assert entry_outcomes(nominee, [entry]) == {}


def test_the_desk_names_a_released_outcome(finalist_rule, defence_round, entry, nominee, publish):
    publish(finalist_rule, entry)

    note = entry_outcomes(nominee, [entry])[entry.pk]

    assert (note.status, note.label) == ("finalist", "Finalist")
