"""Files in a real browser: several at once, a broken connection, and an essay that is a file."""

import io
import re
from pathlib import Path
from typing import Any

import docx
import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from judging.models import Assignment
from nominations.models import Entry, PagesState, Prompt, PromptKind
from nominations.services import admit_entry
from tests.factories import PASSWORD, make_entry
from tests.walk import Walk, Walker, overflow_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MEGABYTE = 1024 * 1024
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture
def entry(transactional_db, settings, live_server, nomination, organisation, nominee) -> Entry:
    """A draft that asks for a figure with its proof and for files; its essay may be a file."""
    settings.SITE_URL = live_server.url
    nomination.essay_upload = True
    nomination.save()
    entry = make_entry(nomination, organisation, nominee)
    for position, slug, kind, label in [
        (3, "nps", PromptKind.METRIC, "Your NPS"),
        (4, "letters", PromptKind.FILE, "Letters of thanks"),
    ]:
        Prompt.objects.create(
            nomination=nomination,
            position=position,
            slug=slug,
            kind=kind,
            label={"en": label},
            required=False,
            maximum=2 if kind == PromptKind.FILE else None,
        )
    return entry


def picture(width: int) -> bytes:
    """A small PNG."""
    out = io.BytesIO()
    Image.new("RGB", (width, 60), "teal").save(out, "PNG")
    return out.getvalue()


def noise() -> bytes:
    """A PNG of five megabytes."""
    out = io.BytesIO()
    Image.effect_noise((2300, 2300), 90).save(out, "PNG")
    return out.getvalue()


def essay() -> bytes:
    """A document of two pages."""
    document = docx.Document()
    document.add_heading("How we learned to listen", 1)
    for _number in range(8):
        document.add_paragraph("We asked our clients what stood in their way. " * 25)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def named(name: str, content: bytes, kind: str = "image/png") -> dict[str, Any]:
    """A file as a file dialog gives it."""
    return {"name": name, "mimeType": kind, "buffer": content}


class Wire:
    """The connection of a page: it lets so many parts of files through, then none until it is mended."""

    def __init__(self, page: Page) -> None:
        self.left, self.offsets = 1_000, list[str]()
        page.route("**/uploads/*/", self.carry)

    def cut_after(self, parts: int) -> None:
        """Break after so many parts."""
        self.left = parts

    def mend(self) -> None:
        """Carry everything again."""
        self.left = 1_000

    def carry(self, route: Route) -> None:
        """Let a request through, or lose it."""
        if self.left <= 0:
            route.abort("internetdisconnected")
            return
        if route.request.method == "PATCH":
            self.left -= 1
            self.offsets.append(route.request.headers["upload-offset"])
        route.continue_()


