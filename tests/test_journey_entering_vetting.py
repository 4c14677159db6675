"""An entry of figures with proof: returned with comments, changed, compared, submitted again, admitted."""

import re
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from nominations.models import (
    Aspect,
    Check,
    CheckItem,
    Entry,
    EntryStatus,
    Nomination,
    Prompt,
    PromptKind,
    Purpose,
)
from nominations.services import (
    add_attachment,
    add_vetter,
    save_answer,
    save_check,
    submit_entry,
)
from outbox.models import Message
from tests.factories import PASSWORD, make_entry, make_nomination, make_person
from tests.walk import Walk
from tests.world import picture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LINES = [
    (Aspect.TRUTH, "The centre exists and the case is its own"),
    (Aspect.COMPLETENESS, "Every answer says what the question asks"),
    (Aspect.FIGURES, "NPS agrees with the proof"),
]


@pytest.fixture
def centre(category: Any) -> Nomination:
    """The contact centre of the year: an essay, NPS with its proof, and a check list."""
    nomination = make_nomination(category, 2, "Contact centre of the year")
    Prompt.objects.create(
        nomination=nomination,
        position=3,
        slug="nps",
        kind=PromptKind.METRIC,
        label={"en": "Customer satisfaction (NPS)"},
        unit={"en": "points"},
    )
    for position, (aspect, text) in enumerate(LINES, start=1):
        CheckItem.objects.create(
            nomination=nomination,
            position=position,
            slug=f"line-{position}",
            aspect=aspect,
            text={"en": text},
        )
    return nomination


@pytest.fixture
def entry(centre: Nomination, organisation: Any, nominee: Any) -> Entry:
    """Submitted, with 72 points said and a file that proves something else."""
    entry = make_entry(centre, organisation, nominee)
    prompt = centre.prompts.get(slug="nps")
    said = '{"value":"72","period":"2024","source":"Survey of 4,000 clients"}'
    save_answer(entry, prompt, said, by=nominee, base_version=1)
    add_attachment(
        entry, picture("nps-2024.png"), by=nominee, purpose=Purpose.ANSWER, prompt=prompt
    )
    submit_entry(entry, by=nominee, key=uuid4())
    return entry


@pytest.fixture
def vetter(season: Any, organiser: Any) -> Any:
    person = make_person("vetter@example.org", "Vera Vetter")
    add_vetter(season, person, by=organiser)
    return person


def line(walker: Any, text: str) -> Any:
    return walker.page.get_by_role("group", name=re.compile(re.escape(text)))


