"""What happened to an entry, told to its own people.

The log names organisers and keeps reasons that are theirs alone; so only acts and moments are taken
from it, and words only where the same words were mailed to the nominee.
"""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from audit.models import Event
from audit.services import label
from nominations.clock import entry_window, in_words
from nominations.models import CredentialState, Entry
from nominations.panels import EntryStep, entry_steps
from outbox.models import Message, State
from seasons.models import Extension, StageKind

TOLD = {"entry.returned", "entry.disqualified", "entry.reopened"}
"""Acts whose reason was mailed to the nominee."""


def history_of(entry: Entry, user: User) -> list[EntryStep]:
    """Everything that happened, newest first."""
    found = [
        EntryStep(entry.created_at, _("Entry started"), icon="plus-lg"),
        *submissions(entry),
        *acts(entry),
        *extensions(entry),
        *documents(entry),
    ]
    for steps in entry_steps:
        found += steps(user, entry)
    return sorted(found, key=lambda step: step.at, reverse=True)


def submissions(entry: Entry) -> Iterator[EntryStep]:
    """Each revision with its receipt."""
    by_rule = set(
        Event.objects.filter(about=label(entry), verb="entry.submitted-by-rule").values_list(
            "data__revision", flat=True
        )
    )
    for revision in entry.revisions.select_related("submitted_by"):
        title = _("Revision %(number)d submitted") % {"number": revision.number}
        if revision.number in by_rule:
            text = _("The deadline submitted the last complete draft.")
        else:
            text = str(revision.submitted_by)
        url = reverse("nominations:receipt", args=[entry.pk, revision.number])
        yield EntryStep(revision.submitted_at, title, text, url, icon="send")


def acts(entry: Entry) -> Iterator[EntryStep]:
    """What nominee and organisers did with the entry; nobody is named."""
    titles = {
        "entry.returned": (_("Returned for changes"), "arrow-repeat"),
        "entry.admitted": (_("Admitted to judging"), "check-circle"),
        "entry.disqualified": (_("Disqualified"), "x-circle"),
        "entry.reopened": (_("Opened again for changes"), "unlock"),
        "entry.reopening-ended": (_("Changes closed again"), "lock"),
        "entry.withdrawn": (_("Withdrawn"), "x-lg"),
        "entry.restored": (_("Restored as a draft"), "arrow-repeat"),
    }
    for event in Event.objects.filter(about=label(entry), verb__in=titles):
        title, icon = titles[event.verb]
        lines = []
        if event.verb in TOLD:
            lines.append(str(event.data.get("reason", "")))
            lines.append(until_in_words(entry, event))
        yield EntryStep(event.at, title, "\n".join(filter(None, lines)), icon=icon)


def until_in_words(entry: Entry, event: Event) -> str:
    """The personal deadline an act gave, if it gave one that is later than everybody's."""
    try:
        until = datetime.fromisoformat(str(event.data.get("until", "")))
    except ValueError:
        return ""
    anyway = entry_window(entry.season, entry.organisation).closes_at
    if anyway is not None and until <= anyway:
        return ""
    moment = in_words(until, entry.season.zone, until=True)
    return _("Open until %(moment)s") % {"moment": moment}


def extensions(entry: Entry) -> Iterator[EntryStep]:
    """Later deadlines for everybody or for the organisation."""
    granted = Extension.objects.filter(stage__season=entry.season, stage__kind=StageKind.ENTRY)
    for one in granted:
        if one.organisation_id not in {None, entry.organisation_id}:
            continue
        moment = in_words(one.until, entry.season.zone, until=True)
        text = _("Open until %(moment)s") % {"moment": moment}
        yield EntryStep(one.granted_at, _("Deadline extended"), text, icon="calendar-event")


def documents(entry: Entry) -> Iterator[EntryStep]:
    """What the organisers said of the documents the entry shows."""
    titles = {
        CredentialState.CONFIRMED: _("Document confirmed: %(name)s"),
        CredentialState.REFUSED: _("Document refused: %(name)s"),
    }
    url = reverse("nominations:conditions", args=[entry.pk])
    for one in entry.credentials.exclude(decided_at=None).select_related("prerequisite"):
        title = titles.get(CredentialState(one.state))
        if title and one.decided_at:
            words = title % {"name": one.prerequisite.name}
            yield EntryStep(one.decided_at, words, one.note, url, icon="file-earmark-text")


def letters_of(entry: Entry, user: User) -> list[Message]:
    """Mails about the entry that were sent to the person, newest first."""
    sent = Message.objects.filter(recipient=user, about=label(entry), state=State.DONE)
    return list(sent.exclude(subject="").order_by("-sent_at", "-pk"))
