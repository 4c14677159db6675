"""Pages of a site visit: the team on site, the report beside the scorecard, the applicant, the organiser."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from accounts.models import MemberRole, Membership
from judging.models import (
    Agreement,
    Assignment,
    Finding,
    SiteVisit,
    VisitAnswer,
    VisitItem,
    VisitRules,
)
from judging.services import accept_agreement, declare_conflict
from judging.services.visiting import add_finding, answer_item, finish_visit
from judging.tests.visits import photo, planned
from tests.factories import make_judge

QUERIES = 25


def page(visit, name="visit", *more):
    return reverse(f"judging:{name}", args=[visit.pk, *more])


def item(visit, slug):
    return VisitItem.objects.get(round=visit.round, slug=slug)


def read_whole(response):
    """Read a file to its end; closing it would close the connection of the test as well."""
    if response.streaming:
        b"".join(response.streaming_content)


@pytest.fixture
def found(on_site, judge_user):
    """A finding with a photo."""
    return add_finding(on_site, by=judge_user, key=uuid4(), text="Quiet hall.", files=[photo()])


def test_the_whole_check_list_can_be_sent_without_scripts(on_site, judge_user, client_of):
    screens, wait = item(on_site, "screens"), item(on_site, "wait")
    said = {
        f"value-{screens.pk}": "no",
        f"version-{screens.pk}": "0",
        f"comment-{screens.pk}": "Two were open.",
        f"figure-{wait.pk}": "soon",
        f"version-{wait.pk}": "0",
    }
    browser = client_of(judge_user)

    refused = browser.post(page(on_site), said)
    kept = browser.post(
        page(on_site), {**said, f"version-{screens.pk}": "1", f"figure-{wait.pk}": "12,5"}
    )

    assertContains(refused, "Write the figure as a number.", status_code=422)
    assertContains(refused, 'value="soon"', status_code=422)
    assertRedirects(kept, page(on_site))
    assert list(VisitAnswer.objects.order_by("item__position").values_list("value", "figure")) == [
        ("no", None),
        ("", 12.5),
    ]


def test_a_line_is_saved_by_itself_and_says_what_somebody_else_stored(
    on_site, judge_user, client_of
):
    line = item(on_site, "screens")
    browser = client_of(judge_user)
    address = page(on_site, "visit_answer", line.pk)

    first = browser.post(address, {"value": "partly", "version": "0"})
    late = browser.post(address, {"value": "no", "version": "0"})

    assert (first.status_code, first.json()) == (200, {"version": 1, "done": 1})
    assert (late.status_code, late.json()["stored"]["value"]) == (409, "partly")


def test_a_finding_with_photos_comes_from_a_phone(on_site, judge_user, client_of):
    browser = client_of(judge_user)
    files = {"key": str(uuid4()), "text": "Screens are locked.", "photos": [photo(), photo()]}

    browser.post(page(on_site, "finding_add"), files)
    shown = browser.get(page(on_site))

    kept = Finding.objects.get()
    assertContains(shown, "Screens are locked.")
    picture = browser.get(page(on_site, "visit_photo", kept.photos.first().token))
    read_whole(picture)
    assert (picture["Content-Type"], picture["Cache-Control"]) == (
        "image/jpeg",
        "private, no-store",
    )


def test_the_leader_sees_what_is_missing_and_ends_the_visit(on_site, judge_user, client_of):
    browser = client_of(judge_user)

    refused = browser.post(page(on_site, "visit_done"))
    answer_item(on_site, item(on_site, "screens"), by=judge_user, value="yes", base_version=0)
    answer_item(on_site, item(on_site, "wait"), by=judge_user, value="unseen", base_version=0)
    browser.post(page(on_site, "visit_done"))

    assertContains(refused, "Line screens; Line wait", status_code=422)
    assertContains(browser.get(page(on_site)), "Done and locked")


def test_the_report_stands_beside_the_rubric(found, on_site, judge_user, client_of):
    own = Assignment.objects.get(round=on_site.round)
    browser = client_of(judge_user)
    before = browser.get(own.get_absolute_url())
    for slug in ("screens", "wait"):
        answer_item(on_site, item(on_site, slug), by=judge_user, value="unseen", base_version=0)

    finish_visit(on_site, by=judge_user)

    assertContains(before, "To the check list")
    after = browser.get(own.get_absolute_url())
    assertContains(after, "Quiet hall.")
    assertContains(after, "Could not be checked")


@pytest.mark.parametrize("shown", [True, False])
def test_other_rounds_read_the_report_where_the_round_says_so(
    shown, found, on_site, essay_round, judge_user, chair_user, client_of
):
    reader = make_judge(essay_round.juries.get(), chair_user)
    other = Assignment.objects.create(round=essay_round, judge=reader, entry=on_site.entry)
    VisitRules.objects.filter(round=on_site.round).update(report_for_all=shown)
    for slug in ("screens", "wait"):
        answer_item(on_site, item(on_site, slug), by=judge_user, value="unseen", base_version=0)
    finish_visit(on_site, by=judge_user)
    accept_agreement(on_site.round.season.agreements.get(), chair_user, language="en")

    response = client_of(chair_user).get(other.get_absolute_url())
    picture = client_of(chair_user).get(page(on_site, "visit_photo", found.photos.get().token))

    read_whole(picture)
    assert ("Quiet hall." in response.content.decode()) == shown
    assert picture.status_code == (200 if shown else 404)


def test_a_conflict_closes_page_photos_and_answers(
    found, on_site, judge_user, organiser, client_of
):
    browser = client_of(judge_user)
    token = found.photos.get().token
    picture = browser.get(page(on_site, "visit_photo", token))
    read_whole(picture)
    assert picture.status_code == 200

    declare_conflict(judge_user, by=organiser, reason="Cousins.", entry=on_site.entry)

    for address in [
        page(on_site),
        page(on_site, "visit_photo", token),
        page(on_site, "visit_calendar"),
    ]:
        assert browser.get(address).status_code == 404
    assertNotContains(browser.get(reverse("judging:desk")), "My visits")


def test_the_agreement_comes_first(visit, season, judge_user, client_of):
    Agreement.objects.create(season=season, version="2", text={"en": "More."})

    response = client_of(judge_user).get(page(visit))

    assert response.status_code == 302
    assert response["Location"].startswith(reverse("judging:agreement", args=[season.slug]))


def test_the_judge_sees_the_visit_on_the_desk_and_in_the_calendar(visit, judge_user, client_of):
    browser = client_of(judge_user)

    desk = browser.get(reverse("judging:desk"))
    calendar = browser.get(page(visit, "visit_calendar"))

    assertContains(desk, "Camomile street 1")
    assertContains(desk, "You lead the team")
    assert b"LOCATION" in calendar.content


def test_the_applicant_confirms_or_asks_for_another_time(visit, nominee, client_of):
    browser = client_of(nominee)
    address = reverse("judging:entry_visit", args=[visit.entry_id])

    entry = browser.get(visit.entry.get_absolute_url())
    empty = browser.post(address, {"visit": visit.pk, "verb": "move", "reason": ""})
    browser.post(address, {"visit": visit.pk, "verb": "confirm"})
    confirmed = SiteVisit.objects.get().status
    browser.post(address, {"visit": visit.pk, "verb": "move", "reason": "We move house."})

    assertContains(entry, "Camomile street 1")
    assertNotContains(entry, "Yuri Judge")
    assert (empty.status_code, confirmed) == (422, "confirmed")
    assertContains(browser.get(address), "We move house.")
    calendar = browser.get(reverse("nominations:entry_calendar", args=[visit.entry_id]))
    assert b"Camomile street 1" in b"".join(calendar)


def test_the_applicant_never_reads_what_was_found(found, on_site, nominee, client_of):
    browser = client_of(nominee)

    assert browser.get(page(on_site)).status_code == 404
    assert browser.get(page(on_site, "visit_photo", found.photos.get().token)).status_code == 404
    assertNotContains(browser.get(on_site.entry.get_absolute_url()), "Quiet hall.")


def sent(at, **fields):
    return {
        "starts_at_0": f"{at:%Y-%m-%d}",
        "starts_at_1": f"{at:%H:%M:%S}",
        "ends_at_0": f"{at:%Y-%m-%d}",
        "ends_at_1": f"{at + timedelta(hours=2):%H:%M:%S}",
        "place": "Camomile street 1",
        "note": "",
        **fields,
    }


def test_an_organiser_plans_a_visit_and_picks_a_team_without_conflicts(
    visited_round, admitted_entry, judge, conflicted_judge, organiser, client_of
):
    office = client_of(organiser)
    noon = timezone.now().replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=2)
    adding = reverse("admin:judging_sitevisit_add")

    outside = office.post(
        adding,
        sent(noon - timedelta(days=90), round=visited_round.pk, entry_number=admitted_entry.number),
    )
    office.post(adding, sent(noon, round=visited_round.pk, entry_number=admitted_entry.number))
    visit = SiteVisit.objects.get()
    change = reverse("admin:judging_sitevisit_change", args=[visit.pk])
    picker = office.get(change)
    leaderless = office.post(change, sent(noon, team=[judge.pk, conflicted_judge.pk]))
    office.post(change, sent(noon, team=[judge.pk]))

    assertContains(outside, "The visit must lie within its stage")
    assertContains(picker, "Yuri Judge")
    assertNotContains(picker, "Kira Conflicted")
    assertContains(leaderless, "Select a valid choice.")
    assert list(visit.members.values_list("judge", "leads")) == [(judge.pk, True)]


def test_the_check_list_stands_on_the_page_of_its_round_until_a_visit_begins(
    visit, judge_user, organiser, client_of
):
    office = client_of(organiser)
    address = reverse("admin:judging_round_change", args=[visit.round_id])
    before = office.get(address)

    with time_machine.travel(visit.starts_at, tick=False):
        answer_item(visit, item(visit, "screens"), by=judge_user, value="yes", base_version=0)

    assertContains(before, 'name="visit_items-0-slug"')
    assertNotContains(office.get(address), 'name="visit_items-0-slug"')
    assertContains(office.get(address), "Line screens")


def test_a_conflicted_organiser_sees_no_visit(visit, organiser, client_of):
    office = client_of(organiser)
    listing = reverse("admin:judging_sitevisit_changelist")
    assertContains(office.get(listing), visit.entry.number)

    Membership.objects.create(
        user=organiser, organisation=visit.entry.organisation, role=MemberRole.VIEWER
    )

    assertNotContains(office.get(listing), visit.entry.number)
    assert office.get(page(visit)).status_code == 404


@pytest.mark.parametrize("rows", [3, 30])
def test_pages_of_visits_ask_the_same_few_questions_at_any_size(
    rows,
    on_site,
    judge,
    judge_user,
    organiser,
    client_of,
    more_entries,
):
    for number, entry in enumerate(more_entries(rows)):
        planned(on_site.round, entry, judge, by=organiser, starts_in=timedelta(hours=3 * number))
        add_finding(on_site, by=judge_user, key=uuid4(), text=f"Seen {number}")
    own = Assignment.objects.get(round=on_site.round, entry=on_site.entry)
    asking = [
        (judge_user, reverse("judging:desk")),
        (judge_user, page(on_site)),
        (judge_user, own.get_absolute_url()),
        (organiser, reverse("admin:judging_sitevisit_changelist")),
        (organiser, reverse("admin:judging_sitevisit_change", args=[on_site.pk])),
    ]

    counts = {}
    for person, address in asking:
        browser = client_of(person)
        browser.get(reverse("accounts:desk"))
        with CaptureQueriesContext(connection) as asked:
            answer = browser.get(address)
        assertContains(answer, on_site.entry.number)
        counts[address] = len(asked)

    assert {address: count for address, count in counts.items() if count > QUERIES} == {}
