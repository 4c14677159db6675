"""The back office: what organisers see, and do not, and how they vet."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.asserts import assertContains

from accounts.models import MemberRole, Membership
from audit.services import record
from nominations.models import Answer, Entry, EntryStatus
from outbox.models import Message
from outbox.services import post
from tests.factories import make_entry

LIST = "/admin/nominations/entry/"
MOST_QUERIES = 25


def change(entry):
    return f"{LIST}{entry.pk}/change/"


def vet(verb, *entries):
    return f"{LIST}vet/{verb}/?ids={','.join(str(entry.pk) for entry in entries)}"


def test_an_organiser_watches_the_entries_of_the_season(client_of, draft, organiser):
    page = client_of(organiser).get(LIST).content.decode()

    assert draft.number in page
    assert "2 of 2" in page


def test_search_finds_number_organisation_and_submitted_title(
    client_of, submitted_entry, organiser
):
    client = client_of(organiser)

    for words in (submitted_entry.number, "Camomile", "Listening"):
        assert submitted_entry.number in client.get(LIST, {"q": words}).content.decode()
    assert submitted_entry.number not in client.get(LIST, {"q": "Sunflower"}).content.decode()


def test_neither_search_nor_the_address_tells_what_a_draft_is_called(client_of, draft, organiser):
    client = client_of(organiser)

    assert draft.title == "Listening first"
    assert draft.number not in client.get(LIST, {"q": "Listening"}).content.decode()
    assert client.get(LIST, {"title__startswith": "Listening"}).status_code == 400


def test_filters_of_the_page_and_links_to_it_work(client_of, submitted_entry, season, organiser):
    asked = {"nomination__season__id__exact": season.pk, "status__exact": "submitted"}

    assert submitted_entry.number in client_of(organiser).get(LIST, asked).content.decode()


def test_a_key_no_database_has_is_no_entry(client_of, draft, organiser):
    assert client_of(organiser).get(f"{LIST}vet/admit/?ids={'9' * 30}").status_code == 404


def test_a_conflict_hides_an_entry_in_the_log_and_in_mails_too(
    client_of, submitted_entry, superuser
):
    season = submitted_entry.season.slug
    event = record(
        "release.prepared",
        by=None,
        about="results.release:1",
        season=season,
        data={"entries": [submitted_entry.number]},
    )
    post(
        "account-notice",
        effect_key="one",
        to="somebody@example.org",
        about=f"nominations.entry:{submitted_entry.pk}",
    )
    pages = [f"/admin/audit/event/{event.pk}/change/", "/admin/outbox/message/"]
    words = [submitted_entry.number, "somebody@example.org"]
    client = client_of(superuser)

    def shown():
        return [
            word in client.get(page, follow=True).content.decode()
            for word, page in zip(words, pages, strict=True)
        ]

    before = shown()
    Membership.objects.create(user=superuser, organisation=submitted_entry.organisation)

    assert (before, shown()) == ([True, True], [False, False])


def test_the_text_of_a_draft_is_not_shown_and_a_submitted_one_is(
    client_of, draft, submitted_entry, organiser
):
    Answer.objects.filter(entry=draft).update(text="Still secret")
    client = client_of(organiser)

    before = client.get(change(draft)).content.decode()
    after = client.get(change(submitted_entry)).content.decode()

    assert "Still secret" not in before
    assert "The draft belongs to the nominee." in before
    assert "We did approach well." in after


def test_what_is_changed_after_submission_is_not_shown(client_of, submitted_entry, organiser):
    Answer.objects.update(text="Not submitted yet")

    assert (
        "Not submitted yet"
        not in client_of(organiser).get(change(submitted_entry)).content.decode()
    )


@pytest.mark.parametrize("who", ["organiser", "superuser"])
def test_a_member_of_the_entrant_does_not_see_it_here(
    client_of, submitted_entry, nominee, organiser, superuser, who, request
):
    person = request.getfixturevalue(who)
    client = client_of(person)
    assert submitted_entry.number in client.get(LIST).content.decode()

    Membership.objects.create(
        user=person, organisation=submitted_entry.organisation, role=MemberRole.VIEWER
    )

    assert submitted_entry.number not in client.get(LIST).content.decode()
    assert (
        "We did approach well."
        not in client.get(change(submitted_entry), follow=True).content.decode()
    )
    assert client.get(vet("admit", submitted_entry)).status_code == 404


def test_another_programme_s_organiser_finds_nothing(client_of, submitted_entry, other_organiser):
    client = client_of(other_organiser)

    assert submitted_entry.number not in client.get(LIST).content.decode()
    assert client.get(vet("admit", submitted_entry)).status_code == 404


def test_the_action_asks_before_it_admits(client_of, submitted_entry, organiser):
    client = client_of(organiser)

    asked = client.post(
        LIST, {"action": "admit", "_selected_action": [submitted_entry.pk]}, follow=True
    )
    untouched = Entry.objects.get().status
    client.post(vet("admit", submitted_entry))

    assert "Admit this entry to judging?" in asked.content.decode()
    assert untouched == EntryStatus.SUBMITTED
    assert Entry.objects.get().status == EntryStatus.ADMITTED
    assert Message.objects.filter(kind="entry-admitted").count() == 1


def test_disqualifying_wants_a_reason(client_of, submitted_entry, organiser):
    client = client_of(organiser)

    refused = client.post(vet("disqualify", submitted_entry), {"reason": " "})
    client.post(vet("disqualify", submitted_entry), {"reason": "Copied"})

    assert "Give the reason" in refused.content.decode()
    entry = Entry.objects.get()
    assert (entry.status, entry.status_reason) == (EntryStatus.DISQUALIFIED, "Copied")


def test_an_entry_that_cannot_be_admitted_is_named(client_of, draft, organiser):
    page = client_of(organiser).post(vet("admit", draft), follow=True).content.decode()

    assert "cannot become" in page
    assert Entry.objects.get().status == EntryStatus.DRAFT


def test_a_nomination_is_edited_with_its_prompts_and_hints(client_of, nomination, organiser):
    page = client_of(organiser).get(f"/admin/nominations/nomination/{nomination.pk}/change/")

    text = page.content.decode()
    assert page.status_code == 200
    assert "prompts-0-label" in text
    assert "hints-__prefix__-better" in text


@pytest.mark.parametrize("path", ["category", "nomination"])
def test_the_catalogue_lists_open(client_of, nomination, organiser, path):
    page = client_of(organiser).get(f"/admin/nominations/{path}/")
    shown = nomination if path == "nomination" else nomination.category
    assertContains(page, shown.name["en"])


@pytest.mark.parametrize("rows", [3, 30])
def test_the_list_takes_few_queries_at_any_size(
    client_of, nomination, organisation, nominee, organiser, rows
):
    for _ in range(rows):
        make_entry(nomination, organisation, nominee, EntryStatus.SUBMITTED)
    client = client_of(organiser)

    with CaptureQueriesContext(connection) as queries:
        client.get(LIST)

    assert len(queries) <= MOST_QUERIES
