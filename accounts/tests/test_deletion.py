"""Deleting the account: a number is left, and what others rely on."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.apps import apps
from django.contrib.auth import authenticate
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import models
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains

from accounts.models import Membership, Organisation, User
from accounts.services import create_organisation, invite_member
from accounts.services.deletion import Hindered, delete_account
from accounts.services.exports import request_export
from audit.models import Event
from judging.models import Assignment, Judge
from nominations.models import Comment, Entry, EntryShare, EntryStatus, ShareRole
from nominations.services import withdraw_entry
from nominations.services.comments import add_comment
from outbox.models import Message
from outbox.services import deliver_due, run_due
from tests.factories import PASSWORD, make_judge, make_person, make_revision


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
    assertContains(stays.get("/desk/"), other_nominee.full_name)
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
