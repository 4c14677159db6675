"""Limits in words, for the pages where one enters: how many entries may be, and how many there are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Organisation
from nominations.models import Entry, Nomination
from seasons.models import Season


@dataclass(frozen=True)
class Places:
    """What one nomination still takes of the organisations that look at it."""

    lines: tuple[str, ...] = ()
    full: bool = False
    """Nobody of those who look can enter it (any more)."""


class Room:
    """The limits of a season and what of them is used, counted in one query (or none)."""

    def __init__(
        self,
        season: Season,
        nominations: Iterable[Nomination],
        organisations: Sequence[Organisation] = (),
    ) -> None:
        self.season = season
        self.organisations = list(organisations)
        self.all: dict[int, int] = {}
        self.own: dict[tuple[int, int], int] = {}
        if season.max_entries_per_applicant is None and not any(
            one.max_per_applicant or one.max_entries for one in nominations
        ):
            return
        rows = (
            Entry.objects.counted_in_limits()
            .filter(nomination__season=season)
            .order_by()
            .values_list("nomination", "organisation")
            .annotate(count=Count("pk"))
        )
        for nomination, organisation, number in rows:
            self.all[nomination] = self.all.get(nomination, 0) + number
            self.own[nomination, organisation] = number

    def in_season(self, organisation: Organisation) -> int:
        """How many entries the organisation has in the whole season."""
        return sum(number for (_one, owner), number in self.own.items() if owner == organisation.pk)

    def used_up(self, organisation: Organisation) -> bool:
        """Whether the organisation has all the entries that the season allows it."""
        most = self.season.max_entries_per_applicant
        return most is not None and self.in_season(organisation) >= most

    def season_lines(self) -> list[str]:
        """The limit of the season, and where each organisation stands."""
        most = self.season.max_entries_per_applicant
        if most is None:
            return []
        limit = ngettext(
            "An organisation may have %(count)d entry in this season.",
            "An organisation may have %(count)d entries in this season.",
            most,
        )
        return [
            limit % {"count": most},
            *self.standing([(one, self.in_season(one)) for one in self.organisations]),
        ]

    def standing(self, numbers: list[tuple[Organisation, int]]) -> list[str]:
        """How many each organisation has started; the only one need not be named."""
        if len(self.organisations) == 1:
            number = numbers[0][1]
            return [_("Started so far: %(count)d.") % {"count": number}] if number else []
        return [
            _("%(organisation)s: %(count)d started.")
            % {"organisation": organisation.name, "count": number}
            for organisation, number in numbers
            if number
        ]

    def places(self, nomination: Nomination) -> Places:
        """The limits of a nomination in words, and whether a tick could still count."""
        lines: list[str] = []
        most, total = nomination.max_per_applicant, nomination.max_entries
        if most is not None:
            limit = ngettext(
                "An organisation may have %(count)d entry here.",
                "An organisation may have %(count)d entries here.",
                most,
            )
            lines.append(limit % {"count": most})
            lines += self.standing(
                [(one, self.here(nomination, one)) for one in self.organisations]
            )
        taken = self.all.get(nomination.pk, 0)
        if total is not None and taken >= total:
            lines.append(_("All places are taken."))
        elif total is not None:
            words = _("Places in all: %(total)d, left: %(left)d.")
            lines.append(words % {"total": total, "left": total - taken})
        return Places(tuple(lines), full=self.is_full(nomination))

    def here(self, nomination: Nomination, organisation: Organisation) -> int:
        """How many entries an organisation has in a nomination."""
        return self.own.get((nomination.pk, organisation.pk), 0)

    def is_full(self, nomination: Nomination) -> bool:
        """Whether none of the organisations (or, without any, nobody) can enter."""
        total = nomination.max_entries
        if total is not None and self.all.get(nomination.pk, 0) >= total:
            return True
        most = nomination.max_per_applicant
        return bool(self.organisations) and all(
            self.used_up(one) or (most is not None and self.here(nomination, one) >= most)
            for one in self.organisations
        )
