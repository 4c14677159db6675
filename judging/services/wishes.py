"""What judges would like to judge."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.services import record
from common.errors import DomainError
from judging.models import Bid, Judge, Wish
from judging.permissions import has_agreed
from judging.wishes import asking, nominations_of
from seasons.models import Season


@transaction.atomic
def save_wishes(season: Season, wishes: Mapping[int, str], *, by: User) -> int:
    """Keep a judge's preferences, until the round opens; return how many nominations they speak of."""
    rows = Judge.objects.active().select_for_update(of=("self",)).filter(user=by)
    seats = list(rows.filter(jury__season=season).order_by("pk"))
    rounds = asking(by, season)
    if not seats or not has_agreed(by, season) or not rounds.exists():
        raise DomainError(_("Preferences are no longer asked for."))
    known = set(nominations_of(rounds).values_list("pk", flat=True))
    kept = {pk: Wish(wish) for pk, wish in wishes.items() if pk in known and wish in Wish.values}
    Bid.objects.bulk_create(
        [
            Bid(judge=seat, nomination_id=pk, wish=wish)
            for seat in seats
            for pk, wish in kept.items()
        ],
        update_conflicts=True,
        unique_fields=["judge", "nomination"],
        update_fields=["wish", "changed_at"],
    )
    data = {str(pk): wish.value for pk, wish in sorted(kept.items())}
    record("preferences.given", by=by, about=seats[0], season=season.slug, data=data)
    return len(kept)
