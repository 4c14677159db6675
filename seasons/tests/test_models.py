"""The clock of a stage: before, at and after."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from seasons.models import Extension, Season, Stage, StageKind


@pytest.fixture
def stage(season):
    return season.stages.get(kind=StageKind.ENTRY)


@pytest.mark.parametrize(
    ("seconds_after_close", "expected"), [(-1, "now"), (0, "past"), (1, "past")]
)
def test_a_stage_ends_at_the_moment_it_closes(stage, seconds_after_close, expected):
    moment = stage.closes_at + timedelta(seconds=seconds_after_close)

    assert stage.state(moment) == expected


@pytest.mark.parametrize(
    ("seconds_after_opening", "expected"), [(-1, "next"), (0, "now"), (1, "now")]
)
def test_a_stage_begins_at_the_moment_it_opens(stage, seconds_after_opening, expected):
    moment = stage.opens_at + timedelta(seconds=seconds_after_opening)

    assert stage.state(moment) == expected


def test_the_deadline_of_moscow_is_an_instant(season):
    closes = datetime(2022, 1, 21, 0, 0, tzinfo=season.zone)

    assert closes.astimezone(UTC) == datetime(2022, 1, 20, 21, 0, tzinfo=UTC)


def test_an_extension_for_one_organisation_is_nobody_elses(
    stage, organiser, organisation, other_organisation
):
    later = stage.closes_at + timedelta(days=1)
    Extension.objects.create(
        stage=stage, organisation=organisation, until=later, reason="illness", granted_by=organiser
    )

    assert [
        stage.closes_for(organisation),
        stage.closes_for(other_organisation),
        stage.closes_for(),
    ] == [later, stage.closes_at, stage.closes_at]


def test_an_extension_for_everybody_is_everybodys(stage, organiser, organisation):
    later = stage.closes_at + timedelta(days=1)
    Extension.objects.create(stage=stage, until=later, reason="storm", granted_by=organiser)

    assert (stage.closes_for(), stage.closes_for(organisation)) == (later, later)


def test_the_database_refuses_a_stage_that_closes_before_it_opens(stage):
    with pytest.raises(IntegrityError), transaction.atomic():
        Stage.objects.filter(pk=stage.pk).update(closes_at=stage.opens_at)


def test_an_organiser_runs_the_seasons_of_the_own_programme(season, other_season, organiser):
    assert list(Season.objects.organised_by(organiser)) == [season]


def test_an_unpublished_season_is_its_organisers_alone(season, organiser, nominee):
    Season.objects.update(published=False)

    assert [list(Season.objects.visible_to(user)) for user in (organiser, nominee)] == [
        [season],
        [],
    ]
