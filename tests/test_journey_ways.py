"""A judge says yes, no or maybe by keys, drags entries into order on a phone, and compares pairs."""

import re

import pytest
from playwright.sync_api import Page, expect

from judging.models import Assignment, Round, Scorecard
from nominations.models import EntryStatus
from tests.factories import PASSWORD, make_entry
from tests.walk import Walk, accessibility_faults, overflow_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def rounds(
    transactional_db,
    season,
    essay_round,
    judging_open,
    assignment,
    other_organisation,
    other_nominee,
) -> dict[str, Round]:
    """A screening, a ranking and pairs, each of the same three entries."""
    judging_open()
    nomination = assignment.entry.nomination
    entries = [assignment.entry] + [
        make_entry(nomination, other_organisation, other_nominee, EntryStatus.ADMITTED)
        for _number in range(2)
    ]
    assignment.delete()
    made = {}
    for way in ("screening", "ranking", "pairwise"):
        made[way] = Round.objects.create(
            season=season,
            slug=way,
            name={"en": f"Round by {way}"},
            stage=essay_round.stage,
            rubric=essay_round.rubric,
            way=way,
            quorum=1,
        )
        made[way].juries.add(assignment.judge.jury)
        for entry in entries:
            Assignment.objects.create(round=made[way], judge=assignment.judge, entry=entry)
    return made


def submit(page: Page) -> None:
    """Press the button and say yes to the question."""
    page.get_by_role("button", name="Submit", exact=True).click()
    page.get_by_role("dialog").get_by_role("button").last.click()


def sound(page: Page) -> None:
    """Readable by everybody, and no wider than the screen."""
    assert accessibility_faults(page) == []
    assert overflow_of(page) == 0


def test_a_judge_works_by_keys_by_dragging_and_by_pairs(rounds, walk: Walk) -> None:
    yuri = walk()
    yuri.sign_in("judge@example.org", PASSWORD, f"/judging/rounds/{rounds['screening'].pk}/")
    page = yuri.page
    yuri.follow(re.compile("Go on with"))
    for number, key in (("CX22-0002", "y"), ("CX22-0003", "m")):
        page.keyboard.press(key)
        expect(page).to_have_title(re.compile(number))
    sound(page)
    page.keyboard.press("n")
    yuri.sees("Every entry has your verdict")
    submit(page)
    yuri.sees("3 verdicts are submitted")

    page.set_viewport_size({"width": 390, "height": 844})
    yuri.open(f"/judging/rounds/{rounds['ranking'].pk}/lists/1/")
    sound(page)
    page.get_by_role("button", name="Move Camomile Ltd down").click()
    expect(page.locator("#way-saved")).to_have_attribute("data-state", "saved")
    handles = page.locator("[data-handle]")
    handles.nth(1).scroll_into_view_if_needed()
    page.evaluate("window.scrollTo(0, 300)")
    start, above = handles.nth(1).bounding_box(), handles.nth(0).bounding_box()
    assert start is not None
    assert above is not None
    page.mouse.move(start["x"] + 8, start["y"] + 20)
    page.mouse.down()
    page.mouse.move(above["x"] + 8, above["y"] + 4, steps=8)
    page.mouse.up()
    expect(page.locator("[data-row]").first).to_have_attribute("data-name", "Camomile Ltd")
    submit(page)
    yuri.sees("Submitted and locked")

    yuri.open(f"/judging/rounds/{rounds['pairwise'].pk}/lists/1/")
    sound(page)
    for left in (1, 2, 3):
        page.keyboard.press("ArrowLeft")
        expect(page.locator("[data-progress-value]")).to_have_text(str(left))
    submit(page)
    yuri.sees("Your list is submitted")

    totals = Scorecard.objects.filter(assignment__round=rounds["ranking"]).order_by("assignment")
    assert [float(card.total or 0) for card in totals] == [100.0, 50.0, 0.0]
    assert Scorecard.objects.filter(status="submitted").count() == 9
