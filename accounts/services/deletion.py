"""Deleting an account: the person goes, the award's record stays under a number."""

from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from accounts.personal import erasers, hindrances
from accounts.services.exports import drop_export
from audit.services import record
from common.errors import DomainError
from outbox.services import post


class Hindered(DomainError):  # noqa: N818
    """Something must be settled before the account can go; `reasons` are sentences."""

    def __init__(self, message: Any, reasons: list[str]) -> None:
        super().__init__(message)
        self.reasons = reasons


@transaction.atomic
def delete_account(user: User) -> None:
    """Take the person out of the portal; done once, the second time nothing is left to do."""
    user.refresh_from_db(from_queryset=User.objects.select_for_update())
    if user.deleted_at is not None:
        return
    if reasons := hindrances(user):
        raise Hindered(_("Your account cannot be deleted yet."), reasons)
    address, language = user.email, user.language
    alone = list(
        Organisation.objects.filter(members=user).exclude(
            memberships__in=user.memberships.model.objects.exclude(user=user)
        )
    )
    for erase in erasers:
        erase(user)
    for export in user.exports.all():
        drop_export(export)
    EmailAddress.objects.filter(user=user).delete()
    end_sessions(user)
    anonymise(user)
    for organisation in alone:
        drop_if_empty(organisation)
    record("person.deleted", by=user, about=user)
    post(
        "account-deleted",
        effect_key=f"account-deleted:{user.pk}",
        to=address,
        language=language,
        context={"forget_address": True, "number": user.pk},
    )


def anonymise(user: User) -> None:
    """What stays of the row: a number."""
    user.full_name = f"Deleted person #{user.pk}"
    user.email = f"deleted-{user.pk}@deleted.invalid"
    user.language, user.time_zone = "en", "UTC"
    user.is_active = user.is_staff = user.is_superuser = False
    user.last_login = None
    user.deleted_at = timezone.now()
    user.set_unusable_password()
    user.save()


def end_sessions(user: User) -> None:
    """Sign the person out everywhere."""
    mine = [
        session.pk
        for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator()
        if str(session.get_decoded().get("_auth_user_id")) == str(user.pk)
    ]
    Session.objects.filter(pk__in=mine).delete()


def drop_if_empty(organisation: Organisation) -> None:
    """An organisation that nobody is left in goes too, unless the award's record holds it."""
    try:
        with transaction.atomic():
            organisation.delete()
    except ProtectedError:
        return
