"""My data: the archive is for its person alone and for a week."""

import io
import json
import zipfile
from datetime import timedelta
from uuid import uuid4

from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from accounts.models import DataExport
from accounts.personal import everything_about
from accounts.services.exports import purge_exports, request_export
from nominations.models import EntryShare, ShareRole
from nominations.services import add_attachment
from nominations.services.comments import add_comment
from outbox.models import Job, Message
from outbox.services import deliver_due, run_due
from tests.factories import PASSWORD


def picture():
    drawn = io.BytesIO()
    Image.new("RGB", (2, 2)).save(drawn, "PNG")
    return SimpleUploadedFile("chart.png", drawn.getvalue())


def archive_of(user):
    export = request_export(user)
    run_due()
    export.refresh_from_db()
    with export.file.open() as file:
        return zipfile.ZipFile(io.BytesIO(file.read()))


def data_of(user):
    return json.loads(archive_of(user).read("data.json"))


def trusted(client_of, user):
    """A browser whose person has just typed the password."""
    client = client_of(user)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


# The archive


def test_the_archive_holds_the_account_entries_words_and_files(draft, nominee):
    add_attachment(draft, picture(), by=nominee)
    add_comment(draft, text="My remark", by=nominee, key=uuid4(), prompt=None)

    archive = archive_of(nominee)
    data = json.loads(archive.read("data.json"))

    assert data["account"]["email"] == nominee.email
    assert data["memberships"][0]["organisation"] == "Camomile Ltd"
    assert data["entries"][0]["number"] == draft.number
    assert "We did approach well." in [one["text"] for one in data["entries"][0]["answers"]]
    assert [one["text"] for one in data["comments"]] == ["My remark"]
    path = data["files"][0]["path"]
    assert path.endswith("-chart.png")
    assert archive.read(path).startswith(b"\x89PNG")


def test_every_room_says_its_part(nominee):
    assert set(everything_about(nominee).sections) == {
        "account",
        "emails",
        "memberships",
        "invitations_to_organisations",
        "letters",
        "log",
        "organiser_of",
        "entries",
        "files",
        "comments",
        "shared_with_me",
        "invitations_to_entries",
        "recommendations",
        "codes_used",
        "vetting_team_of",
        "jury_seats",
        "consents",
        "conflicts_of_interest",
        "consultations",
        "objections_made",
        "registrations",
        "appeals",
        "samples_scored",
        "scorecards",
        "diplomas",
        "results",
        "feedback",
    }


def test_the_archive_says_nothing_of_other_peoples_entries(draft, nominee, other_nominee):
    assert draft.number in json.dumps(data_of(nominee))
    assert draft.number not in json.dumps(data_of(other_nominee))


def test_an_unreleased_mark_never_appears_in_the_nominees_archive(
    scored, nominee, organiser, judge_user
):
    before = without_clock(everything_about(nominee).sections)
    scored(7, "Unrepeatable praise")

    assert without_clock(everything_about(nominee).sections) == before
    assert "Unrepeatable praise" not in dumped(organiser)
    assert judge_user.full_name not in dumped(nominee)
    assert "Unrepeatable praise" in dumped(judge_user)


def dumped(user):
    return json.dumps(everything_about(user).sections, default=str)


def without_clock(sections):
    return json.dumps(sections, default=str, sort_keys=True)


def test_a_judge_gets_no_scorecard_of_an_entry_a_conflict_hides(scored, judge_user, assignment):
    scored(7, "Unrepeatable praise")
    assert "Unrepeatable praise" in dumped(judge_user)

    EntryShare.objects.create(entry=assignment.entry, user=judge_user, role=ShareRole.VIEW)

    assert "Unrepeatable praise" not in dumped(judge_user)


def test_the_person_is_told_when_the_archive_is_ready(nominee):
    request_export(nominee)
    run_due()
    deliver_due()

    assert mail.outbox[-1].to == [nominee.email]
    assert mail.outbox[-1].subject == "Your data is ready to download"


def test_asking_twice_makes_one_archive(nominee):
    request_export(nominee)
    request_export(nominee)
    run_due()

    assert DataExport.objects.count() == 1
    assert Job.objects.filter(kind="personal-export").count() == 1


def test_a_job_that_runs_twice_changes_nothing_more(nominee):
    request_export(nominee)
    run_due()
    first = DataExport.objects.get()
    Job.objects.update(state="waiting", locked_until=None)
    run_due()

    second = DataExport.objects.get()
    assert (first.ready_at, first.file.name) == (second.ready_at, second.file.name)
    assert Message.objects.count() == 1


def test_after_a_failure_one_may_ask_again(client_of, nominee):
    first = request_export(nominee)
    Job.objects.update(state="failed")
    assert "Try again" in client_of(nominee).get(reverse("accounts:data")).text

    request_export(nominee)
    run_due()

    assert DataExport.objects.get().pk != first.pk
    assert DataExport.objects.get().ready_at is not None


def test_a_new_archive_takes_the_place_of_the_old_one(nominee, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        archive_of(nominee)
    old = DataExport.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        archive_of(nominee)

    assert DataExport.objects.get() != old
    assert not old.file.storage.exists(old.file.name)


def test_after_a_week_the_archive_is_gone_from_the_disk(
    nominee, time_machine, django_capture_on_commit_callbacks
):
    archive_of(nominee)
    export = DataExport.objects.get()
    storage, name = export.file.storage, export.file.name
    for seconds, kept in [(-1, True), (0, False)]:
        time_machine.move_to(export.expires_at + timedelta(seconds=seconds), tick=False)
        with django_capture_on_commit_callbacks(execute=True):
            purge_exports()
        assert storage.exists(name) == kept


def test_the_page_tells_how_far_it_is_and_hands_it_out(client_of, nominee):
    client = trusted(client_of, nominee)
    page = reverse("accounts:data")
    assert "Make the archive" in client.get(page).text

    client.post(reverse("accounts:data_export"))
    assert "being made" in client.get(page).text or "ready" in client.get(page).text
    run_due()
    export = DataExport.objects.get()
    assert str(export.token) in client.get(page).text
    answer = client.get(reverse("accounts:data_download", args=[export.token]))

    content = b"".join(answer.streaming_content)
    assert zipfile.ZipFile(io.BytesIO(content)).namelist() == ["data.json"]
    assert "attachment" in answer["Content-Disposition"]
    assert answer["Cache-Control"] == "private, no-store"


def test_the_archive_asks_for_the_password_first(client_of, nominee):
    archive_of(nominee)
    token = DataExport.objects.get().token
    client = client_of(nominee)

    asked = [
        client.get(reverse("accounts:data_download", args=[token])),
        client.post(reverse("accounts:data_export")),
    ]

    assert [one.url.split("?")[0] for one in asked] == [reverse("account_reauthenticate")] * 2


def test_nobody_else_downloads_it(client_of, nominee, superuser):
    archive_of(nominee)
    token = DataExport.objects.get().token

    answer = trusted(client_of, superuser).get(reverse("accounts:data_download", args=[token]))

    assert answer.status_code == 404


def test_it_is_not_downloaded_after_its_week(client_of, nominee):
    archive_of(nominee)
    client, statuses = trusted(client_of, nominee), []
    for left in (timedelta(minutes=1), timedelta(0)):
        DataExport.objects.update(expires_at=timezone.now() + left)
        token = DataExport.objects.get().token
        answer = client.get(reverse("accounts:data_download", args=[token]))
        statuses.append(answer.status_code)
        if answer.streaming:
            b"".join(answer.streaming_content)  # read to its end, not closed with its connection

    assert statuses == [200, 404]
