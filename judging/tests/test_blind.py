"""A blind jury is told nothing that depends on who applies."""

from datetime import timedelta
from pathlib import PurePath
from typing import Any

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from accounts.models import Organisation
from common.errors import DomainError
from judging.blind import entries_that_name_the_applicant, plain_name, shown_content
from judging.models import DefenceSlot, Round, Shows
from judging.services import assign, declare_conflict
from nominations.models import Attachment, Entry, Revision
from tests.pages import told

HIDING = [Shows.NO_APPLICANT, Shows.ANSWERS]


@pytest.fixture
def file(work: Any) -> Attachment:
    """A file of the revision that is judged, named after the applicant."""
    made = Attachment.objects.create(
        entry=work.entry,
        name="Garden Works report.pdf",
        size=4,
        content_type="application/pdf",
        file=ContentFile(b"%PDF", name="x.pdf"),
    )
    revision = work.entry.latest_revision()
    revision.content["attachments"] = [
        {
            "token": str(made.token),
            "name": made.name,
            "size": 4,
            "content_type": made.content_type,
            "sha256": "0" * 64,
        }
    ]
    Revision.objects.filter(pk=revision.pk).update(content=revision.content)
    return made


def rename(entry: Entry) -> None:
    """The other world: the same entry of somebody else."""
    Organisation.objects.filter(pk=entry.organisation_id).update(
        name="Quite Another Company", name_key="quite another company"
    )
    Entry.objects.filter(pk=entry.pk).update(nominee_name="Ada Other")
    revision = entry.latest_revision()
    assert revision is not None
    content = revision.content
    content |= {
        "organisation": "Quite Another Company",
        "nominee_name": "Ada Other",
        "participants": [{"name": "Bob Other", "role": "client"}],
    }
    for one in content["attachments"]:
        one["name"] = "Quite Another report.pdf"
    Attachment.objects.filter(entry=entry).update(name="Quite Another report.pdf")
    Revision.objects.filter(pk=revision.pk).update(content=content, sha256="1" * 64)


def told_everywhere(client: Any, work: Any, file: Attachment) -> list[Any]:
    """All that a judge is told about the entry."""
    return [
        told(client, path)
        for path in (
            reverse("judging:desk"),
            reverse("accounts:desk"),
            work.get_absolute_url(),
            reverse("judging:recuse", args=[work.pk]),
            reverse("judging:file", args=[work.pk, file.token]),
            reverse("judging:defence", args=[work.round.season.slug]),
            reverse("judging:proofs", args=[work.round.season.slug]),
            reverse("judging:proof", args=[work.pk]),
        )
    ]


@pytest.mark.parametrize("shows", Shows)
def test_two_applicants_look_the_same_to_a_blind_judge_alone(
    shows, work, file, client_of, judge_user, defence_round
):
    Round.objects.update(shows=shows)
    DefenceSlot.objects.create(round=defence_round, entry=work.entry, starts_at=timezone.now())
    work.entry.advancements.create(round=defence_round)
    client, name = client_of(judge_user), work.entry.organisation.name

    with time_machine.travel(timezone.now(), tick=False):
        here = told_everywhere(client, work, file)
        rename(work.entry)
        there = told_everywhere(client, work, file)

    assert (here == there) == (shows in HIDING)
    assert (name in here[2][2], name in here[5][2]) == (shows not in HIDING,) * 2
    assert here[4][0] == (404 if shows == Shows.ANSWERS else 200)
    assert work.entry.number in here[0][2]


def test_an_upcoming_blind_round_names_nobody_either(work, season, client_of, judge_user):
    Round.objects.update(shows=Shows.NO_APPLICANT)
    season.stages.filter(kind="judging").update(opens_at=timezone.now() + timedelta(hours=1))

    page = client_of(judge_user).get(work.get_absolute_url()).content.decode()

    assert work.entry.number in page
    assert work.entry.organisation.name not in page


def test_only_listed_keys_leave_a_blind_round(work):
    Round.objects.update(shows=Shows.ANSWERS)
    content = work.entry.latest_revision().content
    content |= {"secret": "x", "credentials": [{"number": "7"}]}
    content["answers"][0] |= {"proof": "name.pdf"}
    content["answers"].append(
        {"prompt": "v", "kind": "video", "label": {}, "text": "https://x.org"}
    )

    shown = shown_content(Round.objects.get(pk=work.round_id), content)

    assert set(shown) == {
        "number",
        "nomination",
        "kind",
        "title",
        "organisation",
        "nominee_name",
        "participants",
        "answers",
        "attachments",
    }
    assert [set(one) & {"proof"} for one in shown["answers"]] == [set()] * len(shown["answers"])
    assert "video" not in {one["kind"] for one in shown["answers"]}


@pytest.mark.parametrize(
    ("name", "plain"), [("Garden.PDF", "1.pdf"), ("Garden", "1"), ("a.garden works", "1")]
)
def test_a_file_keeps_its_kind_alone(name, plain):
    assert plain_name(1, name) == plain
    assert PurePath(plain).stem == "1"


def test_a_conflict_closes_a_blind_entry_as_well(work, judge, judge_user, organiser, client_of):
    Round.objects.update(shows=Shows.ANSWERS)
    declare_conflict(judge_user, by=organiser, reason="x", entry=work.entry)

    assert client_of(judge_user).get(work.get_absolute_url()).status_code == 404
    with pytest.raises(DomainError):
        assign(work.round, judge, work.entry, by=organiser)


def test_organisers_see_which_texts_name_their_applicant(work, organiser, client_of):
    Round.objects.update(shows=Shows.NO_APPLICANT)
    round_ = Round.objects.get(pk=work.round_id)
    before = entries_that_name_the_applicant(round_, organiser)
    revision = work.entry.latest_revision()
    revision.content["answers"][0]["text"] = (
        f"At “{work.entry.organisation.name.upper()}” we listen."
    )
    Revision.objects.filter(pk=revision.pk).update(content=revision.content)

    page = client_of(organiser).post(
        reverse("admin:judging_round_changelist"),
        {"action": "list_named", "_selected_action": [round_.pk]},
    )

    assert (before, entries_that_name_the_applicant(round_, organiser)) == ([], [work.entry])
    assert page.context["found"] == [(round_, [work.entry])]
