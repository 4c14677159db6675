"""`manage.py demo` fills a portal once, tells how to sign in, and keeps away from real ones."""

from collections import Counter
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from audit.models import Event
from audit.services import faults, record
from blueprints.demo import fill
from blueprints.demo.purge import STARTED, purge
from common.errors import DomainError
from diplomas.models import Diploma
from nominations.models import Entry
from outbox.models import Job, Message, State
from results.models import Feedback, PublishedResult
from seasons.models import Season
from tests.world import build_world

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("demo", *arguments, stdout=out)
    return out.getvalue()


def rows() -> dict[str, int]:
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


def test_a_portal_the_world_can_reach_is_left_alone(settings):
    settings.DEBUG = False
    settings.ALLOWED_HOSTS = ["awards.example.com"]

    with pytest.raises(CommandError, match="--force-demo-data"):
        run()

    assert not Season.objects.exists()


def test_without_a_demo_there_are_no_signins():
    assert run("--signins") == "There is no demo here; manage.py demo fills one.\n"


def test_a_season_that_people_made_is_never_taken_away(season):
    with pytest.raises(DomainError, match="is not a season of the demo"):
        purge(season)

    assert Season.objects.filter(pk=season.pk).exists()


def test_nothing_of_a_season_outlives_it_in_rows_or_on_the_disk(settings):
    world = build_world()
    season = world.season
    record(STARTED, by=None, about=season, data={"season": season.pk, "role": "current"})
    assert [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()] != []

    purge(season)

    assert not Season.objects.filter(pk=season.pk).exists()
    assert [path.name for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()] == []


@pytest.mark.slow
def test_the_whole_demo(tmp_path, settings):
    """One long story, because filling takes its time."""
    run()

    past = Season.objects.get(slug="cx-award-2022")
    results = PublishedResult.objects.filter(season=past)
    assert results.filter(kind="laureate").values("nomination").distinct().count() == 27
    assert results.filter(kind="finalist").values("nomination").distinct().count() == 27
    assert set(Diploma.objects.filter(season=past).values_list("state", flat=True)) == {"ready"}
    assert Diploma.objects.filter(season=past).count() == results.count()
    judged = Entry.objects.filter(nomination__season=past, status="admitted").count()
    assert Feedback.objects.filter(entry__nomination__season=past).count() == judged
    assert not Message.objects.filter(state=State.WAITING).exists()
    assert not Job.objects.exclude(state=State.DONE).exists()
    current = fill.filled()
    assert current is not None
    assert (current.point, current.scale) == ("entering", "small")
    assert "nominee@example.org" in run("--signins")

    before = rows()
    said = run()
    assert "is at “entering” already." in said
    assert rows() == before

    run("--at", "judging")
    judging = fill.filled()
    assert judging is not None
    assert judging.point == "judging"
    run("--at", "entering")
    again = rows()
    changed = {name for name in before if before[name] != again[name]}
    # The portal's own chain remembers each rebuilding; nothing else is left behind.
    assert changed == {"audit.Event"}
    chains = set(Event.objects.values_list("chain", flat=True))
    assert [fault for chain in chains for fault in faults(chain)] == []
    assert Counter(Season.objects.values_list("slug", flat=True)) == {
        "cx-award-2022": 1,
        again_slug(): 1,
    }


def again_slug() -> str:
    there = fill.filled()
    assert there is not None
    return there.season.slug