def slow(walker: Walker, *, megabytes: float) -> None:
    """Let the browser send so many megabytes a second."""
    conditions = {
        "offline": False,
        "latency": 0,
        "downloadThroughput": -1,
        "uploadThroughput": megabytes * 1024 * 1024,
    }
    session = walker.context.new_cdp_session(walker.page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", conditions)


def narrow_enough(walker: Walker) -> None:
    """The page does not scroll sideways on a phone."""
    walker.page.set_viewport_size({"width": 390, "height": 844})
    assert overflow_of(walker.page) == 0
    walker.page.set_viewport_size({"width": 1280, "height": 900})


def names_in(place: Any) -> list[str]:
    """The names of the files that a place shows."""
    return sorted(place.locator(".files__name").all_inner_texts())


def test_files_arrive_whole_through_a_broken_connection(entry, walk: Walk) -> None:
    nina = walk()
    nina.sign_in("nominee@example.org", PASSWORD, f"/entries/{entry.pk}/essay/")
    page = nina.page
    support = page.locator("#upload-support")

    support.locator("input[type=file]").set_input_files(
        [named("chart.png", picture(80)), named("team.png", picture(90))]
    )
    expect(support.locator(".files__item")).to_have_count(2)
    assert names_in(support) == ["chart.png", "team.png"]
    expect(support).to_contain_text("8 more files")
    expect(page.locator("#upload-status")).to_have_text(re.compile("is added"))

    support.locator("input[type=file]").set_input_files(
        [named("virus.exe", b"MZ", "application/octet-stream")]
    )
    refused = support.locator(".upload__item", has_text="virus.exe")
    expect(refused).to_contain_text("Files of this type are not taken here")
    refused.get_by_role("button", name="Cancel virus.exe").click()
    expect(refused).to_have_count(0)

    wire = Wire(page)
    wire.cut_after(2)
    support.locator("input[type=file]").set_input_files([named("survey.png", noise())])
    row = support.locator(".upload__item", has_text="survey.png")
    expect(row).to_have_attribute("data-state", "offline")
    nina.context.set_offline(True)
    expect(row).to_contain_text("it goes on by itself when the connection is back")
    upload = entry.uploads.get(attachment=None)
    assert upload.received == 2 * MEGABYTE
    wire.mend()
    nina.context.set_offline(False)
    expect(support.locator(".files__item")).to_have_count(3)

    assert sorted(entry.attachments.values_list("name", flat=True)) == [
        "chart.png",
        "survey.png",
        "team.png",
    ]
    assert entry.uploads.count() == 3
    whole = entry.uploads.get(name="survey.png").size
    assert wire.offsets == [str(part) for part in range(0, whole, MEGABYTE)]
    narrow_enough(nina)
    nina.faults = [fault for fault in nina.faults if "ERR_INTERNET_DISCONNECTED" not in fault]
    nina.leave()


def test_an_upload_that_was_paused_goes_on_after_a_reload(
    entry, walk: Walk, tmp_path: Path
) -> None:
    nina = walk()
    nina.sign_in("nominee@example.org", PASSWORD, f"/entries/{entry.pk}/essay/")
    page = nina.page
    proof = page.get_by_role("group", name="Proof of the value")
    large = tmp_path / "proof.png"
    large.write_bytes(noise())
    slow(nina, megabytes=1)
    proof.locator("input[type=file]").set_input_files(large)
    row = proof.locator(".upload__item")
    expect(row.locator("[data-said]")).to_have_text(re.compile(r"[3-9]\d% sent"))
    row.get_by_role("button", name="Pause proof.png").click()
    expect(row).to_contain_text("Paused at")

    page.once("dialog", lambda dialog: dialog.accept())
    page.reload()
    nina.look("left")
    row = proof.locator(".upload__item")
    expect(row).to_contain_text("Choose the same file again")
    proof.locator("input[type=file]").set_input_files(large)
    expect(proof.locator(".files__item")).to_have_count(1)

    assert entry.uploads.count() == 1
    assert [one.name for one in entry.attachments.all()] == ["proof.png"]
    nina.leave()


def test_a_judge_reads_the_pages_of_an_essay_that_is_a_file(
    entry, essay_round, judge, organiser, judging_open, walk: Walk
) -> None:
    nina = walk()
    nina.sign_in("nominee@example.org", PASSWORD, f"/entries/{entry.pk}/essay/")
    page = nina.page
    nina.sees("The jury reads what you write below")
    page.get_by_text("Upload a file instead").click()
    place = page.locator("#upload-essay")
    place.locator("input[type=file]").set_input_files([named("essay.docx", essay(), DOCX)])
    nina.sees("The jury reads your file")
    nina.sees("The jury reads it as pages.")
    nina.look("essay as a file")
    narrow_enough(nina)
    attachment = entry.attachments.get()
    assert (attachment.purpose, attachment.pages_state) == ("essay", PagesState.READY)
    nina.open(f"/entries/{entry.pk}/preview/")
    expect(page.locator(".sheets__page img")).to_have_count(attachment.pages.count())
    narrow_enough(nina)
    page.get_by_role("button", name="Submit", exact=True).click()
    page.wait_for_url("**/receipts/1/")
    nina.leave()

    entry.refresh_from_db()
    admit_entry(entry, by=organiser)
    judging_open()
    mine = Assignment.objects.create(round=essay_round, judge=judge, entry=entry)
    yuri = walk()
    yuri.sign_in("judge@example.org", PASSWORD, f"/judging/assignments/{mine.pk}/")
    first = yuri.page.locator(".sheets__page img").first
    expect(first).to_have_js_property("complete", True)
    assert first.evaluate("(one) => one.naturalWidth") == 910
    yuri.page.get_by_text("Read as text").click()
    yuri.sees("We asked our clients what stood in their way.")
    yuri.sees_not("We did approach well.")
    narrow_enough(yuri)
    yuri.leave()
