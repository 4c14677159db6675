"""The conditions of an entry: what its applicant must hold, what is shown for it, what is missing.

Whatever else an entry may one day depend on joins `checks` and `open_checks`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Organisation
from nominations.clock import entry_window
from nominations.models import (
    Credential,
    CredentialState,
    Entry,
    EntryStatus,
    MissingRule,
    Nomination,
    Prerequisite,
)


@dataclass(frozen=True)
class Missing:
    """Something that keeps an entry from being submitted, and where it is given."""

    message: str
    anchor: str
    label: str


@dataclass(frozen=True)
class Condition:
    """A document the nomination asks for, with what the entry shows."""

    prerequisite: Prerequisite
    credential: Credential | None
    last_day: date | None = None
    """The last day on which entries are taken: what expires before it is no use."""

    @property
    def anchor(self) -> str:
        """Its place on the page."""
        return f"prerequisite-{self.prerequisite.pk}"

    @property
    def blocks(self) -> bool:
        """Whether the entry cannot be submitted without it."""
        return self.prerequisite.missing == MissingRule.BLOCKS

    @property
    def state(self) -> str:
        """Return missing, given, confirmed or refused."""
        one = self.credential
        if one is None or not (one.number or one.issuer or one.proof_id):
            return "missing"
        if one.state == CredentialState.CONFIRMED and self.scan_missing:
            return str(CredentialState.GIVEN)
        return str(one.state)

    @property
    def label(self) -> str:
        """The state in words."""
        return _("missing") if self.state == "missing" else str(CredentialState(self.state).label)

    @property
    def scan_missing(self) -> bool:
        """Whether a scan is needed and not there."""
        one = self.credential
        return self.prerequisite.needs_proof and (one is None or one.proof_id is None)

    @property
    def is_confirmed(self) -> bool:
        """Whether the organisers took it as it is now."""
        return self.state == CredentialState.CONFIRMED

    @property
    def lacking(self) -> str:
        """What is wrong or missing, whether it blocks or not; nothing when all is there."""
        one = self.credential
        if one is None or self.state == "missing":
            return _("Show this document.")
        if one.state == CredentialState.REFUSED:
            return _("The organisers did not accept this document. Show another.")
        if not one.number:
            return _("Write the number of the document.")
        if not one.issuer:
            return _("Say who issued the document.")
        if self.scan_missing:
            return _("Add a scan of the document.")
        return self.expired

    @property
    def expired(self) -> str:
        """Say that the document is over before entries close, if it is."""
        one = self.credential
        if one is None or one.expires_on is None or self.last_day is None:
            return ""
        if one.expires_on >= self.last_day:
            return ""
        return _("The document must be valid until entries close: %(day)s at least.") % {
            "day": in_figures(self.last_day)
        }

    @property
    def problem(self) -> str:
        """What keeps the entry from being submitted."""
        return self.lacking if self.blocks else ""


def in_figures(day: date) -> str:
    """A day that reads the same in every language."""
    return day.isoformat()


def prerequisites_of(nomination: Nomination) -> list[Prerequisite]:
    """What an entry in the nomination must show; a prerequisite without nominations is for all."""
    return list(
        Prerequisite.objects.filter(
            Q(nominations=nomination) | Q(nominations=None), season=nomination.season_id
        ).distinct()
    )


def conditions_of(entry: Entry) -> list[Condition]:
    """Everything the entry's applicant must hold, in order; one query where there is nothing."""
    prerequisites = prerequisites_of(entry.nomination)
    if not prerequisites:
        return []
    shown = {
        one.prerequisite_id: one
        for one in entry.credentials.select_related("proof", "decided_by", "prerequisite")
    }
    for credential in shown.values():
        credential.entry = entry
    day = last_day(entry)
    return [Condition(one, shown.get(one.pk), day) for one in prerequisites]


def conditional_entries(entries: Iterable[Entry]) -> set[int]:
    """Which of the submitted entries wait for an organiser to confirm a document; few queries for all."""
    waiting = {one.pk: one for one in entries if one.status == EntryStatus.SUBMITTED}
    if not waiting:
        return set()
    seasons = {one.nomination.season_id for one in waiting.values()}
    asked = Prerequisite.objects.filter(season__in=seasons, missing=MissingRule.CONDITIONAL)
    prerequisites = list(asked.prefetch_related("nominations"))
    if not prerequisites:
        return set()
    confirmed = set(
        Credential.objects.filter(entry__in=waiting, state=CredentialState.CONFIRMED).values_list(
            "entry", "prerequisite"
        )
    )
    return {
        pk
        for pk, entry in waiting.items()
        for one in prerequisites
        if one.season_id == entry.nomination.season_id
        and entry.nomination in (list(one.nominations.all()) or [entry.nomination])
        and (pk, one.pk) not in confirmed
    }


def last_day(entry: Entry) -> date | None:
    """The last day on which the entry can be submitted, in the season's zone."""
    closes = entry_window(entry.season, entry.organisation, entry=entry).closes_at
    if closes is None:
        return None
    return (closes.astimezone(entry.season.zone) - timedelta(microseconds=1)).date()


def document_problems(conditions: Iterable[Condition]) -> list[Missing]:
    """Documents without which the entry cannot be submitted."""
    return [
        Missing(one.problem, one.anchor, str(one.prerequisite.name))
        for one in conditions
        if one.problem
    ]


def documents_open(conditions: Iterable[Condition]) -> list[str]:
    """Documents that must be confirmed before the entry is admitted, in words."""
    found = []
    for one in conditions:
        name = {"name": one.prerequisite.name}
        if one.state == CredentialState.REFUSED:
            found.append(_("“%(name)s” was refused.") % name)
        elif one.blocks or one.is_confirmed:
            continue
        elif one.state == "missing":
            found.append(_("“%(name)s” is not shown yet.") % name)
        else:
            found.append(_("“%(name)s” is not confirmed yet.") % name)
    return found


checks: list[Callable[[Iterable[Condition]], list[Missing]]] = [document_problems]
open_checks: list[Callable[[Iterable[Condition]], list[str]]] = [documents_open]


def problems(conditions: Iterable[Condition]) -> list[Missing]:
    """Everything of this sort that keeps the entry from being submitted."""
    conditions = list(conditions)
    return [found for check in checks for found in check(conditions)]


def open_conditions(entry: Entry) -> list[str]:
    """What must be settled before the entry may be admitted to judging, in words."""
    conditions = conditions_of(entry)
    return [found for check in open_checks for found in check(conditions)]


def frozen(conditions: Iterable[Condition]) -> list[dict[str, Any]]:
    """What a revision keeps of the documents; the jury never sees it."""
    return [
        {
            "prerequisite": one.prerequisite.slug,
            "label": dict(one.prerequisite.name),
            "number": one.credential.number,
            "issuer": one.credential.issuer,
            "expires_on": one.credential.expires_on.isoformat()
            if one.credential.expires_on
            else "",
            "proof": str(one.credential.proof.token) if one.credential.proof else "",
        }
        for one in conditions
        if one.credential is not None and one.state != "missing"
    ]


def newest_elsewhere(prerequisite: Prerequisite, organisation: Organisation) -> Credential | None:
    """What the organisation showed for the same document in another entry, this season or before."""
    return (
        Credential.objects.filter(
            prerequisite__slug=prerequisite.slug,
            prerequisite__season__programme=prerequisite.season.programme_id,
            entry__organisation=organisation,
        )
        .exclude(number="")
        .exclude(state=CredentialState.REFUSED)
        .select_related("entry", "proof")
        .order_by("-pk")
        .first()
    )
