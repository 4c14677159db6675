"""Registering for a public jury, and what organisers decide about it."""

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit.services import record
from common.errors import DomainError
from judging.mailboxes import mailbox
from judging.models import Admission, Judge, Jury, JuryKind, Registration, RegistrationStatus
from judging.permissions import check_may_organise
from judging.services.juries import add_judge
from judging.services.mails import link
from outbox.services import post
from seasons.models import Season

MOST_AN_HOUR = 200
"""Registrations one jury takes in an hour; a crowd beyond that is asked to come back."""


def takes_registrations(jury: Jury) -> bool:
    """Whether anybody may register now: until the last round of the jury is over."""
    if jury.kind != JuryKind.PUBLIC or jury.admission == Admission.INVITED:
        return False
    rounds = list(jury.rounds.select_related("stage").prefetch_related("stage__extensions"))
    return not rounds or any(one.stage.closes_for() > timezone.now() for one in rounds)


def check_may_register(jury: Jury, by: User) -> None:
    """Refuse when closed, unconfirmed, on the jury already, or when too many come at once."""
    if not Season.objects.visible_to(by).filter(pk=jury.season_id).exists():
        raise DomainError(_("This jury takes no registrations."))
    if not takes_registrations(jury):
        raise DomainError(_("This jury takes no registrations."))
    if not EmailAddress.objects.filter(user=by, email__iexact=by.email, verified=True).exists():
        raise DomainError(_("Confirm your e-mail address first."))
    if Judge.objects.filter(jury=jury, user=by).exists():
        raise DomainError(_("You are or were a member of this jury."))
    lately = jury.registrations.filter(made_at__gt=timezone.now() - timedelta(hours=1))
    if lately.count() >= MOST_AN_HOUR:
        raise DomainError(_("Very many people are registering. Please come back in an hour."))


@transaction.atomic
def register_for_jury(
    jury: Jury, *, by: User, profile: str, employer: str = "", about: str = ""
) -> Registration:
    """Ask onto a public jury; an open one confirms at once, unless the mailbox is known already."""
    jury = Jury.objects.select_for_update(of=("self",)).select_related("season").get(pk=jury.pk)
    if earlier := Registration.objects.filter(jury=jury, user=by).first():
        return earlier
    check_may_register(jury, by)
    registration = Registration.objects.create(
        jury=jury,
        user=by,
        profile=profile,
        employer=employer.strip(),
        about=about.strip(),
        email_key=mailbox(by.email),
    )
    record_of(registration, "registration.made", by=by)
    if jury.admission == Admission.OPEN and not same_mailbox(registration):
        confirm(registration, by=by)
    return registration


def same_mailbox(registration: Registration) -> bool:
    """Whether another registration of the jury came from what may be the same mailbox."""
    others = Registration.objects.filter(jury=registration.jury, email_key=registration.email_key)
    return others.exclude(pk=registration.pk).exists()


def confirm(registration: Registration, *, by: User) -> None:
    """Give the person a seat, off the public list, and write to them."""
    judge = add_judge(
        registration.jury,
        registration.user,
        by=by,
        employer=registration.employer,
        listed=False,
    )
    judge.background = registration.profile
    judge.save(update_fields=["background"])
    registration.become(RegistrationStatus.CONFIRMED)
    registration.judge = judge
    decided(registration, by=by)


def decided(registration: Registration, *, by: User) -> None:
    """Keep who decided and when, log it, and write to the person."""
    registration.decided_by, registration.decided_at = by, timezone.now()
    registration.save(update_fields=["status", "decided_by", "decided_at", "answer", "judge"])
    record_of(registration, f"registration.{registration.status}", by=by)
    to, season = registration.user, registration.jury.season
    post(
        f"registration-{registration.status}",
        effect_key=f"registration-decided:{registration.pk}",
        to=to,
        context={
            "name": to.full_name,
            "season": season.name.in_language(to.language),
            "jury": registration.jury.name.in_language(to.language),
            "reason": registration.answer,
            "url": link("/judging/"),
            "contact": season.contact_email,
        },
        about=f"judging.registration:{registration.pk}",
    )


@transaction.atomic
def decide_registration(
    registration: Registration, *, by: User, accept: bool, reason: str = ""
) -> Registration:
    """Confirm somebody, or decline with a reason."""
    if not accept and not reason.strip():
        raise DomainError(_("Say why; the person reads it."), field="reason")
    registration = Registration.objects.select_for_update(of=("self",)).get(pk=registration.pk)
    check_may_organise(by, registration.jury.season)
    if registration.user_id == by.pk:
        raise DomainError(_("Somebody else decides about your own registration."))
    if accept:
        confirm(registration, by=by)
        return registration
    registration.become(RegistrationStatus.DECLINED)
    registration.answer = reason.strip()
    decided(registration, by=by)
    return registration


def record_of(registration: Registration, verb: str, *, by: User) -> None:
    """Log an act in the chain of the season; names and addresses stay out of it."""
    record(
        verb,
        by=by,
        about=registration,
        season=registration.jury.season.slug,
        data={"jury": registration.jury.slug, "user": registration.user_id},
    )
