"""Whether entries are open for an organisation, by the clock."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organisation
from common.moments import written, zone_label
from nominations.errors import Closed
from nominations.models import Entry
from seasons.models import Season, Stage, StageKind


def in_words(
    moment: datetime, zone: ZoneInfo, *, seconds: bool = False, until: bool = False
) -> str:
    """Write an instant with its zone, in the active language; `until` marks a deadline."""
    return f"{written(moment, zone, seconds=seconds, until=until)} ({zone_label(moment, zone)})"


@dataclass(frozen=True)
class EntryWindow:
    """When entries open and close for one organisation, and what the clock says now."""

    season: Season
    stage: Stage | None
    opens_at: datetime | None
    closes_at: datetime | None
    now: datetime
    reopened_until: datetime | None = None
    """Until when an organiser lets this one entry be changed, whatever the stage says."""

    @property
    def is_reopened(self) -> bool:
        """Whether the entry is open by an organiser's leave alone."""
        return self.reopened_until is not None and self.closes_at == self.reopened_until

    @property
    def state(self) -> str:
        """Return none, upcoming, open or closed."""
        if self.opens_at is None or self.closes_at is None:
            return "none"
        if self.now < self.opens_at:
            return "upcoming"
        return "open" if self.now < self.closes_at else "closed"

    @property
    def is_open(self) -> bool:
        """Whether entries can be started, written and submitted now."""
        return self.state == "open"

    @property
    def extended(self) -> bool:
        """Whether the organisation has longer than the season says."""
        return self.stage is not None and self.closes_at != self.stage.closes_at

    def require_open(self) -> None:
        """Raise Closed, with the deadline and the server's time, unless open."""
        if self.is_open:
            return
        now = in_words(self.now, self.season.zone, seconds=True)
        if self.opens_at is None or self.closes_at is None:
            message = _("This season has no dates for entries yet.")
        elif self.state == "upcoming":
            message = _("Entries open on %(opens)s. It is now %(now)s on our server.") % {
                "opens": in_words(self.opens_at, self.season.zone),
                "now": now,
            }
        else:
            message = _("Entries closed on %(deadline)s. It is now %(now)s on our server.") % {
                "deadline": in_words(self.closes_at, self.season.zone, until=True),
                "now": now,
            }
        raise Closed(message, deadline=self.closes_at, now=self.now)


def entry_window(
    season: Season,
    organisation: Organisation | None = None,
    stage: Stage | None = None,
    entry: Entry | None = None,
) -> EntryWindow:
    """Read the clock for an organisation or one entry; without a stage, from the season's loaded ones."""
    stage = stage or season.stage(StageKind.ENTRY)
    if stage is None:
        return EntryWindow(season, None, None, None, timezone.now())
    closes_at = stage.closes_for(organisation)
    reopened = [
        one.until for one in (entry.reopenings.all() if entry else []) if one.ended_at is None
    ]
    until = max((one for one in reopened if one > closes_at), default=None)
    return EntryWindow(
        season, stage, stage.opens_at, until or closes_at, timezone.now(), reopened_until=until
    )


def fresh_window(
    season: Season, organisation: Organisation, entry: Entry | None = None
) -> EntryWindow:
    """Read the clock by what the database says now; for use inside a transaction."""
    stage = (
        Stage.objects.filter(season=season, kind=StageKind.ENTRY)
        .prefetch_related("extensions")
        .first()
    )
    if stage is None:
        return EntryWindow(season, None, None, None, timezone.now())
    if entry is not None:
        entry = Entry.objects.prefetch_related("reopenings").get(pk=entry.pk)
    return entry_window(season, organisation, stage, entry)
