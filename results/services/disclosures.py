"""What a season publishes about its judging; chosen by an organiser, shown after the last release."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.services import record
from common.errors import DomainError
from results.models import Disclosure
from seasons.models import Season


@transaction.atomic
def choose_disclosure(
    season: Season, *, by: User, marks: bool, votes: bool, counts: bool
) -> Disclosure:
    """Keep the choice; it is logged, and may be widened or narrowed at any time."""
    if not Season.objects.organised_by(by).filter(pk=season.pk).exists():
        raise DomainError(_("You may not do this in this season."))
    chosen = {"marks": marks, "votes": votes, "counts": counts}
    row, _created = Disclosure.objects.update_or_create(season=season, defaults=chosen)
    record("disclosure.chosen", by=by, about=row, season=season.slug, data=chosen)
    return row
