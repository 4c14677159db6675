"""The scorecard's script in a real browser: it saves, notices others, and survives the network."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import BrowserContext, Locator, Page, expect

from judging.models import (
    Assignment,
    Criterion,
    Mark,
    ReferenceMark,
    Round,
    Sample,
    Scorecard,
    ScorecardStatus,
    TrialMark,
)
from tests.factories import make_revision

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def sign_in(
    context: BrowserContext, live_server: Any, client_of: Callable[..., Any], judge_user: Any
) -> Callable[[], None]:
    """Give the browser a session of the judge."""

    def sign() -> None:
        session = client_of(judge_user).cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])

    return sign


@pytest.fixture
def opened(
    context: BrowserContext, live_server: Any, sign_in: Callable[[], None], work: Assignment
) -> Callable[[], Page]:
    """Open the scorecard in a window."""
    sign_in()

    def window() -> Page:
        page = context.new_page()
        page.goto(live_server.url + work.get_absolute_url())
        return page

    return window


def line(page: Page, criterion: Criterion) -> Locator:
    return page.locator(f"#criterion-{criterion.pk}")


def give(page: Page, criterion: Criterion, mark: int) -> None:
    line(page, criterion).locator(f"label:has(input[value='{mark}'])").click()


def expect_state(page: Page, state: str) -> None:
    expect(page.locator("#score-saved")).to_have_attribute("data-state", state, timeout=15000)


def stored(criterion: Criterion) -> Any:
    return Mark.objects.get(criterion=criterion).value


def test_marks_and_comments_save_themselves(opened, criteria):
    page = opened()

    give(page, criteria[0], 8)
    expect(page.locator("[data-total]")).to_have_text("80.0")
    page.fill("#id_comment", "Strong work")
    expect_state(page, "saved")
    page.reload()

    assert stored(criteria[0]) == 8
    expect(page.locator("#id_comment")).to_have_value("Strong work")
    expect(page.locator("[data-progress-value]")).to_have_text("1")


def test_marks_of_a_sample_save_themselves_and_survive_the_network(
    context, live_server, sign_in, work, criteria
):
    Round.objects.update(calibration="required")
    sample = Sample.objects.create(round=work.round, slug="calm", title={"en": "A calm line"})
    for one in criteria:
        ReferenceMark.objects.create(sample=sample, criterion=one, value=7, reason={"en": "So."})
    sign_in()
    page = context.new_page()
    page.goto(live_server.url + reverse("judging:sample", args=[sample.pk]))
    saved = page.locator("#sample-saved")

    give(page, criteria[0], 8)
    expect(saved).to_have_attribute("data-state", "saved")
    context.set_offline(True)
    give(page, criteria[1], 6)
    expect(saved).to_have_attribute("data-state", "offline")
    context.set_offline(False)
    expect(page.locator("#sample-progress [data-progress-value]")).to_have_text("2", timeout=15000)
    page.get_by_role("button", name="Submit").click()

    expect(page.get_by_text("Submitted and locked")).to_be_visible()
    assert set(TrialMark.objects.values_list("value", flat=True)) == {6, 8}


def test_the_keyboard_goes_on_with_enter_and_marks_with_arrows(opened, criteria):
    page = opened()
    give(page, criteria[0], 8)

    page.keyboard.press("Enter")
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-progress-value]")).to_have_text("2")

    assert stored(criteria[1]) == 1


def test_two_windows_do_not_overwrite_each_other(opened, criteria):
    first, second = opened(), opened()
    give(second, criteria[0], 3)
    expect_state(second, "saved")

    give(first, criteria[0], 9)
    clash = line(first, criteria[0]).locator("[data-clash]")
    expect(clash).to_contain_text("Another window holds: 3")
    kept = stored(criteria[0])
    clash.get_by_role("button", name="Keep mine").click()
    expect_state(first, "saved")

    assert (kept, stored(criteria[0])) == (3, 9)


def test_what_was_given_without_a_network_is_sent_later(opened, criteria, context):
    page = opened()
    context.set_offline(True)
    give(page, criteria[0], 7)
    expect_state(page, "offline")
    page.close(run_before_unload=False)
    context.set_offline(False)

    again = opened()
    expect_state(again, "saved")

    assert stored(criteria[0]) == 7
    assert (
        again.evaluate("Object.keys(localStorage).filter((k) => k.startsWith('scorecard'))") == []
    )


def test_an_expired_session_loses_nothing(opened, criteria, sign_in):
    page = opened()
    Session.objects.all().delete()
    give(page, criteria[0], 6)
    notice = page.locator("[data-signed-out]")
    expect(notice).to_be_visible()
    before = Mark.objects.count()

    sign_in()
    expect_state(page, "saved")

    expect(notice).to_be_hidden()
    assert (before, stored(criteria[0])) == (0, 6)


def test_submitting_waits_for_the_last_change_and_asks_first(opened, criteria):
    page = opened()
    give(page, criteria[0], 8)
    give(page, criteria[1], 6)

    page.locator(".workbar").get_by_role("button", name="Submit").click()
    page.locator("dialog").get_by_role("button", name="Yes, continue").click()
    expect(page.locator(".sealed")).to_contain_text("70.0")

    assert Scorecard.objects.get().status == ScorecardStatus.SUBMITTED


def test_what_another_entry_refuses_is_named_and_kept_until_the_judge_decides(
    opened, criteria, context, live_server, work, judge_user, more_entries, nominee
):
    page = opened()
    context.set_offline(True)
    give(page, criteria[0], 7)
    expect_state(page, "offline")
    page.close(run_before_unload=False)
    make_revision(work.entry, nominee)
    entry = more_entries(1)[0]
    other = Assignment.objects.create(round=work.round, judge=work.judge, entry=entry)
    context.set_offline(False)

    elsewhere = context.new_page()
    elsewhere.goto(live_server.url + other.get_absolute_url())
    notice = elsewhere.locator("[data-elsewhere]")
    expect(notice).to_contain_text(f"{work.entry.number} · Camomile Ltd")
    expect(notice).to_contain_text("Clarity: 7")
    expect(notice).to_contain_text("replaced by a new revision")
    before = Mark.objects.count()
    notice.get_by_role("link", name="Open the entry").click()
    clash = line(elsewhere, criteria[0]).locator("[data-clash]")
    expect(clash).to_contain_text("earlier revision")
    clash.get_by_role("button", name="Keep mine").click()
    expect_state(elsewhere, "saved")

    assert (before, stored(criteria[0])) == (0, 7)
