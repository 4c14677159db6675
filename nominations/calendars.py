"""Deadlines and appointments of entries as a calendar file (iCalendar), in the reader's language."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event, vText

from accounts.models import User
from nominations.clock import entry_window, in_words
from nominations.models import Entry, EntryStatus
from nominations.panels import EntryDate, entry_dates
from seasons.models import Season, StageKind

HOUR = timedelta(hours=1)
REMINDERS = (timedelta(days=1), timedelta(hours=2))
OUT = {EntryStatus.WITHDRAWN, EntryStatus.DISQUALIFIED}
CONCERN = {StageKind.FINALISTS, StageKind.CEREMONY, StageKind.FEEDBACK}
"""Stages in which something happens for every nominee; a defence is for those who have a slot."""


def calendar_of(user: User, entries: Sequence[Entry], title: str) -> bytes:
    """The file; the same entries give the same events, so loading it again doubles nothing."""
    return calendar_file(dates_of(user, entries), title)


def calendar_file(dates: Iterable[EntryDate], title: str) -> bytes:
    """Dates as a calendar file."""
    calendar = Calendar()
    calendar.add("prodid", "-//Awards portal//Deadlines//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", title)
    now = timezone.now()
    for date in dates:
        calendar.add_component(event_of(date, now))
    content: bytes = calendar.to_ical()
    return content


def dates_of(user: User, entries: Sequence[Entry]) -> list[EntryDate]:
    """Deadlines of the entries, stages of their seasons, and what upper rooms add; earliest first."""
    taking_part = [entry for entry in entries if entry.status not in OUT]
    found = [*deadlines(taking_part), *stages(taking_part)]
    for dates in entry_dates:
        found += dates(user, taking_part)
    return sorted(found, key=lambda date: (date.starts_at, date.uid))


def deadlines(entries: Sequence[Entry]) -> Iterator[EntryDate]:
    """Until when each entry can be written and submitted: its own deadline, with every extension."""
    for entry in entries:
        window = entry_window(entry.season, entry.organisation, entry=entry)
        if window.closes_at is None:
            continue
        moment = in_words(window.closes_at, entry.season.zone, until=True)
        lines = [str(entry.nomination), entry.display_name]
        lines.append(_("Entries close: %(moment)s") % {"moment": moment})
        if entry.status == EntryStatus.DRAFT:
            lines.append(_("Not submitted yet."))
        yield EntryDate(
            uid=f"entry-{entry.pk}-deadline",
            title=_("Deadline of entry %(number)s, %(season)s")
            % {"number": entry.number, "season": entry.season.name},
            starts_at=window.closes_at - HOUR,
            ends_at=window.closes_at,
            text="\n".join(lines),
            url=entry.get_absolute_url(),
            deadline=True,
        )


def stages(entries: Sequence[Entry]) -> Iterator[EntryDate]:
    """When finalists and laureates are announced and feedback opens, once a season."""
    seasons: dict[int, Season] = {entry.season.pk: entry.season for entry in entries}
    for season in seasons.values():
        for stage in season.stages.all():
            if stage.kind not in CONCERN:
                continue
            yield EntryDate(
                uid=f"stage-{stage.pk}",
                title=f"{stage.name}, {season.name}",
                starts_at=stage.opens_at,
                ends_at=min(stage.opens_at + HOUR, stage.closes_at),
                text=in_words(stage.opens_at, season.zone),
                url=season.get_absolute_url(),
            )


def event_of(date: EntryDate, now: datetime) -> Event:
    """One event in UTC; a deadline has reminders before its end."""
    event = Event()
    host = urlsplit(settings.SITE_URL).hostname or "portal"
    link = settings.SITE_URL + date.url
    event.add("uid", f"{date.uid}@{host}")
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", date.starts_at.astimezone(UTC))
    event.add("dtend", date.ends_at.astimezone(UTC))
    event.add("summary", worded(date.title))
    event.add("description", worded("\n".join(filter(None, [date.text, link]))))
    event.add("url", link)
    if date.place:
        event.add("location", worded(date.place))
    event.add("transp", "TRANSPARENT" if date.deadline else "OPAQUE")
    for before in REMINDERS:
        event.add_component(reminder(date, before))
    return event


def reminder(date: EntryDate, before: timedelta) -> Alarm:
    """Speak up some time before the end of a deadline, or the start of an appointment."""
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", worded(date.title))
    related = "END" if date.deadline else "START"
    alarm.add("trigger", -before, parameters={"related": related})
    return alarm


def worded(text: str) -> vText:
    """A text marked with the reader's language."""
    words = vText(text)
    words.params["LANGUAGE"] = get_language() or settings.LANGUAGE_CODE
    return words


def file_name(entry: Entry | None = None) -> str:
    """What the file is called."""
    return f"{entry.number}.ics" if entry else "deadlines.ics"
