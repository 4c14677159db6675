"""A nominee takes along what is hers: history, documents, calendar files, a copy elsewhere."""

import io
import re

import pypdf
import pytest
from icalendar import Calendar
from playwright.sync_api import expect

from nominations.models import Entry, EntryStatus
from nominations.services import admit_entry
from outbox.services import deliver_due
from tests.factories import PASSWORD, make_entry, make_nomination
from tests.walk import Walk, Walker, overflow_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def entry(
    transactional_db, settings, live_server, category, nomination, organisation, nominee, organiser
) -> Entry:
    """An admitted entry, and a nomination that asks only one of its two questions."""
    settings.SITE_URL = live_server.url
    other = make_nomination(category, 2, "Innovation")
    other.prompts.filter(slug="results").delete()
    entry = make_entry(nomination, organisation, nominee, EntryStatus.SUBMITTED)
    admit_entry(entry, by=organiser)
    deliver_due()
    return entry


def download(walker: Walker, name: str) -> tuple[str, bytes]:
    """Press a link and keep the file it gives."""
    with walker.page.expect_download() as waiting:
        walker.page.get_by_role("link", name=name).first.click()
    file = waiting.value
    return file.suggested_filename, file.path().read_bytes()


def test_a_nominee_takes_along_history_documents_deadlines_and_a_copy(entry, walk: Walk) -> None:
    nina = walk()
    nina.sign_in("nominee@example.org", PASSWORD, f"/entries/{entry.pk}/")

    name, content = download(nina, "Entry as PDF")
    assert name == f"{entry.number}-revision-1.pdf"
    text = "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    assert "We did approach well." in text
    name, content = download(nina, "Entry as Word document")
    assert (name, content[:2]) == (f"{entry.number}-revision-1.docx", b"PK")
    name, content = download(nina, "Deadlines for your calendar")
    assert name == f"{entry.number}.ics"
    assert f"entry-{entry.pk}-deadline" in str(Calendar.from_ical(content).walk("VEVENT")[0]["uid"])

    nina.follow("History")
    nina.sees("Admitted to judging")
    nina.page.get_by_text("Entry CX22-0001 is admitted").click()
    expect(nina.page.locator(".letter__body").first).to_be_visible()
    nina.page.set_viewport_size({"width": 390, "height": 844})
    assert overflow_of(nina.page) == 0

    nina.follow("Copy into another nomination")
    nina.page.get_by_label("2. Innovation").check()
    nina.follow("Copy", role="button")
    nina.page.wait_for_url(re.compile(r"/entries/\d+/copy/\d+/$"))
    nina.sees("Describe your results")
    nina.sees("We did results well.")
    assert overflow_of(nina.page) == 0

    nina.open("/desk/")
    nina.sees("Innovation")
    name, _content = download(nina, "Deadlines for your calendar")
    assert name == "deadlines.ics"
    nina.leave()


def test_a_withdrawn_entry_is_found_and_comes_back(entry, walk: Walk) -> None:
    nina = walk()
    nina.sign_in("nominee@example.org", PASSWORD, f"/entries/{entry.pk}/")
    nina.page.get_by_role("button", name="Withdraw the entry").click()
    nina.page.get_by_role("dialog").get_by_role("button", name="Withdraw", exact=True).click()
    nina.page.wait_for_load_state("load")

    nina.open("/desk/")
    nina.sees("Withdrawn; it does not take part.")
    nina.open(f"/entries/{entry.pk}/")
    nina.page.get_by_role("button", name="Restore the entry").click()
    nina.page.get_by_role("dialog").get_by_role("button", name="Restore", exact=True).click()
    nina.page.wait_for_load_state("load")

    nina.open(f"/entries/{entry.pk}/history/")
    nina.sees("Restored as a draft")
    nina.leave()
