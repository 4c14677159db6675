"""How many entries a nomination, an applicant and a season take; kept under the season's lock."""

from itertools import count

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Organisation
from nominations.errors import NoPlace
from nominations.models import Entry, Nomination


def free_place(nomination: Nomination, organisation: Organisation) -> int:
    """The applicant's next free place in the nomination, or why there is none.

    The caller holds the season's row; the database keeps each place once. A withdrawn entry takes no
    place, and asks for one again when it is restored.
    """
    check_limits(nomination, organisation)
    entries = Entry.objects.filter(nomination=nomination, organisation=organisation)
    taken = set(entries.exclude(place=None).values_list("place", flat=True))
    return next(place for place in count(1) if place not in taken)


def check_limits(nomination: Nomination, organisation: Organisation) -> None:
    """Raise NoPlace where a limit is reached."""
    counted = Entry.objects.counted_in_limits().filter(nomination__season=nomination.season_id)
    here = counted.filter(nomination=nomination)
    own = here.filter(organisation=organisation)
    most = nomination.max_per_applicant
    if most is not None and own.count() >= most:
        message = ngettext(
            "An organisation may have %(count)d entry in “%(nomination)s”, and you have it.",
            "An organisation may have %(count)d entries in “%(nomination)s”, and you have them.",
            most,
        )
        raise NoPlace(message % {"count": most, "nomination": nomination.name}, nomination)
    if nomination.max_entries is not None and here.count() >= nomination.max_entries:
        message = _("“%(nomination)s” takes no more entries: all its places are taken.")
        raise NoPlace(message % {"nomination": nomination.name}, nomination)
    most = nomination.season.max_entries_per_applicant
    if most is not None and counted.filter(organisation=organisation).count() >= most:
        message = ngettext(
            "An organisation may have %(count)d entry in this season, and you have it.",
            "An organisation may have %(count)d entries in this season, and you have them.",
            most,
        )
        raise NoPlace(message % {"count": most}, nomination)
