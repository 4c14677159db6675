"""A ceremony in a browser: the host's keys reveal, the public screen follows, the pages say the same."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from results.models import OutcomeRule
from results.services import (
    approve_page,
    arm_release,
    choose_disclosure,
    confirm_release,
    moderate_page,
    write_page,
)
from seasons.models import Stage
from tests.factories import PASSWORD
from tests.walk import Walk, Walker, accessibility_faults, overflow_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SHOTS = os.environ.get("SHOTS", "")


@pytest.fixture
def rule(
    transactional_db,
    settings,
    live_server,
    finalist_rule,
    admitted_entry,
    compete,
    essay_round,
    score,
    decide,
    organiser,
    second_organiser,
) -> OutcomeRule:
    settings.SITE_URL = live_server.url
    for entry in (admitted_entry, compete("Birch and Sons of the North")):
        score(entry, essay_round, 70, 80, 90)
    Stage.objects.filter(pk=finalist_rule.stage_id).update(
        opens_at=timezone.now() - timedelta(minutes=1)
    )
    decide(finalist_rule, admitted_entry)
    rule = OutcomeRule.objects.select_related("stage", "season").get(pk=finalist_rule.pk)
    confirm_release(arm_release(rule, by=organiser, by_ceremony=True), by=second_organiser)
    choose_disclosure(rule.season, by=organiser, chosen=["marks", "votes", "counts"])
    return rule


def look(walker: Walker, name: str) -> None:
    """Nothing runs over on a phone or fails the accessibility check; pictures on demand."""
    for width, height, theme in ((1280, 800, "light"), (390, 844, "dark")):
        walker.page.set_viewport_size({"width": width, "height": height})
        if "screen" not in name:
            walker.page.evaluate(f"document.documentElement.dataset.bsTheme = '{theme}'")
        assert overflow_of(walker.page) == 0, f"{name} at {width}"
        if theme == "light":
            assert accessibility_faults(walker.page) == [], name
        if SHOTS:
            path = Path(SHOTS) / f"{name}-{width}.png"
            walker.page.screenshot(path=path, full_page="screen" not in name)
    walker.page.set_viewport_size({"width": 1280, "height": 800})


def test_the_hall_and_the_public_see_the_same_at_the_same_moment(
    rule, admitted_entry, nominee, organiser, walk: Walk
) -> None:
    season, console = rule.season, f"/admin/results/outcomerule/{rule.pk}"
    host, hall = walk(), walk()
    host.sign_in("organiser@example.org", PASSWORD, f"{console}/preview/?as=public")
    frame = host.page.frame_locator("iframe")
    expect(frame.get_by_role("heading", name="Finalists", level=1)).to_be_visible()
    expect(frame.get_by_text("Preview. Nothing here is public yet.")).to_be_visible()
    if SHOTS:
        host.page.screenshot(path=Path(SHOTS) / "preview.png")
        for path in ("", "ceremony/", "ceremony/script/", "disclosure/"):
            host.open(f"{console}/{path or 'console/'}")
            host.page.screenshot(
                path=Path(SHOTS) / f"{(path or 'console').strip('/').replace('/', '-')}.png",
                full_page=True,
            )
    hall.open(f"/s/{season.slug}/ceremony/")
    look(hall, "screen-title")

    host.open(f"{console}/ceremony/screen/")
    host.page.keyboard.press("Space")
    expect(hall.page.get_by_role("heading", level=1)).to_have_text("Human-centred experience")
    hall.sees_not("Camomile")
    host.page.keyboard.press("ArrowRight")
    expect(hall.page.get_by_text("Camomile Ltd")).to_be_visible()
    look(hall, "screen-revealed")
    with host.page.expect_response("**/ceremony/act/"):
        host.page.keyboard.press("PageDown")

    write_page(
        admitted_entry,
        by=nominee,
        summary={"en": "We answer within a minute, and call back when we said so."},
    )
    approved = approve_page(admitted_entry, by=nominee)
    moderate_page(approved, by=organiser, publish=True, seen=approved.version)
    hall.open(f"/s/{season.slug}/results/")
    look(hall, "results")
    hall.follow("Camomile Ltd")
    hall.sees("We answer within a minute")
    look(hall, "laureate")
    for name in ("methodology", "disclosure", "results/print", "results/widget"):
        hall.open(f"/s/{season.slug}/{name}/")
        look(hall, name.replace("/", "-"))
    hall.open(f"/p/{season.programme.slug}/laureates/")
    look(hall, "archive")
    own = walk()
    own.sign_in("nominee@example.org", PASSWORD, f"/entries/{admitted_entry.pk}/public-page/")
    look(own, "own-page")
