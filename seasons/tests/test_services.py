"""Moving a deadline is logged with what it was."""

from datetime import timedelta

import pytest
from django.utils import timezone

from audit.models import Event
from common.errors import DomainError
from seasons.models import Extension, StageKind
from seasons.services import extend, move_stage


@pytest.fixture
def stage(season):
    return season.stages.get(kind=StageKind.ENTRY)


def test_a_moved_deadline_is_in_the_log_with_the_old_one(stage, organiser):
    old, new = stage.closes_at, stage.closes_at + timedelta(days=2)

    move_stage(stage, by=organiser, opens_at=stage.opens_at, closes_at=new)

    stage.refresh_from_db()
    event = Event.objects.get(verb="stage.moved")
    assert stage.closes_at == new
    assert event.data["from"][1][:19] == old.isoformat()[:19]


def test_a_stage_cannot_close_before_it_opens(stage, organiser):
    with pytest.raises(DomainError) as refusal:
        move_stage(stage, by=organiser, opens_at=stage.opens_at, closes_at=stage.opens_at)

    assert (str(refusal.value), refusal.value.field) == (
        "A stage closes after it opens.",
        "closes_at",
    )


def test_an_extension_into_the_past_is_refused(stage, organiser):
    with pytest.raises(DomainError):
        extend(stage, by=organiser, until=timezone.now(), reason="late")

    assert Extension.objects.count() == 0


def test_an_extension_keeps_who_why_and_until_when(stage, organiser, organisation):
    until = stage.closes_at + timedelta(days=1)

    extend(stage, by=organiser, until=until, reason="illness", organisation=organisation)

    extension = Extension.objects.get()
    assert (extension.granted_by, extension.reason, extension.until) == (
        organiser,
        "illness",
        until,
    )
