"""Scoring without a mouse, quoting the essay, and going on without a network, in a real browser."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from judging.models import Assignment, Mark, Quote

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SELECT = """() => {
  const node = document.querySelector('[data-words=approach] p').firstChild;
  const range = document.createRange();
  range.setStart(node, 3); range.setEnd(node, 15);
  getSelection().removeAllRanges(); getSelection().addRange(range);
}"""


@pytest.fixture
def page(
    context: BrowserContext,
    live_server: Any,
    client_of: Callable[..., Any],
    judge_user: Any,
    work: Assignment,
) -> Page:
    """The scorecard, opened by its judge."""
    session = client_of(judge_user).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page = context.new_page()
    page.goto(live_server.url + work.get_absolute_url())
    return page


def test_keys_mark_abstain_and_tell_what_they_do(page, criteria):
    saved = page.locator("#score-saved[data-state=saved]")
    page.keyboard.press("1")
    page.keyboard.press("0")
    expect(page.locator("[data-progress-value]")).to_have_text("1")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("a")
    expect(page.locator("[data-progress-value]")).to_have_text("2")
    expect(saved).to_be_visible()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()

    marks = [(one.value, one.abstained) for one in Mark.objects.order_by("criterion__position")]
    assert marks == [(10, False), (None, True)]


def test_selected_words_are_attached_without_a_network_and_removed_again(page, context, criteria):
    line = page.locator(f"#criterion-{criteria[0].pk}")
    line.locator("input[type=radio]").first.focus()
    context.set_offline(True)
    page.evaluate(SELECT)
    expect(page.locator("#quote-bar")).to_be_visible()
    page.locator("[data-quote-selected]").click()
    expect(line.locator(".quote.is-waiting")).to_have_count(1)
    expect(page.locator("[data-waiting]")).to_have_text("1")
    context.set_offline(False)
    expect(line.locator("[data-quote]")).to_have_count(1, timeout=15000)
    stored = Quote.objects.get()
    line.locator("[data-quote-jump]").click()
    expect(page.locator("[data-words=approach]")).to_be_focused()
    line.locator("[data-quote-remove]").click()
    expect(line.locator("[data-quote]")).to_have_count(0)
    expect(page.locator("#score-saved[data-state=saved]")).to_be_visible()

    assert (stored.text, stored.start > 0, Quote.objects.count()) == ("did approach", True, 0)
