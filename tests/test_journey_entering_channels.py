"""Coming in by mail, by a peer's word and by a poster; and documents that an award asks for."""

import re

import pytest
from playwright.sync_api import expect

from accounts.models import MemberRole, Membership, Organisation
from nominations.models import Entry, MissingRule, Prerequisite, PromptKind
from nominations.services import admit_entry, save_answer, start_entry
from outbox.models import Message
from outbox.services import deliver_due
from seasons.models import Channel
from tests.factories import make_person
from tests.story import PASSWORD, SLUG, Story, prose
from tests.walk import Walk, Walker

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CODES = "/admin/nominations/entrycode/"
LINK = re.compile(r"https?://\S+/join/\S+")


@pytest.fixture
def story(transactional_db, settings, live_server):
    """The season, which one enters with a code only."""
    settings.SITE_URL = live_server.url
    story = Story()
    story.season.channels = [
        Channel.INVITATION.value,
        Channel.RECOMMENDATION.value,
        Channel.LINK.value,
    ]
    story.season.save()
    return story


def make_company(name: str, mailbox: str) -> Organisation:
    """A company with one person who signs in here."""
    person = make_person(f"{mailbox}@example.org", f"{mailbox.title()} Person")
    company = Organisation.objects.create(name=name)
    Membership.objects.create(user=person, organisation=company, role=MemberRole.OWNER)
    return company


def link_in(kind: str, mailbox: str) -> str:
    """The link in a mail."""
    deliver_due()
    body = Message.objects.get(kind=kind, email=f"{mailbox}@example.org").body
    found = LINK.search(body)
    assert found is not None
    return found.group()


def come_in(walk: Walk, link: str, mailbox: str) -> Walker:
    """Open a link as a visitor, sign in, and stand on the page where one enters."""
    walker = walk()
    page = walker.open(link)
    page.locator("main").get_by_role("link", name="Sign in").click()
    page.get_by_label("Email").fill(f"{mailbox}@example.org")
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"**/s/{SLUG}/enter/")
    walker.look()
    return walker


def start_first(walker: Walker) -> None:
    """Tick nomination 1 and start."""
    page = walker.page
    page.locator("#pick-1").check()
    kind = page.locator("input[name='kind-1']")
    if kind.count():
        kind.first.check()
    walker.press("Start the entries")


def test_an_invited_company_enters_and_its_code_serves_nobody_else(story, walk: Walk) -> None:
    make_company("Larch Telecom", "lara")
    make_company("Rowan Bank", "rita")
    organiser = walk()
    organiser.sign_in("olga@example.org", PASSWORD, CODES)
    organiser.page.get_by_role("link", name="Invite by mail").click()
    organiser.page.get_by_label("E-mail addresses").fill("Lara <lara@example.org>")
    organiser.page.get_by_role("button", name="Send the invitations").click()
    organiser.sees("1 invitation is on its way.")
    link = link_in("entry-code", "lara")

    lara = come_in(walk, link, "lara")
    lara.sees("Your code is good.")
    start_first(lara)
    lara.sees("Not submitted yet")

    rita = come_in(walk, link, "rita")
    rita.sees("This code was used as often as it may be.")
    start_first(rita)
    rita.sees("Nothing was started yet.")
    expect(rita.page.locator("#pick-1")).to_be_checked()
    rita.sees("This code was used as often as it may be.")

    assert [entry.organisation.name for entry in Entry.objects.all()] == ["Larch Telecom"]
    for person in (organiser, lara, rita):
        person.context.close()
    assert lara.faults + rita.faults == []


def test_a_peer_recommends_and_the_organiser_lets_in(story, walk: Walk) -> None:
    make_company("Larch Telecom", "lara")
    make_company("Rowan Bank", "rita")
    lara = walk()
    lara.sign_in("lara@example.org", PASSWORD, f"/s/{SLUG}/recommend/")
    page = lara.page
    page.get_by_label("Organisation or team").fill("Rowan Bank")
    page.get_by_label("Contact person", exact=False).first.fill("Rita Person")
    page.get_by_label("E-mail of the contact person").fill("rita@example.org")
    page.get_by_label("Why should they take part?").fill("They answer before one asks.")
    lara.press("Send to the organisers")
    lara.sees("Thank you. The organisers decide")
    lara.sees("to be decided")

    organiser = walk()
    organiser.sign_in("olga@example.org", PASSWORD, "/admin/nominations/recommendation/")
    organiser.page.get_by_role("link", name="Rowan Bank").click()
    organiser.page.get_by_role("link", name="Approve").click()
    organiser.page.get_by_role("button", name="Approve the recommendation").click()
    organiser.sees("Done. The mails are on their way.")

    rita = come_in(walk, link_in("entry-recommended", "rita"), "rita")
    start_first(rita)
    rita.sees("Not submitted yet")
    lara.open(f"/s/{SLUG}/recommend/")
    lara.sees("approved")

    assert Entry.objects.get().code.recommendation.organisation_name == "Rowan Bank"
    organiser.context.close()
    for person in (lara, rita):
        person.leave()


