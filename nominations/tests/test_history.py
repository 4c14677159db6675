"""The history of an entry: what happened, and nothing its people may not know."""

from datetime import timedelta

import pytest
from django.utils import timezone

from nominations.history import history_of, letters_of
from nominations.models import Entry
from nominations.services import (
    admit_entry,
    reopen_entry,
    restore_entry,
    return_entry,
    withdraw_entry,
)
from outbox.models import Message
from outbox.services import deliver_due
from seasons.models import Extension, StageKind

pytestmark = pytest.mark.django_db


def titles(entry, user):
    return [step.title for step in history_of(Entry.objects.get(pk=entry.pk), user)]


def test_a_draft_has_begun_and_nothing_else(draft, nominee):
    assert titles(draft, nominee) == ["Entry started"]


def test_each_revision_leads_to_its_receipt(submitted_entry, nominee):
    step = history_of(submitted_entry, nominee)[0]

    assert (step.title, step.url, step.text) == (
        "Revision 1 submitted",
        f"/entries/{submitted_entry.pk}/receipts/1/",
        "Nina Nominee",
    )


def test_a_returned_entry_tells_the_comments_and_the_deadline(submitted_entry, nominee, organiser):
    until = timezone.now() + timedelta(days=30)
    return_entry(submitted_entry, by=organiser, comments="Add the proof.", until=until)

    step = history_of(submitted_entry, nominee)[0]

    assert step.title == "Returned for changes"
    assert step.text.splitlines()[0] == "Add the proof."
    assert step.text.splitlines()[1].startswith("Open until ")


def test_acts_stand_in_their_order_the_newest_first(submitted_entry, nominee, organiser):
    withdraw_entry(submitted_entry, by=nominee, reason="Changed our mind")
    restore_entry(submitted_entry, by=nominee)

    assert titles(submitted_entry, nominee)[:2] == ["Restored as a draft", "Withdrawn"]


def test_nobody_on_the_organisers_side_is_named_and_reasons_of_theirs_stay_there(
    submitted_entry, nominee, organiser
):
    admit_entry(submitted_entry, by=organiser, reason="The chair insisted.")
    reopen_entry(
        submitted_entry,
        by=organiser,
        reason="You asked for a day more.",
        until=timezone.now() + timedelta(days=300),
    )

    told = "\n".join(f"{step.title} {step.text}" for step in history_of(submitted_entry, nominee))

    assert "You asked for a day more." in told
    assert "The chair insisted." not in told
    assert organiser.full_name not in told


def test_an_extension_for_everybody_or_for_us_is_told_but_not_one_for_others(
    draft, nominee, organiser, season, other_organisation
):
    stage = season.stages.get(kind=StageKind.ENTRY)
    for organisation in (None, draft.organisation, other_organisation):
        Extension.objects.create(
            stage=stage,
            organisation=organisation,
            until=stage.closes_at + timedelta(days=1),
            reason="A reason of the organisers",
            granted_by=organiser,
        )

    told = history_of(draft, nominee)

    assert [step.title for step in told].count("Deadline extended") == 2
    assert not any("A reason of the organisers" in step.text for step in told)


def test_only_mails_sent_to_the_reader_about_this_entry_are_shown(
    submitted_entry, draft, nominee, other_nominee, organiser
):
    admit_entry(submitted_entry, by=organiser)
    deliver_due()
    sent = Message.objects.get(kind="entry-admitted")

    assert letters_of(submitted_entry, nominee) == [sent]
    assert letters_of(submitted_entry, other_nominee) == []
    assert letters_of(draft, nominee) == []
