"""Two people enter together: invited by mail, seeing each other, choosing between two texts, handing over."""

import io
import json
import re
import zipfile
from pathlib import Path

import pytest
from django.core import mail
from playwright.sync_api import Locator, expect

from accounts.models import MemberRole, Membership, Organisation
from nominations.models import Answer, Comment, Entry
from nominations.services import start_entry
from tests.factories import make_person
from tests.story import PASSWORD, Story
from tests.walk import Walk, Walker, overflow_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OWNER, COLLEAGUE, CLIENT = "nina@example.org", "anna@example.org", "clio@example.org"
ODD = "a long and odd phrase"


@pytest.fixture
def story(transactional_db, settings, live_server):
    settings.SITE_URL = live_server.url
    return Story()


@pytest.fixture
def entry(story):
    nina = make_person(OWNER, "Nina Nominee")
    company = Organisation.objects.create(name="Larch Telecom")
    Membership.objects.create(user=nina, organisation=company, role=MemberRole.OWNER)
    return start_entry(story.nomination(1), company, by=nina, kind="organisation")


def link_to(email: str, about: str) -> str:
    """The first link of the newest letter to somebody whose subject has these words."""
    found = [one for one in mail.outbox if email in one.to and about in one.subject]
    return re.search(r"https?://\S+", str(found[-1].body))[0]


def field(walker: Walker, number: int = 0) -> Locator:
    """The text of an answer, by its place on the page."""
    return walker.page.locator("[data-answer]:visible textarea").nth(number)


def saved(walker: Walker, number: int = 0) -> None:
    """Wait until the server has the answer."""
    mark = walker.page.locator("[data-answer]:visible").nth(number).locator(".autosave")
    expect(mark).to_have_attribute("data-state", "saved")


def test_two_people_write_one_entry(story: Story, entry: Entry, walk: Walk) -> None:
    nina = walk()
    essay = f"/entries/{entry.pk}/essay/"
    invites_a_colleague(nina, entry)
    anna = walk()
    signs_up_through_the_link(anna)
    they_see_each_other(nina, anna, essay)
    they_change_the_same_answer(nina, anna, entry)
    they_talk(nina, anna, entry)
    a_client_is_let_into_this_entry_alone(nina, walk(), entry)
    the_ownership_goes_to_anna(nina, anna, entry)
    nina_takes_her_data_along(nina, entry)
    for person in (nina, anna):
        person.leave()


def invites_a_colleague(nina: Walker, entry: Entry) -> None:
    page = nina.sign_in(OWNER, PASSWORD, f"/organisations/{entry.organisation_id}/")
    form = page.locator("form.people__invite")
    form.get_by_label("E-mail").fill(COLLEAGUE)
    form.get_by_label("Role").select_option("editor")
    form.get_by_role("button", name="Send the invitation").click()
    nina.sees(f"The invitation is sent to {COLLEAGUE}.")
    nina.look("invited")


def signs_up_through_the_link(anna: Walker) -> None:
    invitation = link_to(COLLEAGUE, "Nina Nominee invites you to Larch Telecom")
    page = anna.open(invitation)
    anna.sees("Act for Larch Telecom")
    anna.follow("Create an account")
    page.get_by_label("Your full name").fill("Anna Author")
    assert page.get_by_label("Email").input_value() == COLLEAGUE
    page.get_by_role("textbox", name="Password").fill(ODD)
    page.locator("main").get_by_role("button", name="Create an account").click()
    anna.sees("Confirm")
    anna.open(link_to(COLLEAGUE, "Confirm"))
    anna.press("Yes, confirm")
    page.wait_for_url(invitation)
    anna.look("invitation, signed in")
    anna.press("Accept the invitation")
    anna.sees("You act for Larch Telecom now.")
    assert link_to(OWNER, "Anna Author accepted your invitation: Larch Telecom")


def they_see_each_other(nina: Walker, anna: Walker, essay: str) -> None:
    nina.open(essay)
    anna.open(essay)
    field(anna).click()
    anna.page.wait_for_timeout(1000)
    nina.page.reload()
    first = nina.page.locator("[data-answer]:visible").nth(0)
    expect(first.locator("[data-here-now]")).to_have_text("Anna Author is writing here")
    expect(nina.page.locator("#together")).to_contain_text("Also here: Anna Author")
    nina.look("together")
    field(anna).fill("We asked our clients what stood in the way.")
    field(anna).blur()
    saved(anna)
    expect(field(nina)).to_have_value("We asked our clients what stood in the way.", timeout=25_000)
    expect(first.locator("[data-saved-by]")).to_contain_text("saved by Anna Author")


