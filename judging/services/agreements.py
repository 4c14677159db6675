"""Who has signed the agreement in force, and reminding those who have not."""

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit.services import record
from common.errors import DomainError
from judging.models import Agreement, Consent, Judge
from judging.permissions import check_may_organise, latest_agreement
from judging.services.mails import link
from outbox.services import post


def signatures(agreement: Agreement) -> tuple[list[Consent], list[User]]:
    """The consents to a version, and the members of the juries who have not given theirs."""
    consents = list(
        Consent.objects.filter(agreement=agreement)
        .select_related("user", "agreement__season")
        .order_by("user__full_name", "pk")
    )
    judges = Judge.objects.active().filter(jury__season=agreement.season_id).values("user")
    waiting = User.objects.filter(pk__in=judges, is_active=True).exclude(
        pk__in=[one.user_id for one in consents]
    )
    return consents, list(waiting.order_by("full_name", "pk"))


@transaction.atomic
def remind_unsigned(agreement: Agreement, *, by: User) -> int:
    """Write to everybody who has not signed the version in force; once a day is enough."""
    agreement = Agreement.objects.select_related("season").get(pk=agreement.pk)
    season = agreement.season
    check_may_organise(by, season)
    latest = latest_agreement(season)
    if latest is None or latest.pk != agreement.pk:
        raise DomainError(_("A newer version is in force; remind about that one."))
    _consents, waiting = signatures(agreement)
    for user in waiting:
        post(
            "agreement-reminder",
            effect_key=f"agreement-reminder:{agreement.pk}:{user.pk}:{timezone.now():%Y-%m-%d}",
            to=user,
            context={
                "name": user.full_name,
                "season": season.name.in_language(user.language),
                "version": agreement.version,
                "url": link(reverse("judging:agreement", args=[season.slug])),
            },
            about=f"seasons.season:{season.pk}",
        )
    record(
        "agreement.reminded",
        by=by,
        about=agreement,
        season=season.slug,
        data={"count": len(waiting)},
    )
    return len(waiting)
