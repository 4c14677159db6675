"""An organiser looks at the jury's comments and writes a summary; the nominee and the public read what is left."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from judging.models import Meeting, Round
from results.models import CHOICES
from results.services import choose_disclosure
from results.tests.conftest import url_of
from seasons.models import Season, Stage, StageKind
from tests.factories import PASSWORD
from tests.walk import Walk, Walker, accessibility_faults, overflow_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SHOTS = os.environ.get("SHOTS", "")
DARK = "document.documentElement.classList.add('dark'); document.documentElement.dataset.bsTheme = 'dark'"


def look(walker: Walker, name: str) -> None:
    """Nothing runs over on a phone or fails the accessibility check; pictures on demand."""
    assert accessibility_faults(walker.page) == [], name
    for width in (1280, 390):
        walker.page.set_viewport_size({"width": width, "height": 844})
        assert overflow_of(walker.page) == 0, f"{name} at {width}"
        if SHOTS:
            walker.page.screenshot(path=Path(SHOTS) / f"{name}-{width}.png", full_page=True)
    if SHOTS:
        walker.page.set_viewport_size({"width": 1280, "height": 844})
        walker.page.evaluate(DARK)
        walker.page.screenshot(path=Path(SHOTS) / f"{name}-dark.png", full_page=True)
    walker.page.set_viewport_size({"width": 1280, "height": 844})


def test_comments_are_looked_at_and_a_meeting_is_summarised(
    live_server,
    settings,
    season,
    finalist_rule,
    admitted_entry,
    compete,
    essay_round,
    score,
    publish,
    organiser,
    walk: Walk,
) -> None:
    settings.SITE_URL = live_server.url
    now = timezone.now()
    Season.objects.filter(pk=season.pk).update(moderate_comments=True)
    score(admitted_entry, essay_round, 70, 80, 90, comment="As perlin told you: a bold idea.")
    score(compete("Birch"), essay_round, 60, 70, 80, comment="Clear goals, well measured.")
    Stage.objects.filter(pk=essay_round.stage_id).update(
        opens_at=now - timedelta(days=9), closes_at=now - timedelta(days=1)
    )
    finalist_rule.season.refresh_from_db()
    publish(finalist_rule, admitted_entry)
    choose_disclosure(season, by=organiser, chosen=CHOICES)
    Stage.objects.filter(kind=StageKind.FEEDBACK).update(opens_at=now)
    Meeting.objects.create(
        round=Round.objects.get(pk=essay_round.pk),
        entry=admitted_entry,
        notes="Sharp words.",
        decision="The marks stay.",
        opened_by=organiser,
        opened_at=now,
        closed_by=organiser,
        closed_at=now,
    )
    office, own, visitor = walk(), walk(), walk()

    office.sign_in("organiser@example.org", PASSWORD, url_of(finalist_rule, "comments"))
    office.press("Look for new comments")
    look(office, "comments")
    office.follow("Tick all on this page without a warning")
    office.press("Show what is ticked")
    office.sees("comments are shown.")
    office.sees_not("perlin")
    first = office.page.locator("section.rc-box").filter(has_text="a bold idea").first
    first.get_by_text("Change the text, or hold it back").click()
    first.get_by_role("button", name="Hold it back").click()
    office.sees("Say why it is held back")
    office.page.get_by_label("Text that is shown instead").fill("A bold idea.")
    office.press("Show this text")
    office.open(url_of(finalist_rule, "disclosure"))
    look(office, "disclosure-office")
    office.follow("Summaries of consensus meetings")
    look(office, "discussions")
    office.follow("The jury's table")
    office.page.get_by_label("Summary for the public").fill("The jury weighed the figures anew.")
    office.press("Keep the summary")
    look(office, "table")

    own.sign_in("nominee@example.org", PASSWORD, f"/entries/{admitted_entry.pk}/feedback/")
    own.sees("A bold idea.")
    own.sees("still being looked at")
    own.sees_not("perlin")
    look(own, "feedback")

    visitor.open(f"/s/{season.slug}/disclosure/")
    expect(visitor.page.get_by_text("The jury weighed the figures anew.")).to_be_visible()
    visitor.sees_not("Sharp words.")
    look(visitor, "disclosure")
    visitor.open(f"/s/{season.slug}/methodology/")
    look(visitor, "methodology")