def they_change_the_same_answer(nina: Walker, anna: Walker, entry: Entry) -> None:
    nina.context.set_offline(True)
    field(nina).fill("Nina's words, written in a tunnel.")
    field(anna).fill("Anna's words, saved meanwhile.")
    field(anna).blur()
    saved(anna)
    nina.context.set_offline(False)
    conflict = nina.page.locator("[data-conflict]:visible")
    expect(conflict).to_contain_text("Anna's words, saved meanwhile.", timeout=25_000)
    expect(field(nina)).to_have_value("Nina's words, written in a tunnel.")
    nina.look("two texts")
    conflict.get_by_role("button", name="Keep my text").click()
    saved(nina)
    # What the browser says of the cut itself.
    nina.faults = [one for one in nina.faults if "ERR_INTERNET_DISCONNECTED" not in one]
    stored = Answer.objects.get(entry=entry, text__contains="words")
    assert stored.text == "Nina's words, written in a tunnel."


def they_talk(nina: Walker, anna: Walker, entry: Entry) -> None:
    first = anna.page.locator("[data-answer]:visible").nth(0)
    first.get_by_role("link", name="Discuss").click()
    page = anna.look("discussion")
    page.get_by_label("Comment", exact=True).fill("Shall we name the figure?")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".comment")).to_contain_text("Shall we name the figure?")
    assert Comment.objects.get().prompt == entry.nomination.prompts.first()
    nina.open(f"/entries/{entry.pk}/essay/")
    nina.follow("1 comment")
    nina.press("Mark as settled")
    expect(nina.page.locator(".discussion__settled")).to_contain_text("1 settled comment")


def a_client_is_let_into_this_entry_alone(nina: Walker, clio: Walker, entry: Entry) -> None:
    make_person("other@example.org", "Clio Client")
    page = nina.open(f"/entries/{entry.pk}/people/")
    form = page.locator("form.people__invite")
    form.get_by_label("E-mail").fill(CLIENT)
    form.get_by_label("Role").select_option("view")
    form.get_by_role("button", name="Send the invitation").click()
    nina.sees(f"The invitation is sent to {CLIENT}.")
    invitation = link_to(CLIENT, "invites you to work on an entry").removeprefix(clio.base_url)
    clio.sign_in("other@example.org", PASSWORD, invitation)
    clio.press("Accept the invitation")
    clio.look("two addresses")
    clio.sees(CLIENT)
    clio.press("Accept as other@example.org")
    clio.sees(f"You work on the entry {entry.number} now.")
    clio.open(f"/entries/{entry.pk}/people/")
    assert clio.page.goto(f"{clio.base_url}/organisations/{entry.organisation_id}/").status == 404
    clio.page.set_viewport_size({"width": 390, "height": 844})
    for name in ("people", "discussion", "essay"):
        clio.page.goto(f"{clio.base_url}/entries/{entry.pk}/{name}/")
        assert overflow_of(clio.page) <= 0
    clio.leave()


def the_ownership_goes_to_anna(nina: Walker, anna: Walker, entry: Entry) -> None:
    page = nina.open(f"/organisations/{entry.organisation_id}/")
    page.get_by_label("New owner").select_option(index=0)
    page.get_by_role("button", name="Hand over").click()
    nina.page.get_by_role("dialog").get_by_role("button", name="Yes, continue").click()
    nina.sees("Anna Author is the owner now, and you are an editor.")
    assert link_to(COLLEAGUE, "Larch Telecom has a new owner")
    anna.open(f"/organisations/{entry.organisation_id}/")
    anna.sees("Hand over the ownership")


def nina_takes_her_data_along(nina: Walker, entry: Entry) -> None:
    page = nina.open("/profile/data/")
    nina.press("Make the archive")
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    nina.press("Continue")
    nina.sees("Your archive is ready.")
    nina.look("archive ready")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    archive = zipfile.ZipFile(io.BytesIO(Path(download.value.path()).read_bytes()))
    data = json.loads(archive.read("data.json"))
    assert data["account"]["full_name"] == "Nina Nominee"
    assert data["entries"][0]["number"] == entry.number
    page = nina.open("/profile/delete/")
    nina.sees("Deleted person #")
    page.get_by_label("Your e-mail, to be sure").fill(OWNER)
    page.get_by_label("Your password").fill(PASSWORD)
    nina.press("Delete my account for good")
    nina.sees("Your account is deleted.")
