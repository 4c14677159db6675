"""What a season publishes about its judging; chosen by an organiser, shown after the last release."""

from collections.abc import Collection, Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.services import record
from common.errors import DomainError
from results.models import CHOICES, Disclosure, StruckReason
from seasons.models import Season


@transaction.atomic
def choose_disclosure(
    season: Season, *, by: User, chosen: Collection[str], reasons: Mapping[str, str] | None = None
) -> Disclosure:
    """Keep the choice; it is logged, and may be widened or narrowed at any time.

    `reasons` says of the fingerprint of each reason for striking ballots what the public is told.
    """
    if not Season.objects.organised_by(by).filter(pk=season.pk).exists():
        raise DomainError(_("You may not do this in this season."))
    if not set((reasons or {}).values()) <= set(StruckReason.values):
        raise DomainError(_("Choose one of the reasons."))
    flags = {name: name in chosen for name in CHOICES}
    row, _created = Disclosure.objects.update_or_create(season=season, defaults=flags)
    if reasons:
        row.reasons = {**row.reasons, **reasons}
        row.save(update_fields=["reasons"])
    record("disclosure.chosen", by=by, about=row, season=season.slug, data=flags)
    return row
