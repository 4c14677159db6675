"""The list of sheets from paper in the back office."""

from decimal import Decimal
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from accounts.models import Membership
from judging.models import Assignment, Criterion, PaperSheet, Secretary
from judging.services import advance, assign_everybody
from judging.services.paper import Written, enter_sheet
from tests.factories import make_person

QUERIES = 25
LIST = reverse("admin:judging_papersheet_changelist")


@pytest.fixture
def entered(slot, judge, organiser):
    """Sheets of as many entries as asked for, typed in by a secretary."""

    def enter(entries):
        round_ = slot.round
        secretary = make_person("secretary@example.org", "Sara Secretary")
        Secretary.objects.create(round=round_, user=secretary)
        advance(round_, entries, by=organiser)
        criteria = Criterion.objects.filter(dimension__rubric=round_.rubric)
        marks = {one.pk: Written(Decimal(7), comment="Said in ink.") for one in criteria}
        with time_machine.travel(slot.starts_at, tick=False):
            assign_everybody(round_, by=organiser)
            for row in Assignment.objects.filter(round=round_):
                enter_sheet(row, by=secretary, key=uuid4(), marks=marks, private_note="Hm.")
        return secretary

    return enter


def test_sheets_are_found_by_who_entered_them_and_their_marks_stay_on_their_page(
    entered, slot, client_of, organiser, second_organiser, judge_user, organisation
):
    entered([])
    sheet = PaperSheet.objects.get()
    client = client_of(organiser)

    page = client.get(reverse("admin:judging_papersheet_change", args=[sheet.pk]))
    Membership.objects.create(user=second_organiser, organisation=organisation)

    for words in ("Sara", slot.entry.number, "Yuri"):
        assertContains(client.get(LIST, {"q": words}), slot.entry.number)
    assertNotContains(client.get(LIST, {"q": "Nobody"}), slot.entry.number)
    assertContains(page, reverse("judging:paper", args=[sheet.assignment_id]))
    for said in ("Said in ink.", "Hm."):
        assertNotContains(page, said)
    assertNotContains(client_of(second_organiser).get(LIST), slot.entry.number)
    assert client_of(judge_user).get(LIST).status_code == 404


@pytest.mark.parametrize("rows", [3, 30])
def test_the_list_stays_cheap(
    rows, entered, client_of, organiser, more_entries, django_assert_max_num_queries
):
    entered(more_entries(rows - 1))
    client = client_of(organiser)
    client.get("/")

    with django_assert_max_num_queries(QUERIES):
        page = client.get(LIST)

    assert page.context["cl"].result_count == rows
