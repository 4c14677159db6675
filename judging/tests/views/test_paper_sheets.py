"""The pages of marks from paper: a list, a form, a sheet to compare, its scan."""

from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from pytest_django.asserts import assertContains, assertNotContains

from judging.models import Assignment, Criterion, PaperSheet, Scorecard, Secretary
from judging.services import advance, assign_everybody, plan_defence
from tests.factories import make_judge, make_person


@pytest.fixture
def row(defence_round, admitted_entry, judge, organiser):
    """The judge hears the entry now."""
    opens = defence_round.stage.opens_at + timedelta(days=1)
    with time_machine.travel(opens, tick=False):
        advance(defence_round, [admitted_entry], by=organiser)
        plan_defence(
            defence_round, admitted_entry, by=organiser, starts_at=timezone.now(), minutes=25
        )
        assign_everybody(defence_round, by=organiser)
        yield Assignment.objects.get(judge=judge)


@pytest.fixture
def secretary(row):
    person = make_person("secretary@example.org", "Sara Secretary")
    Secretary.objects.create(round=row.round, user=person)
    return person


def sent(row, *values):
    """The form as a browser sends it."""
    criteria = Criterion.objects.filter(dimension__rubric=row.round.rubric).order_by("pk")
    marks = {f"mark-{one.pk}": value for one, value in zip(criteria, values, strict=True)}
    return {"act": "enter", "key": str(uuid4()), "private_note": "In ink.", **marks}


def picture():
    """A photo of the sheet."""
    data = BytesIO()
    Image.new("RGB", (8, 8), "white").save(data, "PNG")
    return SimpleUploadedFile("sheet.png", data.getvalue(), content_type="image/png")


def test_a_sheet_is_entered_compared_and_countersigned(row, secretary, judge_user, client_of):
    address = reverse("judging:paper", args=[row.pk])
    sara, yuri = client_of(secretary), client_of(judge_user)
    before = yuri.get(address)

    listed = sara.get(reverse("judging:papers", args=[row.round_id]))
    wrong = sara.post(address, sent(row, "12", ""))
    entered = sara.post(address, {**sent(row, "8", "6,0"), "scan": picture()})
    desk = yuri.get(reverse("judging:desk"))
    page = yuri.get(address)

    assert (before.status_code, before.url) == (302, row.get_absolute_url())
    assertContains(listed, f'href="{address}"')
    assertContains(wrong, 'value="12"', status_code=422)
    assertContains(wrong, "In ink.", status_code=422)
    assert entered.url == reverse("judging:papers", args=[row.round_id])
    assertContains(desk, "Sara Secretary typed your marks from paper.")
    assertContains(yuri.get(row.get_absolute_url()), "A sheet was entered for you")
    assertContains(page, "<strong>70.0</strong>", html=True)
    sheet = PaperSheet.objects.get()
    scan = yuri.get(reverse("judging:paper_scan", args=[sheet.pk]))
    assert (scan.status_code, scan["Content-Type"]) == (200, "image/png")
    b"".join(scan.streaming_content)  # read to its end, not closed with its connection
    assertContains(sara.get(address), "Somebody else countersigns this sheet")

    yuri.post(address, {"act": "countersign", "sheet": sheet.pk})

    assert float(Scorecard.objects.get().total) == 70


def test_a_sheet_goes_back_and_its_author_reads_why(row, secretary, organiser, client_of):
    address = reverse("judging:paper", args=[row.pk])
    client_of(secretary).post(address, sent(row, "8", "6"))
    olga = client_of(organiser)
    sheet = {"act": "return", "sheet": PaperSheet.objects.get().pk}

    silent = olga.post(address, sheet)
    olga.post(address, {**sheet, "reason": "The second mark is a 9."})

    assertContains(silent, "Say what is wrong with the sheet.", status_code=422)
    listed = client_of(secretary).get(reverse("judging:papers", args=[row.round_id]))
    assertContains(listed, "Sent back by Olga Organiser: The second mark is a 9.")


def test_another_judge_sees_nothing_of_a_sheet(row, secretary, jury, agreement, client_of):
    client_of(secretary).post(reverse("judging:paper", args=[row.pk]), sent(row, "8", "6"))
    other = make_person("other-judge@example.org", "Olaf Other")
    seat = make_judge(jury, other, agreement)
    mine = Assignment.objects.create(round=row.round, judge=seat, entry=row.entry)

    client = client_of(other)

    assertNotContains(client.get(mine.get_absolute_url()), "A sheet was entered")
    assertNotContains(client.get(reverse("judging:desk")), "Sara")
    assert client.get(reverse("judging:paper", args=[row.pk])).status_code == 404
    assert client.get(reverse("judging:papers", args=[row.round_id])).status_code == 404
