"""What keeps a season from changing how many people a decision needs."""

from django.utils.translation import gettext as _

from results.models import Appeal, AppealStatus, Release, ReleaseState, Retraction
from seasons.models import Season


def waits_for_second_person(season: Season) -> str:
    """Why the number of people stands still now; empty when nothing waits for the second one."""
    if Release.objects.filter(rule__season=season, state=ReleaseState.ARMED).exists():
        return _("A release is prepared and waits to be confirmed. Confirm or cancel it first.")
    if Retraction.objects.filter(release__rule__season=season, decided_at=None).exists():
        return _("Somebody asks for a release to be taken back. Decide about that first.")
    if Appeal.objects.filter(rule__season=season, status=AppealStatus.PROPOSED).exists():
        return _(
            "The decision of an appeal waits to be confirmed. Confirm it or give it back first."
        )
    return ""
