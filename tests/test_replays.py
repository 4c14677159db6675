"""Every POST of entering and vetting is sent three times: in a row, and at once on PostgreSQL.

However often it arrives: one revision, one row, one mail a person, one line in the log, and the same
answer as the first time.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import User
from audit.models import Event
from nominations.deadlines import submit_what_is_ready
from nominations.models import (
    Answer,
    Attachment,
    Check,
    CheckItem,
    Entry,
    EntryStatus,
    Reopening,
    Revision,
)
from nominations.services import reopen_entry, save_answer
from outbox.models import Message
from outbox.services import hold_queue
from seasons.models import DraftRule, Stage, StageKind
from tests.factories import make_entry
from tests.world import picture

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

TIMES = 3
MODELS = (Entry, Revision, Answer, Attachment, Check, Reopening, Event, Message)


@dataclass
class Post:
    """One form, and what it leaves behind however often it is sent."""

    path: str
    data: Callable[[], dict[str, Any]]
    new: dict[type[Any], int]
    """How many rows of each model there are more afterwards; of all others none."""
    status: str = ""
    json: bool = False
    mails: list[str] = field(default_factory=list)


def counts() -> dict[type[Any], int]:
    return {model: model.objects.count() for model in MODELS}


def in_a_row(send: Callable[[], Any]) -> list[Any]:
    return [send() for _ in range(TIMES)]


def at_once(send: Callable[[], Any]) -> list[Any]:
    """Send from threads of their own, started together."""
    gate = Barrier(TIMES)

    def run(_place: int) -> Any:
        try:
            gate.wait(timeout=20)
            return send()
        finally:
            connection.close()

    with ThreadPoolExecutor(TIMES) as pool:
        return list(pool.map(run, range(TIMES)))


def replay(ways: Callable[[Callable[[], Any]], list[Any]], person: User, post: Post) -> None:
    """Send it so, and compare what is there with what one sending leaves behind."""
    before = counts()
    mails = set(Message.objects.values_list("pk", flat=True))

    def send() -> tuple[int, str, Any]:
        client = Client(headers={"accept-language": "en"})
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        headers = {"accept": "application/json"} if post.json else {}
        answer = client.post(post.path, post.data(), headers=headers)
        return answer.status_code, answer.headers.get("Location", ""), answer.status_code < 400

    with hold_queue():
        answers = ways(send)

    assert set(answers) == {answers[0]}
    assert answers[0][2], answers
    after = counts()
    new = {model: after[model] - before[model] for model in MODELS if after[model] != before[model]}
    assert new == post.new
    told = Message.objects.exclude(pk__in=mails).order_by("email")
    assert [message.kind for message in told] == post.mails


WAYS = pytest.mark.parametrize("ways", [in_a_row, at_once], ids=["in a row", "at once"])


@pytest.fixture
def item(nomination: Any) -> CheckItem:
    return CheckItem.objects.create(
        nomination=nomination, position=1, slug="nps", aspect="figures", text={"en": "NPS is right"}
    )


@WAYS
def test_submitting(ways, draft, nominee):
    key = str(uuid4())
    post = Post(
        f"/entries/{draft.pk}/submit/",
        lambda: {"key": key},
        {Revision: 1, Event: 1, Message: 1},
        mails=["entry-receipt"],
    )

    replay(ways, nominee, post)

    (revision,) = Revision.objects.all()
    assert revision.sha256 == Revision.digest(revision.content)


@WAYS
def test_withdrawing(ways, submitted_entry, nominee):
    path = f"/entries/{submitted_entry.pk}/withdraw/"
    post = Post(
        path, lambda: {"reason": "Changed."}, {Event: 1, Message: 1}, mails=["entry-withdrawn"]
    )

    replay(ways, nominee, post)

    assert Entry.objects.get().status == EntryStatus.WITHDRAWN


@WAYS
def test_restoring(ways, nomination, organisation, nominee):
    entry = make_entry(nomination, organisation, nominee, EntryStatus.WITHDRAWN)

    replay(ways, nominee, Post(f"/entries/{entry.pk}/restore/", dict, {Event: 1}))

    assert (Entry.objects.get().status, Entry.objects.get().place) == (EntryStatus.DRAFT, 1)


@WAYS
def test_admitting(ways, submitted_entry, organiser):
    path = f"/vetting/{submitted_entry.pk}/admit/"

    replay(ways, organiser, Post(path, dict, {Event: 1, Message: 1}, mails=["entry-admitted"]))

    assert Entry.objects.get().status == EntryStatus.ADMITTED


@WAYS
def test_returning(ways, submitted_entry, organiser):
    until = (timezone.now() + timedelta(days=30)).strftime("%Y-%m-%dT12:00")
    post = Post(
        f"/vetting/{submitted_entry.pk}/return/",
        lambda: {"text": "Add the period.", "until": until},
        {Reopening: 1, Event: 1, Message: 1},
        mails=["entry-returned"],
    )

    replay(ways, organiser, post)

    assert Entry.objects.get().status == EntryStatus.RETURNED


@WAYS
def test_disqualifying(ways, submitted_entry, organiser):
    post = Post(
        f"/vetting/{submitted_entry.pk}/disqualify/",
        lambda: {"text": "False data."},
        {Event: 1, Message: 1},
        mails=["entry-disqualified"],
    )

    replay(ways, organiser, post)

    assert Entry.objects.get().status_reason == "False data."


@WAYS
def test_reopening(ways, submitted_entry, organiser):
    until = (timezone.now() + timedelta(days=30)).strftime("%Y-%m-%dT12:00")
    post = Post(
        f"/vetting/{submitted_entry.pk}/reopen/",
        lambda: {"text": "A typo.", "until": until},
        {Reopening: 1, Event: 1, Message: 1},
        mails=["entry-reopened"],
    )

    replay(ways, organiser, post)


@WAYS
def test_taking_a_reopening_back(ways, submitted_entry, organiser):
    leave = reopen_entry(
        submitted_entry, by=organiser, reason="A typo.", until=timezone.now() + timedelta(days=30)
    )
    path = f"/vetting/{submitted_entry.pk}/reopenings/{leave.pk}/end/"

    replay(
        ways, organiser, Post(path, dict, {Event: 1, Message: 1}, mails=["entry-reopening-ended"])
    )


@WAYS
def test_saving_a_check(ways, submitted_entry, organiser, item):
    sent = {"revision": "1", f"verdict-{item.pk}": "doubt", f"note-{item.pk}": "Ask."}
    path = f"/vetting/{submitted_entry.pk}/checks/"

    replay(ways, organiser, Post(path, lambda: sent, {Check: 1}, json=True))


@WAYS
def test_saving_an_answer(ways, draft, nominee):
    prompt = draft.nomination.prompts.first()
    path = f"/entries/{draft.pk}/answers/{prompt.pk}/"
    answers = []

    def send() -> Any:
        client = Client()
        client.force_login(nominee, backend="django.contrib.auth.backends.ModelBackend")
        body = {"text": "Better words now.", "base_version": 1}
        answer = client.post(path, body, content_type="application/json")
        return answer.status_code, answer.json()["version"]

    before = counts()
    answers = ways(send)

    assert set(answers) == {(200, 2)}
    assert counts() == before
    assert Answer.objects.get(prompt=prompt).text == "Better words now."


@WAYS
def test_adding_a_file(ways, draft, nominee):
    path = f"/entries/{draft.pk}/files/"

    replay(ways, nominee, Post(path, lambda: {"file": picture()}, {Attachment: 1, Event: 1}))

    kept = Attachment.objects.get()
    assert kept.file.storage.exists(kept.file.name)


@WAYS
def test_starting_an_entry(ways, nomination, organisation, nominee):
    sent = {
        "organisation": str(organisation.pk),
        "nominations": [str(nomination.number)],
        f"kind-{nomination.number}": "organisation",
    }

    replay(ways, nominee, Post("/s/cx-2022/enter/", lambda: sent, {Entry: 1, Event: 1}))

    assert Entry.objects.get().number == "CX22-0001"


@WAYS
def test_the_deadline_itself_submits_a_draft_once(ways, draft, nominee, season):
    season.draft_rule = DraftRule.SUBMIT
    season.save(update_fields=["draft_rule"])
    prompt = draft.nomination.prompts.first()
    save_answer(
        Entry.objects.get(pk=draft.pk), prompt, "The last words.", by=nominee, base_version=1
    )
    closes = timezone.now() + timedelta(milliseconds=1)
    Stage.objects.filter(season=season, kind=StageKind.ENTRY).update(closes_at=closes)

    with hold_queue():
        done = ways(submit_what_is_ready)

    assert sorted(done) == [0, 0, 1]
    (revision,) = Revision.objects.all()
    assert revision.submitted_at == closes
    assert [m.kind for m in Message.objects.all()] == ["entry-receipt"]
