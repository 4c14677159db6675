"""Two connections at once, on PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import MemberRole, Membership
from common.errors import DomainError
from nominations.errors import NoPlace
from nominations.models import CodeUse, Entry, EntryStatus, Revision
from nominations.services import (
    AnswerConflict,
    Closed,
    save_answer,
    start_entry,
    submit_entry,
)
from nominations.services.codes import Invitee, invite, make_poster_code
from outbox.models import Message
from seasons.models import Channel, Stage, StageKind

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def at_once(*acts):
    """Run the acts in threads of their own, started together; return results or errors."""
    gate = Barrier(len(acts))

    def run(act):
        try:
            gate.wait(timeout=10)
            return act()
        except DomainError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def copy_of(entry):
    return Entry.objects.get(pk=entry.pk)


def test_one_form_sent_five_times_at_once_gives_one_receipt(draft, nominee):
    key = uuid4()
    entries = [copy_of(draft) for _ in range(5)]

    results = at_once(
        *(lambda entry=entry: submit_entry(entry, by=nominee, key=key) for entry in entries)
    )

    assert len({revision.pk for revision in results}) == 1
    assert Revision.objects.count() == 1
    assert Message.objects.filter(kind="entry-receipt").count() == 1


def test_two_forms_sent_at_once_give_one_revision(draft, nominee):
    results = at_once(
        *(
            lambda entry=entry: submit_entry(entry, by=nominee, key=uuid4())
            for entry in (copy_of(draft), copy_of(draft))
        )
    )

    assert [revision.number for revision in results] == [1, 1]
    assert Revision.objects.count() == 1


def test_submitting_while_the_stage_closes_is_in_or_refused_never_between(draft, nominee):
    stage = Stage.objects.filter(season=draft.season, kind=StageKind.ENTRY)

    def close():
        with transaction.atomic():
            stage.update(closes_at=timezone.now() - timedelta(seconds=1))

    result, _closed = at_once(lambda: submit_entry(copy_of(draft), by=nominee, key=uuid4()), close)

    entry = copy_of(draft)
    if isinstance(result, Closed):
        assert (entry.status, entry.revisions.count()) == (EntryStatus.DRAFT, 0)
    else:
        assert (entry.status, entry.revisions.get()) == (EntryStatus.SUBMITTED, result)


def test_two_editors_saving_at_once_never_hide_each_other(draft, nominee):
    prompt = draft.nomination.prompts.first()
    texts = ["From the left", "From the right"]

    copies = [copy_of(draft), copy_of(draft)]

    results = at_once(
        *(
            lambda entry=entry, text=text: save_answer(
                entry, prompt, text, by=nominee, base_version=1
            )
            for entry, text in zip(copies, texts, strict=True)
        )
    )

    conflicts = [result for result in results if isinstance(result, AnswerConflict)]
    (saved,) = [result for result in results if not isinstance(result, AnswerConflict)]
    assert len(conflicts) == 1
    assert conflicts[0].answer.text == saved.text == draft.answers.get(prompt=prompt).text


def test_entries_started_at_once_get_numbers_of_their_own(nomination, organisation, nominee):
    results = at_once(
        *(
            lambda title=title: start_entry(
                nomination, organisation, by=nominee, kind="organisation", title=title
            )
            for title in "abcd"
        )
    )

    assert sorted(entry.number for entry in results) == [f"CX22-{n:04d}" for n in range(1, 5)]


def test_the_last_use_of_a_code_is_taken_once(
    season,
    nomination,
    organisation,
    nominee,
    other_organisation,
    other_nominee,
    organiser,
):
    season.channels = [Channel.LINK.value]
    season.save()
    code = make_poster_code(season, by=organiser, label="Poster", max_uses=1)

    results = at_once(
        *(
            lambda company=company, person=person: start_entry(
                nomination, company, by=person, kind="organisation", code=code.code
            )
            for company, person in [(organisation, nominee), (other_organisation, other_nominee)]
        )
    )

    code.refresh_from_db()
    assert sorted(isinstance(result, DomainError) for result in results) == [False, True]
    assert (code.uses, CodeUse.objects.count(), Entry.objects.count()) == (1, 1, 1)


def test_two_colleagues_start_the_last_allowed_entry_once(
    nomination, organisation, nominee, other_nominee
):
    Membership.objects.create(user=other_nominee, organisation=organisation, role=MemberRole.EDITOR)
    nomination.max_per_applicant = 1
    nomination.save()

    results = at_once(
        *(
            lambda person=person: start_entry(
                nomination, organisation, by=person, kind="organisation"
            )
            for person in (nominee, other_nominee)
        )
    )

    assert sorted(isinstance(result, NoPlace) for result in results) == [False, True]
    assert Entry.objects.count() == 1


def test_an_invitation_sent_three_times_at_once_goes_out_once(season, organiser):
    season.channels = [Channel.INVITATION.value]
    season.save()
    key, people = uuid4(), [Invitee("anna@example.org")]

    results = at_once(*[lambda: invite(season, people, by=organiser, key=key)] * 3)

    assert sorted(len(codes) for codes in results) == [0, 0, 1]
    assert Message.objects.filter(kind="entry-code").count() == 1
