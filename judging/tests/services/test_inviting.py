"""Judges are invited by mail; they accept, decline, and say who they are."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from accounts.services.invitations import Gone
from common.errors import DomainError
from common.uploads import check_upload
from judging.barriers import is_barred
from judging.models import Conflict, Judge, Jury, JuryInvitation
from judging.services.agreements import remind_unsigned, signatures
from judging.services.inviting import (
    accept_jury_invitation,
    decline_jury_invitation,
    invite_judge,
    resend_jury_invitation,
    revoke_jury_invitation,
)
from judging.services.profiles import SIDE, update_profile
from outbox.models import Message
from tests.factories import make_person

SAID = {
    "position": "Head",
    "employer": "",
    "past_employers": "",
    "biography": {"en": "Long in service."},
    "city": "Riga",
    "background": "academic",
    "languages": "en",
    "listed": True,
    "areas": [],
}


@pytest.fixture
def invitation(jury, organiser):
    return invite_judge(
        jury,
        email="new@example.org",
        by=organiser,
        language="en",
        text="We need you.",
        employer="Aster",
    )


def secret():
    """What the newest letter carries."""
    return Message.objects.filter(kind="jury-invitation").latest("pk").context["secret"]


def test_accepting_gives_one_seat_however_often(invitation, jury):
    person = make_person("new@example.org", "Nina New")
    token = secret()

    first = accept_jury_invitation(token, by=person)
    second = accept_jury_invitation(token, by=person)

    invitation.refresh_from_db()
    assert first == second
    assert (Judge.objects.count(), first.employer, invitation.state) == (1, "Aster", "accepted")


def test_declining_needs_no_account_and_tells_the_inviter(invitation, organiser):
    token = secret()

    decline_jury_invitation(token, reason="No time.")

    invitation.refresh_from_db()
    told = Message.objects.get(kind="jury-invitation-declined")
    assert (invitation.state, told.recipient, told.context["reason"]) == (
        "declined",
        organiser,
        "No time.",
    )
    with pytest.raises(Gone):
        accept_jury_invitation(token, by=make_person("new@example.org", "Nina New"))


def test_a_letter_sent_again_kills_the_old_link(invitation, organiser):
    old = secret()
    JuryInvitation.objects.update(sent_at=invitation.sent_at.replace(year=2020))

    resend_jury_invitation(invitation, by=organiser)

    with pytest.raises(Gone):
        decline_jury_invitation(old)
    decline_jury_invitation(secret())


def test_an_invitation_taken_back_is_gone(invitation, organiser):
    revoke_jury_invitation(invitation, by=organiser)

    with pytest.raises(Gone):
        decline_jury_invitation(secret())


def test_only_organisers_of_the_season_invite(jury, other_organiser):
    with pytest.raises(DomainError, match="You may not do this"):
        invite_judge(jury, email="x@example.org", by=other_organiser, language="en")


def test_a_portrait_is_a_square_without_what_hid_in_it(judge, judge_user):
    data = io.BytesIO()
    Image.new("RGBA", (900, 600), (0, 0, 0, 0)).save(data, "PNG")
    photo = check_upload(SimpleUploadedFile("me.png", data.getvalue()))

    update_profile(judge, by=judge_user, said={**SAID, "employer": judge.employer}, photo=photo)

    judge.refresh_from_db()
    with judge.photo.open("rb") as kept, Image.open(kept) as picture:
        assert (picture.size, picture.format) == ((SIDE, SIDE), "JPEG")


def test_an_employer_taken_out_of_the_profile_still_bars(
    judge, judge_user, organisation, admitted_entry
):
    judge.employer = organisation.name
    judge.save()

    update_profile(judge, by=judge_user, said=SAID)

    assert is_barred(judge_user, admitted_entry)
    assert Conflict.objects.get(user=judge_user).entry == admitted_entry


def test_who_sits_on_two_juries_says_who_they_are_once(judge, judge_user, season, client_of):
    crowd = Jury.objects.create(season=season, slug="crowd", kind="public", name={"en": "Crowd"})
    seat = Judge.objects.create(jury=crowd, user=judge_user, listed=False, background="customer")
    page = reverse("judging:own_profile", args=[season.slug])
    sent = {
        "position": "Head",
        "employer": "Aster",
        "biography_en": "Twenty years.",
        "listed": "on",
    }

    client_of(judge_user).post(page, {**sent, f"listed-{seat.pk}": "on"})

    rows = Judge.objects.order_by("pk").values_list("position", "biography", "listed", "background")
    assert list(rows) == [
        ("Head", {"en": "Twenty years."}, True, ""),
        ("Head", {"en": "Twenty years."}, True, "customer"),
    ]


def test_who_has_not_signed_is_reminded_once_a_day(agreement, judge, jury, organiser):
    unsigned = Judge.objects.create(jury=jury, user=make_person("late@example.org", "Late Person"))

    remind_unsigned(agreement, by=organiser)
    remind_unsigned(agreement, by=organiser)

    consents, waiting = signatures(agreement)
    assert ([one.user for one in consents], waiting) == ([judge.user], [unsigned.user])
    assert Message.objects.get(kind="agreement-reminder").recipient == unsigned.user
