"""The portal on a phone, by keyboard, in the dark, and at its narrowest."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from accounts.models import MemberRole, Membership, Organisation
from nominations.services import admit_entry, start_entry
from tests.factories import make_person
from tests.story import PASSWORD, SLUG, Story, prose
from tests.walk import Walk, Walker, overflow_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
NARROWEST = {"viewport": {"width": 360, "height": 780}, "has_touch": True, "is_mobile": True}
SEASON = f"/s/{SLUG}/"


@pytest.fixture
def story(transactional_db, settings, live_server):
    settings.SITE_URL = live_server.url
    return Story()


@pytest.fixture
def entry(story):
    """A draft in nomination 1 of somebody who signs in here."""
    nominee = make_person("nina@example.org", "Nina Nominee")
    company = Organisation.objects.create(name="Larch Telecom")
    Membership.objects.create(user=nominee, organisation=company, role=MemberRole.OWNER)
    return start_entry(story.nomination(1), company, by=nominee, kind="organisation")


@pytest.fixture
def assignment(story):
    """A rival's entry that Yana judges; judging is open."""
    from judging.services import assign

    rival = admit_entry(story.rival_enters(), by=story.organiser)
    judge = story.judge_joins("Yana Judge")
    story.open_stage("essay-judging")
    return assign(story.round("essay"), judge, rival, by=story.organiser)


def narrow_enough(walker: Walker) -> None:
    """The page does not scroll sideways."""
    if overflow_of(walker.page) > 0:
        walker.faults.append(f"{walker.page.url} is wider than the screen")


def test_a_nominee_writes_and_submits_on_a_phone(entry, walk: Walk) -> None:
    phone = walk(**PHONE)
    phone.sign_in("nina@example.org", PASSWORD, f"/entries/{entry.pk}/essay/")
    page = phone.page
    for section in page.locator("[data-answer]").all():
        section.get_by_role("textbox").tap()
        section.get_by_role("textbox").fill(prose(80, "clients"))
        section.get_by_role("textbox").blur()
        expect(section.locator(".autosave")).to_have_attribute("data-state", "saved")
    narrow_enough(phone)
    phone.open(f"/entries/{entry.pk}/preview/")
    narrow_enough(phone)
    page.get_by_role("button", name="Submit", exact=True).tap()
    page.wait_for_url("**/receipts/1/")
    phone.look()
    narrow_enough(phone)
    page.get_by_role("button", name="Menu").tap()
    page.get_by_role("link", name="My desk").first.tap()
    page.wait_for_url("**/desk/")
    phone.sees("Submitted. The organisers check it next.")
    phone.leave()


def test_a_judge_scores_on_a_phone(assignment, walk: Walk) -> None:
    phone = walk(**PHONE)
    phone.sign_in("yana@example.org", PASSWORD, f"/judging/assignments/{assignment.pk}/")
    page = phone.page
    narrow_enough(phone)
    page.get_by_role("link", name="Scorecard").tap()
    for line in page.locator("[data-unit][data-answered]").all():
        line.locator(".marks__option").nth(7).tap()
    expect(page.locator("#score-saved")).to_have_attribute("data-state", "saved")
    page.locator("#scorecard-form").get_by_role("button", name="Submit").tap()
    page.get_by_role("dialog").get_by_role("button", name="Yes, continue").tap()
    phone.sees("Submitted and locked")
    narrow_enough(phone)
    phone.leave()


def press_until(walker: Walker, key: str, there: Callable[[], bool], *, most: int = 150) -> None:
    """Press a key until the focus is where it should be."""
    for _step in range(most):
        if there():
            return
        walker.page.keyboard.press(key)
    raise AssertionError(f"{walker.page.url}: the keyboard does not get there")


def focused(walker: Walker, selector: str) -> Callable[[], bool]:
    """Whether the focused element is one of these."""
    return lambda: bool(
        walker.page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector)
    )


def test_a_judge_signs_in_and_scores_without_a_mouse(assignment, walk: Walk) -> None:
    judge = walk()
    page = judge.open(f"/accounts/login/?next=/judging/assignments/{assignment.pk}/")
    press_until(judge, "Tab", focused(judge, "input[name=login]"))
    page.keyboard.type("yana@example.org")
    press_until(judge, "Tab", focused(judge, "input[name=password]"))
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/accounts/" not in url)
    lines = page.locator("[data-unit][data-answered]")
    for at in range(lines.count()):
        name = lines.nth(at).locator("input[type=radio]").first.get_attribute("name")
        press_until(judge, "Tab", focused(judge, f"input[name='{name}']"))
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
        expect(lines.nth(at).locator("input:checked")).to_have_count(1)
    press_until(judge, "Tab", focused(judge, "#id_comment"))
    page.keyboard.type("Written without a mouse.")
    press_until(judge, "Tab", focused(judge, "button[formaction]"))
    expect(page.locator("#score-saved")).to_have_attribute("data-state", "saved")
    page.keyboard.press("Enter")
    page.get_by_role("dialog").wait_for()
    press_until(
        judge,
        "Tab",
        lambda: page.evaluate("document.activeElement.textContent.trim()") == "Yes, continue",
    )
    page.keyboard.press("Enter")
    judge.sees("Submitted and locked")
    judge.leave()


def test_the_main_pages_read_well_in_the_dark(entry, assignment, walk: Walk) -> None:
    dark = walk(color_scheme="dark")
    for path in ("/", SEASON, f"{SEASON}nominations/", f"{SEASON}nominations/6/", f"{SEASON}jury/"):
        dark.open(path)
    shade = dark.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert max(int(part) for part in re.findall(r"\d+", shade)[:3]) < 80
    dark.sign_in("nina@example.org", PASSWORD)
    for name in ("", "details/", "essay/", "preview/"):
        dark.open(f"/entries/{entry.pk}/{name}")
    judge = walk(color_scheme="dark")
    judge.sign_in("yana@example.org", PASSWORD, "/judging/")
    judge.open(f"/judging/assignments/{assignment.pk}/")
    for person in (dark, judge):
        person.leave()


def test_no_page_scrolls_sideways_on_the_narrowest_phone(entry, assignment, walk: Walk) -> None:
    visitor = walk(**NARROWEST)
    for path in (
        "/",
        SEASON,
        *(f"{SEASON}{name}/" for name in ("nominations", "rules", "jury", "results")),
        f"{SEASON}nominations/6/",
        "/accounts/login/",
        "/accounts/signup/",
        "/accounts/password/reset/",
        "/nowhere/",
    ):
        visitor.open(path)
        narrow_enough(visitor)
    nominee = walk(**NARROWEST)
    nominee.sign_in("nina@example.org", PASSWORD)
    company = entry.organisation_id
    for path in (
        "/desk/",
        "/profile/",
        f"/organisations/{company}/",
        "/organisations/new/",
        *(f"/entries/{entry.pk}/{name}" for name in ("", "details/", "essay/", "preview/")),
    ):
        nominee.open(path)
        narrow_enough(nominee)
    judge = walk(**NARROWEST)
    judge.sign_in("yana@example.org", PASSWORD)
    for path in (
        "/judging/",
        f"/judging/{SLUG}/agreement/",
        f"/judging/{SLUG}/defence/",
        f"/judging/assignments/{assignment.pk}/",
        f"/judging/assignments/{assignment.pk}/recuse/",
    ):
        judge.open(path)
        narrow_enough(judge)
    for person in (visitor, nominee, judge):
        person.leave()