def test_a_poster_is_printed_scanned_and_used(story, walk: Walk) -> None:
    make_company("Larch Telecom", "lara")
    organiser = walk()
    organiser.sign_in("olga@example.org", PASSWORD, f"{CODES}poster/")
    organiser.page.get_by_label("What it is for").fill("Poster in the hall")
    organiser.page.get_by_role("button", name="Make the link").click()
    link = organiser.page.get_by_role("link", name="/join/").get_attribute("href") or ""
    with organiser.page.expect_popup() as opened:
        organiser.page.get_by_role("link", name="Poster to print").click()
    sheet = opened.value
    expect(sheet.locator("svg.qr")).to_be_visible()
    expect(sheet.locator(".poster__link")).to_have_text(link)

    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    lara = come_in(lambda **_one: walk(**phone), link, "lara")
    start_first(lara)
    lara.sees("Not submitted yet")

    assert Entry.objects.get().code.label == "Poster in the hall"
    organiser.context.close()
    lara.leave()


def ask_for_documents(story: Story) -> tuple[Prerequisite, Prerequisite]:
    """What the CRE awards ask: a certificate first, the standard to be confirmed later."""
    certificate = Prerequisite.objects.create(
        season=story.season, slug="ccsm", name={"en": "CCSM certificate"}, needs_proof=False
    )
    standard = Prerequisite.objects.create(
        season=story.season,
        slug="csqs",
        position=2,
        name={"en": "CSQS in use"},
        missing=MissingRule.CONDITIONAL,
        needs_proof=False,
    )
    return certificate, standard


def test_documents_block_the_submission_and_then_the_admission(story, walk: Walk) -> None:
    story.season.channels = [Channel.OPEN.value]
    story.season.save()
    company = make_company("Larch Telecom", "lara")
    certificate, standard = ask_for_documents(story)
    lara_user = company.memberships.get().user
    entry = start_entry(
        story.nomination(1), company, by=lara_user, kind="organisation", title="Listening first"
    )
    for prompt in entry.nomination.prompts.filter(kind=PromptKind.TEXT):
        save_answer(entry, prompt, prose(80, "clients"), by=lara_user, base_version=0)

    lara = walk()
    lara.sign_in("lara@example.org", PASSWORD, f"/entries/{entry.pk}/preview/")
    lara.sees("One thing is missing before you can submit")
    lara.follow("CCSM certificate")
    page = lara.page
    for one, number in [(certificate, "CCSM-7"), (standard, "CSQS-3")]:
        card = page.locator(f"#prerequisite-{one.pk}")
        card.get_by_label("Number of the document").fill(number)
        card.get_by_label("Issued by").fill("Consortium")
    expect(page.locator("[data-document] .autosave[data-state=saved]")).to_have_count(2)
    page.context.set_offline(True)
    card.get_by_label("Number of the document").fill("CSQS-4")
    expect(card.locator(".autosave")).to_have_attribute("data-state", "offline")
    page.context.set_offline(False)
    expect(card.locator(".autosave")).to_have_attribute("data-state", "saved")
    lara.press(re.compile("^Save$"))
    lara.sees("The documents are saved.")
    expect(card.get_by_label("Number of the document")).to_have_value("CSQS-4")
    lara.open(f"/entries/{entry.pk}/preview/")
    lara.sees("Conditional until the organisers confirm")
    page.get_by_role("button", name="Submit", exact=True).click()
    page.wait_for_url("**/receipts/1/")
    lara.look()

    organiser = walk()
    admin_page = f"/admin/nominations/entry/{entry.pk}/change/"
    organiser.sign_in(
        "olga@example.org", PASSWORD, f"/admin/nominations/entry/vet/admit/?ids={entry.pk}"
    )
    organiser.page.locator("form button[type=submit]", has_text="Admit").click()
    organiser.sees("“CSQS in use” is not confirmed yet.")
    organiser.page.goto(organiser.base_url + admin_page)
    organiser.page.locator(".entry-document", has_text="CSQS").get_by_role(
        "link", name="Confirm"
    ).click()
    organiser.look()
    organiser.press("Confirm the document")
    organiser.page.wait_for_url(f"**{admin_page}")
    admit_entry(entry, by=story.organiser)

    lara.open(f"/entries/{entry.pk}/conditions/")
    lara.sees("The organisers confirmed this document")
    lara.open(f"/entries/{entry.pk}/")
    lara.sees_not("Conditional until the organisers confirm")
    organiser.context.close()
    # The browser itself complains once that the connection was cut.
    lara.faults = [fault for fault in lara.faults if "ERR_INTERNET_DISCONNECTED" not in fault]
    lara.leave()
