"""The documents an entry shows: missing, written, taken over, confirmed, refused."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.models import MemberRole, Membership
from common.errors import ConflictError, DomainError
from judging.models import Conflict
from nominations.conditions import conditions_of, open_conditions
from nominations.content import for_jury, readable
from nominations.drafts import Draft
from nominations.errors import Closed, NotReady
from nominations.models import Credential, CredentialState, MissingRule, Prerequisite, Purpose
from nominations.services import add_attachment, admit_entry, submit_entry
from nominations.services.credentials import (
    Written,
    confirm_credential,
    refuse_credential,
    save_credential,
    take_over_credential,
    written_in,
)
from outbox.models import Message
from outbox.services import deliver_due
from tests.factories import make_entry
from tests.world import picture

FAR = date(2099, 1, 1)
CCSM = Written("CCSM-7", "Consortium", FAR)


@pytest.fixture
def ccsm(season):
    """A certificate without which nobody submits."""
    return Prerequisite.objects.create(
        season=season, slug="ccsm", name={"en": "CCSM certificate"}, needs_proof=False
    )


@pytest.fixture
def csqs(season):
    """A standard that the organisers may confirm later."""
    return Prerequisite.objects.create(
        season=season,
        slug="csqs",
        position=2,
        name={"en": "CSQS in use"},
        missing=MissingRule.CONDITIONAL,
        needs_proof=False,
    )


def save(entry, prerequisite, written, by):
    stored = Credential.objects.filter(entry=entry, prerequisite=prerequisite).first()
    return save_credential(entry, prerequisite, written, by=by, base=written_in(stored).base)


def messages_of(entry):
    return [problem.message for problem in Draft(entry).problems]


def test_a_missing_document_blocks_the_submission(draft, nominee, ccsm):
    with pytest.raises(NotReady) as refusal:
        submit_entry(draft, by=nominee, key=uuid4())

    (problem,) = refusal.value.problems
    assert (problem.message, problem.page, problem.label) == (
        "Show this document.",
        "conditions",
        "CCSM certificate",
    )


def test_a_document_that_may_come_later_blocks_nothing_but_the_admission(
    draft, nominee, organiser, csqs
):
    submit_entry(draft, by=nominee, key=uuid4())

    with pytest.raises(DomainError):
        admit_entry(draft, by=organiser)

    assert open_conditions(draft) == ["“CSQS in use” is not shown yet."]


def test_a_confirmed_document_opens_the_way_to_judging(draft, nominee, organiser, csqs):
    credential = save(draft, csqs, CCSM, nominee)
    submit_entry(draft, by=nominee, key=uuid4())
    assert open_conditions(draft) == ["“CSQS in use” is not confirmed yet."]

    confirm_credential(credential, by=organiser)

    assert open_conditions(draft) == []
    assert admit_entry(draft, by=organiser).status == "admitted"


@pytest.mark.parametrize(
    ("written", "message"),
    [
        (Written("", "Consortium"), "Write the number of the document."),
        (Written("7", ""), "Say who issued the document."),
        (CCSM, None),
        (Written("7", "Consortium"), None),
    ],
    ids=["no number", "no issuer", "whole", "without an end"],
)
def test_what_is_written_is_kept_and_what_lacks_is_said(draft, nominee, ccsm, written, message):
    save(draft, ccsm, written, nominee)

    assert messages_of(draft) == ([message] if message else [])
    assert written_in(draft.credentials.get()) == written


def test_a_scan_is_asked_for_and_taken(draft, nominee, ccsm):
    Prerequisite.objects.update(needs_proof=True)
    save(draft, ccsm, CCSM, nominee)
    assert messages_of(draft) == ["Add a scan of the document."]
    ccsm.refresh_from_db()

    add_attachment(draft, picture(), by=nominee, purpose=Purpose.CREDENTIAL, prerequisite=ccsm)

    assert messages_of(draft) == []


@pytest.mark.parametrize(
    ("days", "count"), [(-1, 1), (0, 0), (1, 0)], ids=["the day before", "the last day", "later"]
)
def test_a_document_is_valid_until_entries_close(season, draft, nominee, ccsm, days, count):
    stage = season.stages.get(kind="entry")
    stage.closes_at = timezone.now().astimezone(season.zone).replace(
        hour=0, minute=0, second=0, microsecond=0
    ) + timedelta(days=10)
    stage.save()
    last = (stage.closes_at - timedelta(seconds=1)).date()

    save(draft, ccsm, Written("7", "Consortium", last + timedelta(days=days)), nominee)

    assert len(messages_of(draft)) == count
    assert [f"{last.isoformat()} at least" in message for message in messages_of(draft)] == [
        True
    ] * count


def test_an_extension_asks_for_a_document_valid_for_longer(
    season, draft, nominee, organiser, organisation, ccsm
):
    stage = season.stages.get(kind="entry")
    save(
        draft,
        ccsm,
        Written("7", "Consortium", (stage.closes_at + timedelta(days=2)).date()),
        nominee,
    )
    assert messages_of(draft) == []

    stage.extensions.create(
        organisation=organisation,
        until=stage.closes_at + timedelta(days=9),
        reason="A flood",
        granted_by=organiser,
    )

    assert len(messages_of(draft)) == 1


def test_a_prerequisite_of_other_nominations_is_not_asked(draft, nominee, ccsm, person_nomination):
    ccsm.nominations.add(person_nomination)

    assert conditions_of(draft) == []
    with pytest.raises(DomainError):
        save(draft, ccsm, CCSM, nominee)


def test_two_people_never_overwrite_each_other_silently(draft, nominee, ccsm):
    base = Written().base
    save_credential(draft, ccsm, Written("1", "Left"), by=nominee, base=base)

    with pytest.raises(ConflictError):
        save_credential(draft, ccsm, Written("2", "Right"), by=nominee, base=base)
    repeated = save_credential(draft, ccsm, Written("1", "Left"), by=nominee, base=base)

    assert written_in(repeated) == Written("1", "Left")


def test_after_the_deadline_nothing_is_written(draft, nominee, ccsm, judging_open):
    judging_open()

    with pytest.raises(Closed):
        save(draft, ccsm, CCSM, nominee)

    assert Credential.objects.count() == 0


def test_strangers_and_viewers_write_nothing(draft, ccsm, organisation, other_nominee, organiser):
    Membership.objects.create(user=other_nominee, organisation=organisation, role=MemberRole.VIEWER)

    for person in (other_nominee, organiser):
        with pytest.raises(PermissionDenied):
            save(draft, ccsm, CCSM, person)


def test_changing_a_confirmed_document_takes_the_word_back(draft, nominee, organiser, ccsm):
    credential = save(draft, ccsm, CCSM, nominee)
    submit_entry(draft, by=nominee, key=uuid4())
    confirm_credential(credential, by=organiser)

    save(draft, ccsm, CCSM, nominee)
    credential.refresh_from_db()
    assert credential.state == CredentialState.CONFIRMED
    changed = save(draft, ccsm, Written("CCSM-8", "Consortium", FAR), nominee)

    assert (changed.state, changed.decided_by) == (CredentialState.GIVEN, None)


def test_taking_the_scan_away_opens_the_question_anew(draft, nominee, organiser, csqs):
    Prerequisite.objects.update(needs_proof=True)
    csqs.refresh_from_db()
    scan = add_attachment(
        draft, picture(), by=nominee, purpose=Purpose.CREDENTIAL, prerequisite=csqs
    )
    credential = save(draft, csqs, CCSM, nominee)
    submit_entry(draft, by=nominee, key=uuid4())
    confirm_credential(credential, by=organiser)
    assert open_conditions(draft) == []

    Credential.objects.filter(proof=scan).update(proof=None)

    assert open_conditions(draft) == ["“CSQS in use” is not confirmed yet."]


def test_a_refused_document_blocks_until_another_is_shown(draft, nominee, organiser, ccsm):
    credential = save(draft, ccsm, CCSM, nominee)
    submit_entry(draft, by=nominee, key=uuid4())

    refuse_credential(credential, by=organiser, note="The number is unknown there.")

    assert messages_of(draft) == ["The organisers did not accept this document. Show another."]
    assert open_conditions(draft) == ["“CCSM certificate” was refused."]
    save(draft, ccsm, Written("CCSM-9", "Consortium", FAR), nominee)
    assert (messages_of(draft), open_conditions(draft)) == ([], [])


def test_a_refusal_says_why(draft, nominee, organiser, ccsm):
    credential = save(draft, ccsm, CCSM, nominee)
    submit_entry(draft, by=nominee, key=uuid4())

    with pytest.raises(DomainError) as refusal:
        refuse_credential(credential, by=organiser, note=" ")

    assert refusal.value.field == "note"


def test_deciding_twice_sends_one_mail(draft, nominee, organiser, ccsm, mailoutbox):
    credential = save(draft, ccsm, CCSM, nominee)
    submit_entry(draft, by=nominee, key=uuid4())

    for _time in range(2):
        refuse_credential(credential, by=organiser, note="It is not yours.")
    deliver_due(kinds=["credential-refused"])

    (mail,) = mailoutbox
    assert mail.to == ["nominee@example.org"]
    assert "CCSM certificate" in mail.body
    assert "It is not yours." in mail.body
    assert Message.objects.filter(kind="credential-refused").count() == 1


def test_a_draft_s_document_is_not_judged(draft, nominee, organiser, ccsm):
    credential = save(draft, ccsm, CCSM, nominee)

    with pytest.raises(DomainError):
        confirm_credential(credential, by=organiser)


def test_nominees_other_organisers_and_conflicted_ones_confirm_nothing(
    draft, nominee, organiser, other_organiser, organisation, ccsm
):
    credential = save(draft, ccsm, CCSM, nominee)
    submit_entry(draft, by=nominee, key=uuid4())
    Conflict.objects.create(
        user=organiser, organisation=organisation, reason="A brother", declared_by=organiser
    )

    for person in (nominee, other_organiser, organiser):
        with pytest.raises(PermissionDenied):
            confirm_credential(credential, by=person)

    credential.refresh_from_db()
    assert credential.state == CredentialState.GIVEN


def test_a_document_is_taken_over_with_its_scan(nomination, organisation, draft, nominee, ccsm):
    scan = add_attachment(
        draft, picture(), by=nominee, purpose=Purpose.CREDENTIAL, prerequisite=ccsm
    )
    save(draft, ccsm, CCSM, nominee)
    other = make_entry(nomination, organisation, nominee)

    for _time in range(2):
        taken = take_over_credential(other, ccsm, by=nominee)

    assert written_in(taken) == CCSM
    copy = other.attachments.get()
    assert (copy.sha256, copy == scan, taken.proof) == (scan.sha256, False, copy)


def test_another_organisation_s_document_is_not_taken_over(
    nomination, other_organisation, other_nominee, draft, nominee, ccsm
):
    save(draft, ccsm, CCSM, nominee)
    other = make_entry(nomination, other_organisation, other_nominee)

    with pytest.raises(DomainError):
        take_over_credential(other, ccsm, by=other_nominee)

    assert other.credentials.count() == 0


def test_a_revision_keeps_the_documents_and_the_jury_never_sees_them(draft, nominee, ccsm):
    save(draft, ccsm, CCSM, nominee)
    revision = submit_entry(draft, by=nominee, key=uuid4())

    assert revision.content["credentials"] == [
        {
            "prerequisite": "ccsm",
            "label": {"en": "CCSM certificate"},
            "number": "CCSM-7",
            "issuer": "Consortium",
            "expires_on": "2099-01-01",
            "proof": "",
        }
    ]
    assert readable(revision.content, str)["credentials"][0]["number"] == "CCSM-7"
    assert readable(for_jury(revision.content), str)["credentials"] == []
    assert "CCSM-7" not in str(for_jury(revision.content))


def test_a_changed_document_is_a_change_of_the_draft(draft, nominee, ccsm):
    save(draft, ccsm, CCSM, nominee)
    revision = submit_entry(draft, by=nominee, key=uuid4())
    assert not Draft(draft).differs_from(revision)

    ccsm.name = {"en": "Reworded"}
    ccsm.save()
    assert not Draft(draft).differs_from(revision)
    save(draft, ccsm, Written("CCSM-8", "Consortium", FAR), nominee)

    assert Draft(draft).differs_from(revision)
