"""Admitting and disqualifying, by organisers whom no conflict bars."""

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import MemberRole, Membership
from audit.models import Event
from common.errors import DomainError
from nominations.models import EntryStatus
from nominations.services import admit_entry, disqualify_entry
from outbox.models import Message


def test_an_organiser_admits_and_the_editors_are_told_once(submitted_entry, organiser, nominee):
    admit_entry(submitted_entry, by=organiser)
    admit_entry(submitted_entry, by=organiser)

    submitted_entry.refresh_from_db()
    assert submitted_entry.status == EntryStatus.ADMITTED
    assert [m.email for m in Message.objects.filter(kind="entry-admitted")] == [nominee.email]
    assert Event.objects.filter(verb="entry.admitted").count() == 1


def test_a_disqualification_keeps_and_tells_its_reason(submitted_entry, organiser):
    disqualify_entry(submitted_entry, by=organiser, reason=" Plagiarism ")

    submitted_entry.refresh_from_db()
    assert submitted_entry.status == EntryStatus.DISQUALIFIED
    assert submitted_entry.status_reason == "Plagiarism"
    assert Message.objects.get(kind="entry-disqualified").context["reason"] == "Plagiarism"


def test_a_disqualification_without_a_reason_is_refused(submitted_entry, organiser):
    with pytest.raises(DomainError) as refusal:
        disqualify_entry(submitted_entry, by=organiser, reason="  ")

    assert refusal.value.field == "reason"
    submitted_entry.refresh_from_db()
    assert submitted_entry.status == EntryStatus.SUBMITTED


def test_a_draft_cannot_be_admitted(draft, organiser):
    with pytest.raises(DomainError):
        admit_entry(draft, by=organiser)


@pytest.mark.parametrize("who", ["nominee", "other_organiser", "judge_user"])
def test_nobody_else_admits(submitted_entry, request, who):
    with pytest.raises(PermissionDenied):
        admit_entry(submitted_entry, by=request.getfixturevalue(who))


@pytest.mark.parametrize("who", ["organiser", "superuser"])
def test_a_member_of_the_entrant_admits_nothing_even_as_superuser(submitted_entry, request, who):
    person = request.getfixturevalue(who)
    Membership.objects.create(
        user=person, organisation=submitted_entry.organisation, role=MemberRole.VIEWER
    )

    with pytest.raises(PermissionDenied):
        admit_entry(submitted_entry, by=person)
