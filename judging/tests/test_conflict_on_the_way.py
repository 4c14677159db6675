"""A tie that comes halfway: on site, on paper and at a comparison it closes the rest of the way."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from common.errors import DomainError
from judging.models import Assignment, Criterion, PaperSheet, Scorecard, Secretary, VisitItem
from judging.services import assign_everybody, declare_conflict, open_scorecard, save_mark
from judging.services import submit_scorecard as submit
from judging.services.paper import Written, countersign, enter_sheet
from judging.services.visiting import add_finding, answer_item, finish_visit
from tests.factories import make_person


def by_lines(visit, user):
    for item in VisitItem.objects.filter(round=visit.round, required=True):
        version = getattr(visit.answers.filter(item=item).first(), "version", 0)
        answer_item(
            visit, item, by=user, value="unseen", comment=str(uuid4()), base_version=version
        )


def by_marks(visit, user):
    row = Assignment.objects.get(round=visit.round, judge__user=user)
    card = open_scorecard(row, by=user)
    for criterion in Criterion.objects.filter(dimension__rubric=visit.round.rubric):
        save_mark(card, criterion, by=user, value=Decimal(7), base_version=0)
    submit(card, by=user, key=uuid4())


ON_SITE: list[Callable[..., Any]] = [
    by_lines,
    lambda visit, user: add_finding(visit, by=user, key=uuid4(), text="Quiet hall."),
    lambda visit, user: finish_visit(visit, by=user),
    by_marks,
]


@pytest.mark.parametrize("done", range(len(ON_SITE) + 1))
def test_whatever_of_a_visit_is_done_nothing_more_goes_and_nothing_counts(
    done, on_site, judge_user, organiser, client_of
):
    for step in ON_SITE[:done]:
        step(on_site, judge_user)
    client = client_of(judge_user)
    row = Assignment.objects.get(round=on_site.round, judge__user=judge_user)
    pages = [
        on_site.get_absolute_url(),
        reverse("judging:visit_calendar", args=[on_site.pk]),
        row.get_absolute_url(),
    ]
    assert [client.get(page).status_code for page in pages] == [200, 200, 200]
    assert Scorecard.objects.counted().count() == (done == len(ON_SITE))

    declare_conflict(judge_user, by=organiser, reason="Kin", entry=on_site.entry)

    # What is over is not done again: ending twice says that it is done, and shows nothing.
    for step in [one for one in ON_SITE if one is not ON_SITE[2] or done < 3]:
        with pytest.raises(DomainError):
            step(on_site, judge_user)
    assert [client.get(page).status_code for page in pages] == [404, 404, 404]
    assert client.post(reverse("judging:finding_add", args=[on_site.pk])).status_code == 404
    assert client.post(reverse("judging:visit_done", args=[on_site.pk])).status_code == 404
    compared = client.get(reverse("judging:comparison", args=[on_site.round_id]))
    assert on_site.entry.display_name not in compared.text
    assert Scorecard.objects.counted().count() == 0


@pytest.mark.parametrize("done", ["nothing", "entered", "countersigned"])
def test_whatever_of_a_paper_sheet_is_done_it_goes_no_further_and_does_not_count(
    done, slot, judge, judge_user, organiser, client_of
):
    with time_machine.travel(slot.starts_at + timedelta(minutes=1), tick=False):
        assign_everybody(slot.round, by=organiser)
        row = Assignment.objects.get(judge=judge)
        secretary = make_person("secretary@example.org", "Sara Secretary")
        Secretary.objects.create(round=row.round, user=secretary)
        criteria = Criterion.objects.filter(dimension__rubric=row.round.rubric)
        marks = {one.pk: Written(Decimal(8)) for one in criteria}

        def enter():
            return enter_sheet(row, by=secretary, key=uuid4(), marks=marks)

        sheet = None if done == "nothing" else enter()
        if sheet and done == "countersigned":
            countersign(sheet, by=judge_user)
        assert Scorecard.objects.counted().count() == (done == "countersigned")

        declare_conflict(judge_user, by=organiser, reason="Kin", entry=slot.entry)

        with pytest.raises(DomainError):
            enter()
        for person in (judge_user, organiser) if sheet else ():
            if done == "entered":
                with pytest.raises(DomainError):
                    countersign(sheet, by=person)
        page = reverse("judging:paper", args=[row.pk])
        assert client_of(judge_user).get(page).status_code == 404
        assert Scorecard.objects.counted().count() == 0
        assert PaperSheet.objects.filter(status="countersigned").count() == (
            done == "countersigned"
        )
        assert timezone.now() < row.closes_at
