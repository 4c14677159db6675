"""The pages of vetting: who gets in, what the queue shows, what a page asks before it acts."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.asserts import assertContains

from accounts.models import MemberRole, Membership
from nominations.models import Check, CheckItem, Entry, EntryStatus, Reopening, Revision
from nominations.services import (
    add_attachment,
    add_vetter,
    return_entry,
    save_answer,
    submit_entry,
)
from seasons.models import Stage, StageKind
from tests.factories import make_entry, make_nomination, make_person
from tests.world import picture

MOST = 20


@pytest.fixture
def vetter(season, organiser):
    person = make_person("vetter@example.org", "Vera Vetter")
    add_vetter(season, person, by=organiser)
    return person


@pytest.fixture
def item(nomination):
    return CheckItem.objects.create(
        nomination=nomination, position=1, slug="nps", aspect="figures", text={"en": "NPS is right"}
    )


def numbers(response):
    return [row["entry"].number for row in response.context["rows"]]


def queue(client, **filters):
    return client.get("/s/cx-2022/vetting/", filters)


def test_the_queue_shows_what_waits_first_and_the_oldest_of_it(
    nomination, organisation, nominee, vetter, client_of
):
    made = {
        status: make_entry(nomination, organisation, nominee, status)
        for status in (
            EntryStatus.DISQUALIFIED,
            EntryStatus.ADMITTED,
            EntryStatus.DRAFT,
            EntryStatus.WITHDRAWN,
            EntryStatus.SUBMITTED,
        )
    }
    older = make_entry(nomination, organisation, nominee, EntryStatus.SUBMITTED)
    Revision.objects.filter(entry=older).update(submitted_at=timezone.now() - timedelta(days=3))

    shown = numbers(queue(client_of(vetter)))

    expected = [older, made["submitted"], made["admitted"], made["disqualified"]]
    assert shown == [entry.number for entry in expected]


def test_filters_narrow_the_queue(
    nomination, category, organisation, nominee, vetter, client_of, item
):
    other = make_nomination(category, 2, "Another")
    here = make_entry(nomination, organisation, nominee, EntryStatus.SUBMITTED)
    there = make_entry(other, organisation, nominee, EntryStatus.ADMITTED)
    Check.objects.create(revision=here.revisions.get(), item=item, verdict="ok", by=vetter)
    client = client_of(vetter)

    assert numbers(queue(client, nomination=2)) == [there.number]
    assert numbers(queue(client, state="waiting")) == [here.number]
    assert numbers(queue(client, mine="1")) == [here.number]
    assert numbers(queue(client, state="nonsense", nomination="x")) == [here.number, there.number]
    assert b"No entry fits" in queue(client, state="disqualified").content


def test_what_is_left_is_counted_by_nomination(
    nomination, category, organisation, nominee, vetter, client_of
):
    other = make_nomination(category, 2, "Another")
    for place, status in [
        (nomination, EntryStatus.SUBMITTED),
        (nomination, EntryStatus.SUBMITTED),
        (nomination, EntryStatus.ADMITTED),
        (other, EntryStatus.RETURNED),
    ]:
        make_entry(place, organisation, nominee, status)

    left = queue(client_of(vetter)).context["left"]

    assert [(one.nomination.number, one.waiting, one.returned, one.done) for one in left] == [
        (1, 2, 0, 1),
        (2, 0, 1, 0),
    ]


def test_an_empty_queue_says_so(season, vetter, client_of):
    assert b"Nothing is submitted yet" in queue(client_of(vetter)).content


def test_a_returned_entry_that_did_not_come_back_is_overdue(
    submitted_entry, organiser, client_of, season, noon
):
    with time_machine.travel(noon, tick=False) as clock:
        Stage.objects.filter(season=season, kind=StageKind.ENTRY).update(
            opens_at=noon - timedelta(days=9), closes_at=noon - timedelta(days=1)
        )
        until = noon + timedelta(days=1)
        return_entry(submitted_entry, by=organiser, comments="Add it.", until=until)
        clock.move_to(until - timedelta(seconds=1))
        (row,) = queue(client_of(organiser)).context["rows"]
        assert (row["overdue"], row["deadline"]) == (False, until)

        clock.move_to(until)
        (row,) = queue(client_of(organiser)).context["rows"]

    assert row["overdue"] is True


def test_the_queue_asks_as_often_for_thirty_rows_as_for_three(
    nomination, organisation, nominee, vetter, organiser, client_of, item
):
    client = client_of(vetter)

    def grow(count):
        for _ in range(count):
            entry = make_entry(nomination, organisation, nominee, EntryStatus.SUBMITTED)
            Check.objects.create(
                revision=entry.revisions.get(), item=item, verdict="doubt", by=vetter
            )
            back = make_entry(nomination, organisation, nominee, EntryStatus.RETURNED)
            Reopening.objects.create(
                entry=back, until=timezone.now(), reason="Add it.", granted_by=organiser
            )

    def asked():
        queue(client)
        with CaptureQueriesContext(connection) as queries:
            page = queue(client)
        assertContains(page, "CX22-")
        return len(queries)

    grow(3)
    few = asked()
    grow(21)

    assert asked() == few
    assert few <= MOST


@pytest.mark.parametrize("who", ["organiser", "superuser"])
def test_a_conflict_hides_the_entry_and_its_number_from_organisers_too(
    submitted_entry, request, who, client_of, item
):
    person = request.getfixturevalue(who)
    client = client_of(person)
    path = f"/vetting/{submitted_entry.pk}/"
    assertContains(client.get(path), submitted_entry.number)
    Membership.objects.create(
        user=person, organisation=submitted_entry.organisation, role=MemberRole.VIEWER
    )

    page = queue(client)

    assert (page.context["left"], page.context["waiting"]) == ([], 0)
    assert b"Nothing is submitted yet" in page.content
    for page in ("", "admit/", "return/", "disqualify/", "reopen/"):
        assert client.get(path + page).status_code == 404
    assert client.post(f"{path}checks/", {"revision": "1"}).status_code == 404


def test_vetters_see_nothing_of_the_back_office_and_no_other_season(
    submitted_entry, vetter, client_of, other_season
):
    client = client_of(vetter)

    assertContains(queue(client), submitted_entry.number)
    assert client.get("/s/other-2022/vetting/").status_code == 404
    assert client.get("/admin/").status_code == 404
    assert client.get(f"/entries/{submitted_entry.pk}/").status_code == 404


@pytest.mark.parametrize("who", ["nominee", "other_nominee", "judge_user", "other_organiser"])
def test_the_queue_does_not_exist_for_others(submitted_entry, request, who, client_of):
    client = client_of(request.getfixturevalue(who))

    assert queue(client).status_code == 404
    assert client.get(f"/vetting/{submitted_entry.pk}/").status_code == 404


def test_a_draft_that_was_never_submitted_is_the_organisers_alone(
    draft, vetter, organiser, client_of
):
    path = f"/vetting/{draft.pk}/"

    assert client_of(vetter).get(path).status_code == 404
    page = client_of(organiser).get(path).content.decode()
    assert "The draft belongs to its nominee." in page
    assert "We did approach well." not in page


def test_the_page_shows_the_revision_not_the_draft(draft, nominee, vetter, client_of):
    submit_entry(draft, by=nominee, key=uuid4())
    prompt = draft.nomination.prompts.first()
    save_answer(draft, prompt, "Words of the draft alone", by=nominee, base_version=1)

    page = client_of(vetter).get(f"/vetting/{draft.pk}/").content.decode()

    assert "We did approach well." in page
    assert "Words of the draft alone" not in page


def test_a_vetter_gets_submitted_files_and_no_other(draft, nominee, vetter, client_of):
    sent = add_attachment(draft, picture("sent.png"), by=nominee)
    submit_entry(draft, by=nominee, key=uuid4())
    later = add_attachment(draft, picture("later.png"), by=nominee)
    client = client_of(vetter)

    def get(file):
        return client.get(f"/vetting/{draft.pk}/files/{file.token}/")

    assert b"".join(get(sent)) != b""
    assert get(later).status_code == 404


def test_a_line_is_saved_for_the_script_and_for_a_plain_form(
    submitted_entry, vetter, client_of, item
):
    client = client_of(vetter)
    path = f"/vetting/{submitted_entry.pk}/checks/"
    sent = {"revision": "1", f"verdict-{item.pk}": "doubt", f"note-{item.pk}": "Ask them."}

    answer = client.post(path, sent, headers={"accept": "application/json"}).json()
    check = Check.objects.get()
    assert (answer["done"], answer["saved"][0]["seen"]) == (1, check.at.isoformat())

    sent |= {f"verdict-{item.pk}": "ok", f"seen-{item.pk}": check.at.isoformat()}
    assert client.post(path, sent).status_code == 302
    check.refresh_from_db()
    assert check.verdict == "ok"


def test_a_clash_keeps_what_was_typed_and_shows_the_other_finding(
    submitted_entry, vetter, organiser, client_of, item
):
    Check.objects.create(
        revision=submitted_entry.revisions.get(),
        item=item,
        verdict="wrong",
        note="It says 68.",
        by=organiser,
    )
    sent = {"revision": "1", f"verdict-{item.pk}": "ok", f"note-{item.pk}": "Looks fine."}
    client, path = client_of(vetter), f"/vetting/{submitted_entry.pk}/checks/"

    answer = client.post(path, sent, headers={"accept": "application/json"})
    page = client.post(path, sent)

    assert (answer.status_code, page.status_code) == (409, 409)
    assert answer.json()["conflicts"][0]["by"] == "Olga Organiser"
    text = page.content.decode()
    assert "Looks fine." in text
    assert "It says 68." in text
    assert Check.objects.get().verdict == "wrong"


def test_a_note_without_a_finding_is_asked_for_one_and_kept_on_the_page(
    submitted_entry, vetter, client_of, item
):
    sent = {"revision": "1", f"note-{item.pk}": "Hm."}

    page = client_of(vetter).post(f"/vetting/{submitted_entry.pk}/checks/", sent)

    assert page.status_code == 422
    assert "Choose a finding." in page.content.decode()
    assert "Hm." in page.content.decode()


def test_admitting_against_the_list_warns_and_wants_a_reason_of_an_organiser(
    submitted_entry, vetter, organiser, client_of, item
):
    path = f"/vetting/{submitted_entry.pk}/admit/"
    assert b"Only an organiser can admit the entry now." in client_of(vetter).get(path).content
    assert client_of(vetter).post(path).status_code == 422
    client = client_of(organiser)

    assert b"not checked yet" in client.get(path).content
    assert client.post(path, {"text": ""}).status_code == 422
    assert client.post(path, {"text": "It came by post."}).status_code == 302

    submitted_entry.refresh_from_db()
    assert submitted_entry.status == EntryStatus.ADMITTED


def test_returning_reads_the_deadline_in_the_seasons_zone(submitted_entry, vetter, client_of):
    until = (timezone.now() + timedelta(days=30)).strftime("%Y-%m-%dT12:00")
    path = f"/vetting/{submitted_entry.pk}/return/"

    answer = client_of(vetter).post(path, {"text": "Add the period.", "until": until})

    assert answer.status_code == 302
    assert f"{Reopening.objects.get().until:%H:%M}" == "09:00"
    submitted_entry.refresh_from_db()
    assert submitted_entry.status == EntryStatus.RETURNED


def test_a_refused_return_keeps_what_was_typed(submitted_entry, vetter, client_of):
    path = f"/vetting/{submitted_entry.pk}/return/"

    answer = client_of(vetter).post(path, {"text": "Add the period.", "until": "2020-01-01T12:00"})

    assert answer.status_code == 422
    assert "Add the period." in answer.content.decode()
    assert "Choose a moment that is still to come." in answer.content.decode()


def test_a_disqualified_nominee_reads_why_and_what_it_may_do(
    submitted_entry, organiser, nominee, season, client_of
):
    season.contact_email = "award@example.org"
    season.save()
    path = f"/vetting/{submitted_entry.pk}/disqualify/"
    client_of(organiser).post(path, {"text": "False data.\nThe proof is of another company."})

    page = client_of(nominee).get(f"/entries/{submitted_entry.pk}/").content.decode()

    assert "False data.<br>The proof is of another company." in page
    assert "write to the organisers" in page
    assert "award@example.org" in page
    assert "Revision 1" in page


def test_a_returned_nominee_reads_the_comments_and_the_deadline(
    submitted_entry, organiser, nominee, client_of
):
    until = timezone.now() + timedelta(days=40)
    return_entry(submitted_entry, by=organiser, comments="Add the period.", until=until)
    client = client_of(nominee)

    page = client.get(f"/entries/{submitted_entry.pk}/").content.decode()

    assert "Returned to you for changes" in page
    assert "Add the period." in page
    assert f'datetime="{until.isoformat()[:13]}' in page
    assert "Add the period." in client.get("/desk/").content.decode()


def test_only_organisers_reopen_and_take_it_back(
    submitted_entry, vetter, organiser, nominee, client_of
):
    until = (timezone.now() + timedelta(days=30)).strftime("%Y-%m-%dT12:00")
    path = f"/vetting/{submitted_entry.pk}/reopen/"
    form = {"text": "A typo.", "until": until}

    assert client_of(vetter).post(path, form).status_code == 403
    assert client_of(organiser).post(path, form).status_code == 302

    leave = Reopening.objects.get()
    page = client_of(nominee).get(f"/entries/{submitted_entry.pk}/").content.decode()
    assert "opened for you" in page
    assert "A typo." in page
    end = f"/vetting/{submitted_entry.pk}/reopenings/{leave.pk}/end/"
    assert client_of(vetter).post(end).status_code == 403
    assert client_of(organiser).post(end).status_code == 302
    leave.refresh_from_db()
    assert leave.ended_at is not None


def test_what_happened_is_told_with_names_to_the_vetting_team(
    submitted_entry, organiser, vetter, client_of
):
    client_of(organiser).post(f"/vetting/{submitted_entry.pk}/disqualify/", {"text": "False data."})

    page = client_of(vetter).get(f"/vetting/{submitted_entry.pk}/").content.decode()

    assert "Disqualified" in page
    assert "Olga Organiser" in page


def test_the_next_entry_is_the_oldest_that_waits_here_first(
    submitted_entry, category, nomination, organisation, nominee, vetter, client_of
):
    elsewhere = make_entry(
        make_nomination(category, 2, "Another"), organisation, nominee, EntryStatus.SUBMITTED
    )
    here = make_entry(nomination, organisation, nominee, EntryStatus.SUBMITTED)
    path = f"/vetting/{submitted_entry.pk}/"
    client = client_of(vetter)

    assert client.get(path).context["next"] == here
    Entry.objects.filter(pk=here.pk).update(status=EntryStatus.ADMITTED)
    assert client.get(path).context["next"] == elsewhere


def test_a_vetters_desk_leads_to_the_queue(submitted_entry, vetter, nominee, client_of):
    assert b"1 entry waits for a check" in client_of(vetter).get("/desk/").content
    assert b"/vetting/" not in client_of(nominee).get("/desk/").content


def compare(client, entry, **query):
    return client.get(f"/entries/{entry.pk}/compare/", query)


def test_two_revisions_stand_side_by_side_with_their_fingerprints(
    draft, nominee, vetter, organiser, client_of
):
    first = submit_entry(draft, by=nominee, key=uuid4())
    prompt = draft.nomination.prompts.first()
    save_answer(draft, prompt, "We did approach very well.", by=nominee, base_version=1)
    second = submit_entry(draft, by=nominee, key=uuid4())

    for person in (nominee, vetter, organiser):
        page = compare(client_of(person), draft, a="1", b="2").content.decode()
        assert "<ins>very </ins>" in page
        assert first.sha256 in page
        assert second.sha256 in page


def test_the_draft_is_compared_by_its_own_people_alone(
    submitted_entry, nominee, vetter, organiser, client_of
):
    prompt = submitted_entry.nomination.prompts.first()
    save_answer(submitted_entry, prompt, "Words of the draft", by=nominee, base_version=1)

    assert b"<ins>" in compare(client_of(nominee), submitted_entry, a="1", b="draft").content
    for person in (vetter, organiser):
        assert compare(client_of(person), submitted_entry, a="1", b="draft").status_code == 404
        assert b"draft now" not in compare(client_of(person), submitted_entry).content


@pytest.mark.parametrize("query", [{"a": "7", "b": "1"}, {"a": "x"}, {"b": "-1"}])
def test_what_is_not_there_cannot_be_compared(submitted_entry, nominee, client_of, query):
    assert compare(client_of(nominee), submitted_entry, **query).status_code == 404


def test_strangers_compare_nothing_and_a_draft_without_revisions_has_nothing(
    draft, submitted_entry, nominee, other_nominee, client_of
):
    assert compare(client_of(other_nominee), submitted_entry).status_code == 404
    assert compare(client_of(nominee), draft).status_code == 404


def test_the_preview_states_the_rule_of_the_deadline(draft, nominee, season, client_of):
    client, path = client_of(nominee), f"/entries/{draft.pk}/preview/"
    assert b"stays a draft and does not take part" in client.get(path).content

    season.draft_rule = "submit"
    season.save()

    assert b"the last complete state of a draft is submitted by itself" in client.get(path).content


def test_a_draft_the_deadline_is_about_to_submit_says_so(draft, nominee, season, client_of, noon):
    season.draft_rule = "submit"
    season.save()
    with time_machine.travel(noon, tick=False) as clock:
        Stage.objects.filter(season=season, kind=StageKind.ENTRY).update(
            opens_at=noon - timedelta(days=9), closes_at=noon + timedelta(hours=1)
        )
        prompt = draft.nomination.prompts.first()
        save_answer(draft, prompt, "The last words.", by=nominee, base_version=1)
        clock.move_to(noon + timedelta(hours=1))

        page = client_of(nominee).get(f"/entries/{draft.pk}/").content.decode()

    assert "your draft is being submitted" in page
    assert "It does not take part." not in page
