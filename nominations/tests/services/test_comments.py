"""The discussion of an entry: for its people, told by mail at most once an hour, kept out of all else."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.models import Membership
from audit.models import Event
from common.errors import DomainError
from nominations.drafts import Draft
from nominations.models import Comment, EntryShare, ShareRole
from nominations.services.comments import (
    MAX_LENGTH,
    add_comment,
    delete_comment,
    note_read,
    reopen_comment,
    resolve_comment,
)
from outbox.models import Message, State
from outbox.services import deliver_due


@pytest.fixture
def colleague(organisation, other_nominee):
    Membership.objects.create(user=other_nominee, organisation=organisation, role="viewer")
    return other_nominee


def say(entry, by, text="Shall we name the figure?", prompt=None, key=None):
    return add_comment(entry, text=text, by=by, key=key or uuid4(), prompt=prompt)


def test_a_viewer_comments_on_one_answer(draft, colleague):
    prompt = draft.nomination.prompts.first()

    comment = say(draft, colleague, prompt=prompt)

    assert (comment.prompt, comment.author) == (prompt, colleague)
    assert Event.objects.get(verb="entry.comment-added").data == {"comment": comment.pk}


def test_the_same_form_sent_again_says_it_once(draft, nominee, colleague):
    key = uuid4()

    first, second = say(draft, nominee, key=key), say(draft, nominee, key=key)

    assert first == second
    assert Message.objects.count() == 1


def test_an_organiser_and_a_stranger_say_nothing(draft, organiser, judge_user):
    for person in (organiser, judge_user):
        with pytest.raises(PermissionDenied):
            say(draft, person)

    assert not Comment.objects.exists()


@pytest.mark.parametrize("text", ["", "  \n ", "x" * (MAX_LENGTH + 1)])
def test_nothing_and_too_much_are_refused(draft, nominee, text):
    with pytest.raises(DomainError):
        say(draft, nominee, text)


def test_a_question_of_another_nomination_is_refused(draft, nominee, person_nomination):
    with pytest.raises(DomainError, match="another nomination"):
        say(draft, nominee, prompt=person_nomination.prompts.first())


def test_the_others_are_told_and_the_author_is_not(draft, nominee, colleague, judge_user):
    EntryShare.objects.create(entry=draft, user=judge_user, role=ShareRole.VIEW)
    say(draft, nominee, prompt=draft.nomination.prompts.first())

    people = Message.objects.values_list("email", flat=True)
    assert sorted(people) == sorted([colleague.email, judge_user.email])


def at(time_machine, **after):
    moment = timezone.now() + timedelta(**after)
    time_machine.move_to(moment, tick=False)
    return moment


def test_the_letter_says_who_wrote_about_what_without_the_words(
    draft, nominee, colleague, time_machine
):
    say(draft, nominee, "A secret figure", prompt=draft.nomination.prompts.first())
    at(time_machine, minutes=3)
    deliver_due()

    letter = mail.outbox[0]
    assert letter.subject == f"A new comment on the entry {draft.number}"
    assert "Nina Nominee, about “Describe your approach”" in letter.body
    assert "A secret figure" not in letter.body


def test_ten_comments_in_an_hour_are_told_in_two_letters_an_hour_apart(
    draft, nominee, colleague, time_machine
):
    start = timezone.now()
    for minute in range(0, 50, 5):
        time_machine.move_to(start + timedelta(minutes=minute), tick=False)
        deliver_due()
        say(draft, nominee, f"Remark {minute}")
    for minute in (50, 61, 62, 65, 120):
        time_machine.move_to(start + timedelta(minutes=minute), tick=False)
        deliver_due()

    sent = list(Message.objects.filter(state=State.DONE).order_by("sent_at"))
    assert [one.context["count"] for one in sent] == [1, 9]
    assert sent[1].due_at - sent[0].due_at == timedelta(hours=1)


def test_who_has_read_it_gets_no_letter(draft, nominee, colleague, time_machine):
    say(draft, nominee)
    note_read(draft, colleague)
    at(time_machine, minutes=3)
    deliver_due()

    assert mail.outbox == []
    assert Message.objects.get().state == State.CANCELLED


def test_a_settled_comment_is_not_told(draft, nominee, colleague, time_machine):
    resolve_comment(say(draft, nominee), by=nominee)
    at(time_machine, minutes=3)
    deliver_due()

    assert mail.outbox == []


def test_who_lost_the_entry_meanwhile_is_not_told(draft, nominee, colleague, time_machine):
    say(draft, nominee)
    Membership.objects.filter(user=colleague).delete()
    at(time_machine, minutes=3)
    deliver_due()

    assert mail.outbox == []


def test_after_a_cancelled_letter_the_next_comment_is_told(draft, nominee, colleague, time_machine):
    say(draft, nominee)
    note_read(draft, colleague)
    at(time_machine, minutes=3)
    deliver_due()
    say(draft, nominee, "One more")
    at(time_machine, minutes=3)
    deliver_due()

    assert len(mail.outbox) == 1


def test_settling_and_opening_again(draft, nominee, colleague):
    comment = say(draft, colleague)

    resolve_comment(comment, by=nominee)
    resolve_comment(comment, by=nominee)
    comment.refresh_from_db()
    assert comment.resolved_by == nominee
    reopen_comment(comment, by=colleague)

    comment.refresh_from_db()
    assert comment.resolved_at is None
    assert Event.objects.filter(verb="entry.comment-settled").count() == 1


def test_a_viewer_settles_no_comment_of_others(draft, nominee, colleague):
    comment = say(draft, nominee)

    with pytest.raises(PermissionDenied):
        resolve_comment(comment, by=colleague)


@pytest.mark.parametrize(("seconds", "gone"), [(599, True), (600, False), (601, False)])
def test_an_own_comment_is_deleted_within_ten_minutes(draft, nominee, time_machine, seconds, gone):
    comment = say(draft, nominee)
    time_machine.move_to(comment.written_at + timedelta(seconds=seconds), tick=False)

    if gone:
        delete_comment(comment, by=nominee)
    else:
        with pytest.raises(DomainError, match="within ten minutes"):
            delete_comment(comment, by=nominee)

    assert Comment.objects.exists() != gone


def test_nobody_deletes_the_comment_of_another(draft, nominee, colleague):
    comment = say(draft, colleague)

    with pytest.raises(PermissionDenied):
        delete_comment(comment, by=nominee)


def test_comments_are_no_part_of_what_is_submitted(draft, nominee):
    before = Draft(draft).content()

    say(draft, nominee, "A remark that must stay here", prompt=draft.nomination.prompts.first())

    assert Draft(draft).content() == before
