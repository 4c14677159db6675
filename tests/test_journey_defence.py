"""The defence of the CX award: three judges at their phones, one of them on paper, and the chair's close."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from judging.models import Assignment, Closure, Criterion, Leaf, Scorecard
from judging.services import advance, assign_everybody, plan_defence
from nominations.models import Entry
from nominations.services import admit_entry
from tests.story import PASSWORD, SLUG, Story
from tests.walk import Walk, Walker, overflow_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
ORDER = f"/judging/{SLUG}/defence/"


@pytest.fixture
def story(transactional_db) -> Story:
    """A finalist presents today; three judges hear it, and the first of them leads the jury."""
    story = Story()
    entry = admit_entry(story.rival_enters(), by=story.organiser)
    judges = [story.judge_joins(name) for name in ("Clara Chair", "Pavel Phone", "Vera Paper")]
    judges[0].chair = True
    judges[0].save(update_fields=["chair"])
    story.open_stage("defence")
    round_ = story.round("defence")
    advance(round_, [entry], by=story.organiser)
    assign_everybody(round_, by=story.organiser)
    at = timezone.now() + timedelta(minutes=5)
    plan_defence(round_, entry, by=story.organiser, starts_at=at, minutes=25, place="Great hall")
    return story


def narrow(walker: Walker) -> None:
    """No wider than the phone."""
    assert overflow_of(walker.page) == 0, walker.page.url


def score(judge: Walker, position: int) -> None:
    """From the running order to the scorecard: a mark for each criterion, and submit."""
    judge.page.locator(".slot__do .btn").first.click()
    expect(judge.page.locator(".live-clock [data-clock]")).to_be_visible()
    page = judge.look("scorecard")
    narrow(judge)
    for line in page.locator("[data-unit][data-answered]").all():
        line.locator(".marks__option").nth(position).tap()
    expect(page.locator("#score-saved")).to_have_attribute("data-state", "saved")
    page.locator("#scorecard-form").get_by_role("button", name="Submit").tap()
    page.get_by_role("dialog").get_by_role("button").last.tap()
    judge.sees("Submitted and locked")


def test_three_judges_score_a_defence_on_phones_and_one_on_paper(story: Story, walk: Walk) -> None:
    people = {name: walk(**PHONE) for name in ("clara", "pavel", "vera")}
    for name, walker in people.items():
        walker.sign_in(f"{name}@example.org", PASSWORD, ORDER)
        walker.sees("Rowan Bank")
        narrow(walker)
    clara, pavel, vera = people.values()

    secretary = walk(**PHONE)
    secretary.sign_in("olga@example.org", PASSWORD, ORDER)
    secretary.press("Start the presentation")
    # Everybody's page learns of it by itself.
    expect(pavel.page.locator(".clock__left")).to_be_visible()
    expect(clara.page.locator(".clock__phase")).to_contain_text("presentation")
    score(clara, 8)
    score(pavel, 6)

    secretary.follow(re.compile("Marks from paper"))
    narrow(secretary)
    vera_row = secretary.page.locator(".row-item", has_text="Vera Paper")
    vera_row.get_by_role("link", name=re.compile("Enter marks")).click()
    secretary.sees("Scan or photo of the sheet")
    page = secretary.look("enter from paper")
    narrow(secretary)
    for field in page.locator(".paper__mark").all():
        field.fill("7")
    secretary.press("Enter the sheet")
    vera.open("/judging/")
    vera.sees("Olga Organiser typed your marks from paper.")
    vera.follow("Look at it")
    narrow(vera)
    vera.press("Countersign")
    vera.sees("Submitted and locked")

    secretary.open(ORDER)
    secretary.sees("Scorecards submitted: 3 of 3")
    secretary.press("To the questions")
    secretary.press("End the defence")
    clara.open(ORDER)
    clara.page.locator(".slot__do").get_by_role("link", name="Close the scoring…").click()
    clara.sees("All scorecards are submitted")
    clara.look("close the scoring")
    narrow(clara)
    clara.press("Close the scoring")
    clara.sees("Scoring is closed")

    entry = Entry.objects.get()
    cards = Scorecard.objects.counted().filter(assignment__entry=entry)
    maximum = sum(
        Criterion.objects.filter(dimension__rubric__slug="defence").values_list(
            "maximum", flat=True
        )
    )
    count = Criterion.objects.filter(dimension__rubric__slug="defence").count()
    given = {card.assignment.judge.user.full_name: card.total for card in cards}
    assert given["Vera Paper"] == (Decimal(700 * count) / maximum).quantize(Decimal("0.000001"))
    assert (len(given), Leaf.objects.count()) == (3, 3)
    assert Assignment.objects.get(judge__user__full_name="Vera Paper").paper_sheets.get().scan == ""
    assert Closure.objects.get().missing == 0
