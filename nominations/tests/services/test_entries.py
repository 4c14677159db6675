"""Starting entries, their details and participants, withdrawing and restoring."""

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import MemberRole, Membership, Organisation
from audit.models import Event
from common.errors import DomainError
from nominations.models import Entry, EntryStatus
from nominations.services import (
    Closed,
    Pick,
    enter_nominations,
    restore_entry,
    set_participants,
    start_entry,
    update_entry,
    withdraw_entry,
)
from outbox.models import Message
from seasons.models import Stage, StageKind


def test_entries_of_a_season_are_numbered_one_after_another(nomination, organisation, nominee):
    entries = [
        start_entry(nomination, organisation, by=nominee, kind="organisation", title=title)
        for title in ("One", "Two")
    ]

    assert [entry.number for entry in entries] == ["CX22-0001", "CX22-0002"]
    assert list(Event.objects.values_list("verb", flat=True)) == ["entry.started"] * 2


def test_a_viewer_and_a_stranger_cannot_enter_for_an_organisation(
    nomination, organisation, other_nominee, judge_user
):
    Membership.objects.create(user=other_nominee, organisation=organisation, role=MemberRole.VIEWER)

    for person in (other_nominee, judge_user):
        with pytest.raises(PermissionDenied):
            start_entry(nomination, organisation, by=person, kind="organisation")

    assert Entry.objects.count() == 0


def test_a_nomination_refuses_kinds_it_does_not_take(nomination, organisation, nominee):
    with pytest.raises(DomainError) as refusal:
        start_entry(nomination, organisation, by=nominee, kind="joint")

    assert refusal.value.field == "kind"


def test_an_entry_of_a_person_names_the_person(person_nomination, organisation, nominee):
    with pytest.raises(DomainError) as refusal:
        start_entry(person_nomination, organisation, by=nominee, kind="person", nominee_name=" ")

    assert refusal.value.field == "nominee_name"


def test_nothing_is_started_after_the_deadline(nomination, organisation, nominee, judging_open):
    judging_open()

    with pytest.raises(Closed) as refusal:
        start_entry(nomination, organisation, by=nominee, kind="organisation")

    stage = Stage.objects.get(season=nomination.season, kind=StageKind.ENTRY)
    assert refusal.value.deadline == stage.closes_at
    assert Entry.objects.count() == 0


def test_the_same_picks_sent_twice_start_nothing_twice(
    nomination, person_nomination, organisation, nominee
):
    picks = [Pick(nomination, "organisation"), Pick(person_nomination, "person", "Anna K.")]

    first = enter_nominations(picks, organisation, by=nominee)
    second = enter_nominations(picks, organisation, by=nominee)

    assert second == first
    assert Entry.objects.count() == 2


def test_a_second_project_may_enter_the_same_nomination(nomination, organisation, nominee):
    (first,) = enter_nominations([Pick(nomination, "organisation")], organisation, by=nominee)
    update_entry(first, by=nominee, title="Our first project", nominee_name="", kind="organisation")

    (second,) = enter_nominations([Pick(nomination, "organisation")], organisation, by=nominee)

    assert second != first


def test_details_are_kept_in_one_line_and_an_organisation_has_no_person(draft, nominee):
    update_entry(
        draft, by=nominee, title="  Two\n lines ", nominee_name="Nobody", kind="organisation"
    )

    draft.refresh_from_db()
    assert (draft.title, draft.nominee_name) == ("Two lines", "")


def test_participants_replace_the_earlier_ones(draft, nominee):
    set_participants(draft, [("Camomile Ltd", "vendor")], by=nominee)
    set_participants(draft, [("camomile ltd", "client"), ("Maker", "vendor")], by=nominee)

    assert list(draft.participants.values_list("name", "role", "organisation__name")) == [
        ("camomile ltd", "client", "Camomile Ltd"),
        ("Maker", "vendor", None),
    ]


def test_a_participant_that_is_registered_is_recognised(draft, nominee, other_organisation):
    set_participants(draft, [("SUNFLOWER LTD", "client")], by=nominee)

    assert draft.participants.get().organisation == other_organisation


def test_an_ambiguous_name_is_nobody_s(draft, nominee, other_organisation):
    Organisation.objects.create(name="Sunflower Ltd")

    set_participants(draft, [("Sunflower Ltd", "client")], by=nominee)

    assert draft.participants.get().organisation is None


@pytest.mark.parametrize(
    "rows",
    [[("", "client")], [("A", "boss")], [("A", "client"), ("A", "vendor")]],
    ids=["nameless", "unknown role", "twice"],
)
def test_a_wrong_list_of_participants_changes_nothing(draft, nominee, rows):
    set_participants(draft, [("Kept", "client")], by=nominee)

    with pytest.raises(DomainError):
        set_participants(draft, rows, by=nominee)

    assert [one.name for one in draft.participants.all()] == ["Kept"]


def test_withdrawing_a_submitted_entry_is_logged_and_told(submitted_entry, nominee):
    withdraw_entry(submitted_entry, by=nominee, reason="We merged")
    withdraw_entry(submitted_entry, by=nominee)

    submitted_entry.refresh_from_db()
    assert submitted_entry.status == EntryStatus.WITHDRAWN
    assert submitted_entry.status_reason == "We merged"
    assert Event.objects.filter(verb="entry.withdrawn").count() == 1
    assert Message.objects.filter(kind="entry-withdrawn").count() == 1


def test_a_restored_entry_is_a_draft_again(submitted_entry, nominee):
    withdraw_entry(submitted_entry, by=nominee)

    restore_entry(submitted_entry, by=nominee)

    submitted_entry.refresh_from_db()
    assert submitted_entry.status == EntryStatus.DRAFT
    assert submitted_entry.revisions.count() == 1


def test_nothing_is_restored_after_the_deadline(submitted_entry, nominee, judging_open):
    withdraw_entry(submitted_entry, by=nominee)
    judging_open()

    with pytest.raises(Closed):
        restore_entry(submitted_entry, by=nominee)

    submitted_entry.refresh_from_db()
    assert submitted_entry.status == EntryStatus.WITHDRAWN


def test_a_disqualified_entry_cannot_be_withdrawn_or_restored(submitted_entry, nominee):
    Entry.objects.update(status=EntryStatus.DISQUALIFIED)

    for act in (withdraw_entry, restore_entry):
        with pytest.raises(DomainError):
            act(submitted_entry, by=nominee)
