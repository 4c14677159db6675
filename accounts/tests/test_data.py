"""My data: the archive is for its person alone and for a week; deleting leaves a number."""

import io
import json
import zipfile
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.apps import apps
from django.contrib.auth import authenticate
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from accounts.models import DataExport, Membership, Organisation, User
from accounts.personal import everything_about
from accounts.services import create_organisation, invite_member
from accounts.services.deletion import Hindered, delete_account
from accounts.services.exports import purge_exports, request_export
from audit.models import Event
from judging.models import Assignment, Judge
from judging.services import open_scorecard, save_comment, save_mark, submit_scorecard
from nominations.models import Comment, Entry, EntryShare, EntryStatus, ShareRole
from nominations.services import add_attachment, withdraw_entry
from nominations.services.comments import add_comment
from outbox.models import Job, Message
from outbox.services import deliver_due, run_due
from tests.factories import PASSWORD, make_judge, make_person, make_revision


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


@pytest.fixture
def scored(assignment, judging_open, judge_user):
    """Submit the judge's scorecard with a mark and a comment."""

    def score(mark, comment):
        judging_open()
        card = open_scorecard(assignment, by=judge_user)
        for criterion in assignment.round.rubric.dimensions.get().criteria.all():
            save_mark(card, criterion, by=judge_user, value=Decimal(mark), base_version=0)
        card.refresh_from_db()
        card = save_comment(
            card, by=judge_user, comment=comment, private_note="", base_version=card.version
        )
        submit_scorecard(card, by=judge_user, key=uuid4())

    return score


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


# Deleting the account


def test_the_account_is_closed_for_good(nominee):
    delete_account(nominee)

    nominee.refresh_from_db()
    assert str(nominee) == f"Deleted person #{nominee.pk}"
    assert not nominee.is_active
    assert not nominee.has_usable_password()
    assert authenticate(email="nominee@example.org", password=PASSWORD) is None
    assert Event.objects.get(verb="person.deleted").about == f"accounts.user:{nominee.pk}"


def test_deleting_twice_is_deleting_once(nominee):
    delete_account(nominee)
    delete_account(nominee)

    assert Event.objects.filter(verb="person.deleted").count() == 1
    assert Message.objects.filter(kind="account-deleted").count() == 1


def test_the_last_letter_goes_to_the_old_address_which_is_then_forgotten(nominee):
    delete_account(nominee)
    deliver_due()

    assert mail.outbox[-1].to == ["nominee@example.org"]
    assert Message.objects.get(kind="account-deleted").email == ""


def test_the_address_is_free_again(nominee):
    delete_account(nominee)

    assert make_person("nominee@example.org", "Nina Anew").pk != nominee.pk


def test_the_person_is_signed_out_everywhere(client_of, nominee, other_nominee):
    first, second = client_of(nominee), client_of(nominee)
    stays = client_of(other_nominee)

    delete_account(nominee)

    assert [first.get("/desk/").status_code, second.get("/desk/").status_code] == [302, 302]
    assert stays.get("/desk/").status_code == 200
    assert Session.objects.count() == 1


def test_comments_and_answers_stay_without_the_name(draft, nominee, other_nominee, client_of):
    Membership.objects.create(user=other_nominee, organisation=draft.organisation, role="owner")
    add_comment(draft, text="Kept", by=nominee, key=uuid4(), prompt=None)
    delete_account(nominee)

    page = client_of(other_nominee).get(f"/entries/{draft.pk}/discussion/").text
    assert "Kept" in page
    assert f"Deleted person #{nominee.pk}" in page
    assert "Nina" not in page
    assert Comment.objects.get().author == nominee


def test_the_only_owner_of_a_running_entry_hands_over_first(draft, nominee, other_nominee):
    with pytest.raises(Hindered) as hindered:
        delete_account(nominee)
    assert len(hindered.value.reasons) == 1
    assert hindered.value.reasons[0].startswith("You are the only owner of Camomile Ltd")

    Membership.objects.create(user=other_nominee, organisation=draft.organisation, role="owner")
    delete_account(nominee)

    assert User.objects.get(pk=nominee.pk).deleted_at is not None


def test_or_withdraws_the_entry(draft, nominee):
    withdraw_entry(draft, by=nominee)
    delete_account(nominee)

    assert Entry.objects.get().status == EntryStatus.WITHDRAWN
    assert Organisation.objects.exists()


def test_after_the_season_nothing_hinders(draft, nominee, season):
    past = timezone.now() - timedelta(days=1)
    season.stages.update(opens_at=past - timedelta(days=1), closes_at=past)

    delete_account(nominee)


def test_the_only_organiser_lets_somebody_in_first(programme, organiser, request):
    with pytest.raises(Hindered, match="cannot be deleted yet") as hindered:
        delete_account(organiser)
    assert "You are the only organiser of “CX award”" in hindered.value.reasons[0]
    request.getfixturevalue("second_organiser")

    delete_account(organiser)

    assert not programme.organiser_rows.filter(user=organiser).exists()


