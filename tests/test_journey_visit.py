"""A visit from its plan to the marks: organiser, applicant, and a judge with a phone on site."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from judging.models import Assignment, Criterion, Round, Scorecard, SiteVisit
from judging.tests.visits import make_visited_round, photo
from tests.factories import PASSWORD
from tests.walk import Walk, overflow_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


@pytest.fixture
def visits(
    transactional_db,
    season,
    rubric,
    jury,
    judging_open,
    judge,
    conflicted_judge,
    admitted_entry,
    organiser,
) -> Round:
    """A round of visits with a check list, an admitted entry, and two judges, one in conflict."""
    judging_open()
    made: Round = make_visited_round(season, rubric, jury, season.stages.get(kind="judging"))
    return made


def plan(page: Page, number: str) -> None:
    """Fill in the form of a visit that begins tomorrow."""
    start = timezone.now() + timedelta(hours=30)
    page.get_by_label("Round").select_option(index=1)
    page.get_by_label("Entry number").fill(number)
    for name, at in (("starts_at", start), ("ends_at", start + timedelta(hours=2))):
        page.locator(f"[name={name}_0]").fill(f"{at:%Y-%m-%d}")
        page.locator(f"[name={name}_1]").fill(f"{at:%H:%M:%S}")
    page.locator("[name=place]").fill("Camomile street 1")


def saved(page: Page) -> None:
    expect(page.locator("#visit-saved")).to_have_attribute("data-state", "saved")


def agree(page: Page) -> None:
    """Say yes to the question of the page."""
    page.get_by_role("dialog").get_by_role("button").last.click()


def test_a_visit_goes_from_its_plan_to_the_marks(visits, admitted_entry, walk: Walk) -> None:
    olga = walk()
    olga.sign_in("organiser@example.org", PASSWORD, "/admin/judging/sitevisit/add/")
    plan(olga.page, admitted_entry.number)
    olga.page.get_by_role("button", name="Save", exact=True).click()
    olga.sees("Now say who goes")
    olga.sees_not("Kira Conflicted")
    olga.page.get_by_label("Yuri Judge").check()
    olga.page.get_by_role("button", name="Save", exact=True).click()
    olga.sees("Yuri Judge")

    nina = walk(**PHONE)
    nina.sign_in("nominee@example.org", PASSWORD, f"/entries/{admitted_entry.pk}/")
    nina.sees("Camomile street 1")
    nina.follow("Confirm, or ask for another time")
    assert overflow_of(nina.page) == 0
    nina.press("We are ready at that time")
    nina.sees("You have confirmed this time")

    SiteVisit.objects.update(starts_at=timezone.now() - timedelta(minutes=1))
    yuri = walk(**PHONE)
    yuri.sign_in("judge@example.org", PASSWORD, "/judging/")
    page = yuri.page
    page.locator("#my-visits").scroll_into_view_if_needed()
    page.get_by_role("heading", level=3).get_by_role("link").first.click()
    yuri.look()
    assert overflow_of(page) == 0
    page.get_by_text("Partly", exact=True).click()
    saved(page)
    yuri.context.set_offline(True)
    page.get_by_label("Line wait").first.fill("12,5")
    expect(page.locator("#visit-saved")).to_have_attribute("data-state", "offline")
    yuri.context.set_offline(False)
    saved(page)
    page.get_by_label("What you saw").fill("The hall is quiet; every screen is locked.")
    sent = photo(side=400)
    page.locator("#id_photos").set_input_files(
        {"name": "hall.jpg", "mimeType": "image/jpeg", "buffer": sent.read()}
    )
    yuri.press("Add the finding")
    expect(page.locator(".finding img")).to_be_visible()
    yuri.look("with a finding")
    page.get_by_role("button", name="The visit is done").click()
    agree(page)
    yuri.sees("Done and locked")
    yuri.look("done")
    assert overflow_of(page) == 0

    own = Assignment.objects.get(round=visits)
    yuri.open(own.get_absolute_url())
    yuri.sees("every screen is locked")
    assert overflow_of(page) == 0
    for criterion in Criterion.objects.filter(dimension__rubric=visits.rubric):
        page.locator(f"#criterion-{criterion.pk} .marks__option").nth(1).click()
    expect(page.locator("#score-saved")).to_have_attribute("data-state", "saved")
    page.get_by_role("button", name="Submit", exact=True).click()
    agree(page)
    yuri.sees("Submitted and locked")

    assert SiteVisit.objects.get().answers.count() == 2
    assert Scorecard.objects.get().total is not None
