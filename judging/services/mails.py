"""Values that mails about judging show, already in the recipient's language."""

from django.conf import settings
from django.utils import translation

from accounts.models import User
from common.localized import Localized
from common.moments import in_both_zones
from judging.models import Assignment, Round
from nominations.barriers import barred
from nominations.models import Entry
from seasons.models import Season


def link(path: str) -> str:
    """Make a path of the portal a full address."""
    return f"{settings.SITE_URL}{path}"


def round_values(round_: Round, to: User) -> dict[str, str]:
    """Season, round and its times for one recipient."""
    zone = round_.season.time_zone
    with translation.override(to.language):
        return {
            "name": to.full_name,
            "season": str(Localized(round_.season.name)),
            "round": str(Localized(round_.name)),
            "opens_at": in_both_zones(round_.stage.opens_at, zone, to.time_zone),
            "deadline": in_both_zones(round_.stage.closes_for(), zone, to.time_zone, until=True),
        }


def organisers_for(season: Season, entry: Entry) -> list[User]:
    """Organisers to tell about an entry: not those whom a conflict keeps from it."""
    people = User.objects.filter(
        is_active=True, organiser_rows__programme=season.programme_id
    ).distinct()
    return [user for user in people if not Entry.objects.filter(barred(user), pk=entry.pk).exists()]


def assignment_round(assignment: Assignment) -> Round:
    """The round with what mails need of it."""
    return Round.objects.select_related("season", "stage").get(pk=assignment.round_id)