def test_an_entry_is_returned_changed_compared_and_admitted(
    walk: Walk, entry: Entry, nominee: Any, vetter: Any, organiser: Any
) -> None:
    # The vetter comes in from the desk, ticks the list and finds a figure that its proof does not bear.
    vera = walk()
    vera.sign_in(vetter.email, PASSWORD)
    vera.follow("Check entries")
    vera.follow(re.compile(rf"^{entry.number}"))
    vera.sees("72 points")
    vera.sees("nps-2024.png")
    for _aspect, text in LINES[:2]:
        line(vera, text).get_by_role("radio", name="in order", exact=True).click()
    line(vera, LINES[2][1]).get_by_role("radio", name="in doubt").click()
    line(vera, LINES[2][1]).get_by_role("textbox").fill("The file shows 68, the answer 72.")
    expect(vera.page.locator("#checks-done")).to_contain_text("3")
    expect(vera.page.locator("#checks-saved")).to_have_attribute("data-state", "saved")
    expect(line(vera, LINES[2][1]).locator("[data-who]")).to_contain_text("Vera Vetter")
    vera.open(f"/vetting/{entry.pk}/")
    expect(line(vera, LINES[2][1]).get_by_role("textbox")).to_have_value(
        "The file shows 68, the answer 72."
    )

    # A colleague has the page open with an older finding: both are shown, nothing is overwritten.
    olga = walk()
    olga.sign_in(organiser.email, PASSWORD, next_path=f"/vetting/{entry.pk}/")
    check = Check.objects.select_related("revision__entry", "item").get(verdict="doubt")
    save_check(
        check.revision,
        check.item,
        by=vetter,
        verdict="wrong",
        note="It shows 68.",
        base=check.at.isoformat(),
    )
    line(olga, LINES[2][1]).get_by_role("radio", name="in order", exact=True).click()
    olga.sees("Vera Vetter changed this finding meanwhile: not in order. It shows 68.")
    olga.press("Take the other")
    expect(line(olga, LINES[2][1]).get_by_role("textbox")).to_have_value("It shows 68.")
    assert Check.objects.get(pk=check.pk).verdict == "wrong"

    # Admission is not for a vetter while a line is not in order; the entry goes back.
    vera.open(f"/vetting/{entry.pk}/")
    vera.follow("Admit…")
    vera.sees("Only an organiser can admit the entry now.")
    vera.follow("Cancel")
    vera.follow("Return for changes…")
    expect(vera.page.get_by_label("What is to be changed")).to_have_value(
        "- NPS agrees with the proof: It shows 68."
    )
    vera.press("Return the entry")
    vera.sees(f"{entry.number} is returned to its nominee.")

    # The nominee reads why and until when, corrects the figure, compares and submits again.
    nina = walk(timezone_id="Asia/Shanghai")
    nina.sign_in(nominee.email, PASSWORD)
    nina.sees("It shows 68.")
    nina.open(f"/entries/{entry.pk}/")
    nina.sees("Returned to you for changes")
    expect(nina.page.locator(".standing time[data-countdown]")).to_contain_text("day")
    answer = entry.answers.get(prompt__slug="nps")
    nina.open(f"/entries/{entry.pk}/essay/")
    nina.page.locator(f"#answer-{answer.prompt_id}").get_by_role("textbox", name="Value").fill("68")
    nina.page.locator(f"#answer-{answer.prompt_id} .autosave[data-state='saved']").wait_for()
    nina.open(f"/entries/{entry.pk}/")
    nina.follow("What changed in the draft since the latest revision")
    expect(nina.page.locator("del")).to_have_text("72 ")
    expect(nina.page.locator("ins")).to_have_text("68 ")
    nina.open(f"/entries/{entry.pk}/preview/")
    nina.press("Submit again")
    nina.sees("Receipt")

    # The vetter sees what changed and what was found before, ticks the list anew and admits.
    vera.open("/s/cx-2022/vetting/?state=waiting")
    vera.follow(re.compile(rf"^{entry.number}"))
    vera.sees("Revision 1: not in order (Vera Vetter)")
    vera.follow(re.compile("What changed since"))
    expect(vera.page.locator("ins")).to_have_text("68 ")
    vera.follow(entry.number)
    for _aspect, text in LINES:
        line(vera, text).get_by_role("radio", name="in order", exact=True).click()
    expect(vera.page.locator("#checks-done")).to_have_class(re.compile("is-full"))
    expect(vera.page.locator("#checks-saved")).to_have_attribute("data-state", "saved")
    vera.follow("Admit…")
    vera.press("Admit to judging")
    vera.sees(f"{entry.number} is admitted.")

    entry.refresh_from_db()
    assert entry.status == EntryStatus.ADMITTED
    kinds = (
        Message.objects.filter(email=nominee.email).order_by("pk").values_list("kind", flat=True)
    )
    assert list(kinds) == ["entry-receipt", "entry-returned", "entry-receipt", "entry-admitted"]
    assert [*vera.faults, *olga.faults, *nina.faults] == []


def test_a_disqualified_entry_says_why_and_the_list_works_on_a_phone_by_keyboard(
    walk: Walk, entry: Entry, nominee: Any, organiser: Any
) -> None:
    olga = walk(viewport={"width": 390, "height": 844})
    olga.sign_in(organiser.email, PASSWORD, next_path=f"/vetting/{entry.pk}/")
    wide = olga.page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0
    line(olga, LINES[0][1]).get_by_role("radio").first.focus()
    olga.page.keyboard.press("ArrowRight")
    olga.page.keyboard.press("ArrowRight")
    olga.page.keyboard.press("Tab")
    olga.page.keyboard.type("Another company's file.")
    expect(olga.page.locator("#checks-saved")).to_have_attribute("data-state", "saved")
    check = Check.objects.get()
    assert (check.verdict, check.note) == ("wrong", "Another company's file.")
    olga.follow("Disqualify…")
    olga.page.get_by_label("Reason").fill("False data: the proof is of another company.")
    olga.press("Disqualify")
    olga.sees("is disqualified.")

    nina = walk(viewport={"width": 390, "height": 844})
    nina.sign_in(nominee.email, PASSWORD, next_path=f"/entries/{entry.pk}/")
    nina.sees("This entry is disqualified")
    nina.sees("False data: the proof is of another company.")
    nina.sees("write to the organisers")
    nina.sees("Revision 1")
    mail = Message.objects.get(kind="entry-disqualified")
    assert (mail.email, mail.context["reason"]) == (
        nominee.email,
        "False data: the proof is of another company.",
    )
    assert [*olga.faults, *nina.faults] == []