def test_a_judge_with_work_in_hand_steps_back_first(assignment, judge_user, judging_open):
    judging_open()

    with pytest.raises(Hindered) as hindered:
        delete_account(judge_user)
    assert "Essays" in hindered.value.reasons[0]
    Assignment.objects.update(status="recused")
    delete_account(judge_user)

    seat = Judge.objects.get(user=judge_user)
    assert (seat.position, seat.employer, seat.listed) == ("", "", False)


def test_a_judge_who_is_done_may_go_and_the_marks_stay(scored, judge_user, assignment):
    scored(7, "Well told")

    delete_account(judge_user)

    assignment.refresh_from_db()
    assert assignment.scorecard.marks.count() == 2
    assert assignment.scorecard.comment == "Well told"


def test_the_last_superuser_stays(superuser):
    with pytest.raises(Hindered):
        delete_account(superuser)


def test_an_organisation_without_entries_goes_with_its_only_member(nominee, other_nominee):
    create_organisation("Nina's studio", by=nominee)
    shared = create_organisation("Two of us", by=nominee)
    Membership.objects.create(user=other_nominee, organisation=shared, role="viewer")

    delete_account(nominee)

    assert list(Organisation.objects.all()) == [shared]


# What may still hold the name: what was frozen, and what others received.
STAYS = {
    "nominations.revision.content": "what was submitted is frozen, and its hash must hold",
    "outbox.message.body": "letters to others stay as they were sent",
    "outbox.message.context": "letters to others stay as they were sent",
    "outbox.message.subject": "letters to others stay as they were sent",
}


def text_columns():
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.CharField | models.TextField | models.JSONField):
                yield model, field


def places_with(words):
    found = set()
    for model, field in text_columns():
        for value in model._base_manager.values_list(field.name, flat=True):
            text = json.dumps(value, ensure_ascii=False, default=str).casefold()
            if any(word.casefold() in text for word in words):
                found.add(f"{model._meta.label_lower}.{field.name}")
    return found


def test_nothing_personal_is_left(
    draft, nominee, other_nominee, judge_user, client_of, conflicted_judge, jury, agreement
):
    words = ["Nina Nominee", "nominee@example.org", "nina@second.example"]
    other_nominee.emailaddress_set.update(email="oleg@else.example")
    User.objects.filter(pk=other_nominee.pk).update(email="oleg@else.example")
    other_nominee.refresh_from_db()
    nominee.emailaddress_set.create(email="nina@second.example", verified=True, primary=False)
    company = draft.organisation
    Membership.objects.create(user=other_nominee, organisation=company, role="owner")
    make_judge(jury, nominee, position="Nina Nominee, head")
    EntryShare.objects.create(entry=draft, user=judge_user, role=ShareRole.VIEW)
    add_comment(draft, text="Of mine", by=nominee, key=uuid4(), prompt=None)
    make_revision(draft, nominee)
    elsewhere = create_organisation("Elsewhere", by=other_nominee)
    invite_member(elsewhere, email=nominee.email, role="viewer", by=other_nominee)
    invite_member(company, email="new@else.example", role="viewer", by=nominee)
    client_of(nominee).get("/desk/")
    request_export(nominee)
    run_due()
    deliver_due()
    revision = draft.revisions.get()
    type(revision).objects.filter(pk=revision.pk).update(
        content={**revision.content, "nominee_name": "Nina Nominee"}
    )
    assert {"accounts.user.full_name", "outbox.message.email"} < places_with(words)

    delete_account(nominee)
    deliver_due()

    assert places_with(words) <= set(STAYS)
    assert "nominations.revision.content" in places_with(words)
    letters = Message.objects.exclude(email="").exclude(recipient=nominee)
    assert not letters.filter(email__in=words).exists()


def test_the_page_says_what_stays_and_asks_for_proof(client_of, nominee):
    client, page = client_of(nominee), reverse("accounts:account_delete")
    assert f"Deleted person #{nominee.pk}" in client.get(page).text

    for form in (
        {"email": nominee.email, "password": "wrong"},
        {"email": "other@example.org", "password": PASSWORD},
        {},
    ):
        assert client.post(page, form).status_code == 422
    assert User.objects.get(pk=nominee.pk).deleted_at is None
    answer = client.post(page, {"email": nominee.email.upper(), "password": PASSWORD})

    assert answer.url == "/"
    assert User.objects.get(pk=nominee.pk).deleted_at is not None
    assert client.get("/desk/").status_code == 302


def test_the_page_lists_what_must_be_settled_first(client_of, draft, nominee):
    page = client_of(nominee).get(reverse("accounts:account_delete")).text

    assert "You are the only owner of Camomile Ltd" in page
    assert "Delete my account for good" not in page


def test_the_back_office_shows_a_number(client_of, nominee, superuser):
    delete_account(nominee)

    page = client_of(superuser).get("/admin/accounts/user/").text

    assert f"Deleted person #{nominee.pk}" in page
    assert "Nina Nominee" not in page
