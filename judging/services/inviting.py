"""Inviting judges by mail; they accept or decline by a link, and say who they are."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from accounts.services.invitations import (
    Gone,
    digest,
    post_accepted,
    renew_invitation,
    take_back,
    take_up,
    write_invitation,
)
from audit.services import record
from common.errors import DomainError
from common.moments import home_zone, written, zone_label
from judging.models import Judge, Jury, JuryInvitation
from judging.permissions import check_may_organise
from judging.services.juries import add_judge
from outbox.services import post


def lock_for_organiser(jury: Jury, by: User) -> Jury:
    """Hold the jury's row for one of its organisers."""
    jury = Jury.objects.select_for_update(of=("self",)).select_related("season").get(pk=jury.pk)
    check_may_organise(by, jury.season)
    return jury


@transaction.atomic
def invite_judge(jury: Jury, *, email: str, by: User, **said: Any) -> JuryInvitation | None:
    """Ask somebody onto a jury; None when that letter is out already."""
    jury = lock_for_organiser(jury, by)
    if jury.judges.filter(user__email__iexact=email.strip()).exists():
        raise DomainError(_("This person is or was on the jury already."), field="email")
    invitation = JuryInvitation(jury=jury, email=email, invited_by=by, **said)
    token = write_invitation(jury.invitations.all(), invitation)
    if token is None:
        return None
    send_letter(invitation, token)
    log_invitation("jury.invited", invitation, by)
    return invitation


@transaction.atomic
def resend_jury_invitation(invitation: JuryInvitation, *, by: User) -> None:
    """Send the letter again with a new link; the old one is dead."""
    jury = lock_for_organiser(invitation.jury, by)
    renewed, token = renew_invitation(jury.invitations.all(), invitation.pk)
    if token is not None:
        send_letter(renewed, token)
        log_invitation("jury.invited-again", renewed, by)


@transaction.atomic
def revoke_jury_invitation(invitation: JuryInvitation, *, by: User) -> None:
    """Take the invitation back."""
    jury = lock_for_organiser(invitation.jury, by)
    if revoked := take_back(jury.invitations.all(), invitation.pk):
        log_invitation("jury.invitation-revoked", revoked, by)


@transaction.atomic
def accept_jury_invitation(token: str, *, by: User, other_address: bool = False) -> Judge:
    """Take the seat; accepting twice gives the same one."""
    invitation, new = take_up(
        JuryInvitation.objects.select_related("jury__season", "invited_by"),
        token,
        by=by,
        other_address=other_address,
    )
    seat = Judge.objects.filter(jury=invitation.jury, user=by).first()
    if seat is not None:
        if seat.removed_at is not None:
            raise Gone(_("This link does not work any more."))
        return seat
    if not new:
        raise Gone(_("This link does not work any more."))
    judge = add_judge(
        invitation.jury, by, by=by, employer=invitation.employer, chair=invitation.chair
    )
    if invitation.past_employers:
        judge.past_employers = invitation.past_employers
        judge.save(update_fields=["past_employers"])
    log_invitation("jury.invitation-accepted", invitation, by)
    post_accepted(
        invitation,
        what=str(invitation.jury.name),
        path=reverse("admin:judging_judge_change", args=[judge.pk]),
    )
    return judge


@transaction.atomic
def decline_jury_invitation(token: str, *, reason: str = "", by: User | None = None) -> None:
    """Say no, with or without an account; the inviter is told."""
    invitation = (
        JuryInvitation.objects.select_for_update(of=("self",))
        .filter(token_sha256=digest(token))
        .select_related("jury__season", "invited_by")
        .first()
    )
    now = timezone.now()
    if invitation is None or not invitation.is_waiting(now):
        raise Gone(_("This link does not work any more."))
    invitation.declined_at = invitation.revoked_at = now
    invitation.decline_reason = reason.strip()
    invitation.save(update_fields=["declined_at", "revoked_at", "decline_reason"])
    log_invitation("jury.invitation-declined", invitation, by)
    to = invitation.invited_by
    post(
        "jury-invitation-declined",
        effect_key=f"jury-invitation-declined:{invitation.pk}",
        to=to,
        context={
            "name": to.full_name,
            "invited": invitation.email,
            "jury": invitation.jury.name.in_language(to.language),
            "season": invitation.jury.season.name.in_language(to.language),
            "reason": invitation.decline_reason,
        },
    )


def send_letter(invitation: JuryInvitation, token: str) -> None:
    """Write the letter in the language the organiser chose, with the personal words."""
    jury, season = invitation.jury, invitation.jury.season
    known = User.objects.filter(email__iexact=invitation.email, is_active=True).first()
    zone = home_zone(known.time_zone if known else season.time_zone)
    language = invitation.language
    with override(language):
        until = (
            f"{written(invitation.expires_at, zone)} ({zone_label(invitation.expires_at, zone)})"
        )
    post(
        "jury-invitation",
        effect_key=f"jury-invitation:{invitation.pk}:{invitation.token_sha256[:32]}",
        to=known or invitation.email,
        language=language,
        context={
            "inviter": str(invitation.invited_by),
            "season": season.name.in_language(language),
            "jury": jury.name.in_language(language),
            "text": invitation.text,
            "until": until,
            "secret": token,
            "link": settings.SITE_URL + reverse("judging:invitation", args=[token]),
        },
    )


def log_invitation(verb: str, invitation: JuryInvitation, by: User | None) -> None:
    """Log an act; the address stays out of the log, which nobody can erase."""
    record(
        verb,
        by=by,
        about=invitation.jury,
        season=invitation.jury.season.slug,
        data={"invitation": invitation.pk},
    )
