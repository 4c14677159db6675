"""What pages show of site visits: the desk, the check list, the report beside a scorecard, clashes."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from judging.models import (
    Assignment,
    AssignmentStatus,
    DefenceSlot,
    Finding,
    ItemKind,
    Seen,
    SiteVisit,
    VisitAnswer,
    VisitItem,
    VisitMember,
    VisitStatus,
)
from nominations.content import as_submitted
from nominations.models import Entry
from nominations.panels import EntryDate

SHOWN_ON_DESK = 20
RUNNING = [VisitStatus.PLANNED, VisitStatus.CONFIRMED]
CHOICES = {
    ItemKind.YES_NO: [Seen.YES, Seen.NO, Seen.UNSEEN],
    ItemKind.PARTLY: [Seen.YES, Seen.PARTLY, Seen.NO, Seen.UNSEEN],
    ItemKind.FIGURE: [Seen.UNSEEN],
}


@dataclass
class Line:
    """One line of the check list with what the team said; `typed` is what was refused."""

    item: VisitItem
    answer: VisitAnswer | None = None
    typed: dict[str, str] = field(default_factory=dict)
    error: str = ""

    @property
    def is_figure(self) -> bool:
        return self.item.kind == ItemKind.FIGURE

    @property
    def choices(self) -> list[Seen]:
        return CHOICES[ItemKind(self.item.kind)]

    @property
    def value(self) -> str:
        if "value" in self.typed:
            return self.typed["value"]
        return self.answer.value if self.answer else ""

    @property
    def figure(self) -> str:
        """As an input shows it: no trailing noughts."""
        if "figure" in self.typed:
            return self.typed["figure"]
        given = self.answer.figure if self.answer else None
        return "" if given is None else shown_figure(given)

    @property
    def comment(self) -> str:
        if "comment" in self.typed:
            return self.typed["comment"]
        return self.answer.comment if self.answer else ""

    @property
    def version(self) -> int:
        return self.answer.version if self.answer else 0

    @property
    def is_given(self) -> bool:
        return self.answer is not None and self.answer.is_given


def shown_figure(figure: Any) -> str:
    """A number without noughts at its end."""
    text = f"{figure:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def lines_of(visit: SiteVisit) -> list[Line]:
    """The check list with the answers."""
    answers = {
        one.item_id: one
        for one in visit.answers.select_related("answered_by__user", "visit", "item")
    }
    items = VisitItem.objects.filter(round=visit.round_id)
    return [Line(item, answers.get(item.pk)) for item in items]


def findings_of(visit: SiteVisit) -> list[Finding]:
    """What was found, with the photos."""
    rows = visit.findings.select_related("criterion", "made_by__user").prefetch_related("photos")
    return list(rows)


@dataclass
class Report:
    """What a visit found, beside the scorecard; or the way to the check list for its team."""

    visit: SiteVisit
    lines: list[Line] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    goes: bool = False


def reports_beside(user: User, assignment: Assignment) -> list[Report]:
    """Visits to the entry that the judge of a scorecard knows of, in a fixed number of queries."""
    rows = SiteVisit.objects.filter(entry=assignment.entry).select_related(
        "round__season", "round__stage"
    )
    done = list(rows.reported_to(user))
    if assignment.round.has_visits:
        known = {one.pk for one in done}
        here = rows.filter(round=assignment.round).of_team(user).exclude(pk__in=known)
        going = [Report(one, goes=True) for one in here]
    else:
        going = []
    return [*going, *(Report(one, lines_of(one), findings_of(one)) for one in done)]


def visits_for(user: User) -> list[SiteVisit]:
    """Visits the person goes to: those to come first, then the latest ones that are done."""
    rows = (
        SiteVisit.objects.of_team(user)
        .select_related("round__season", "round__stage", "entry__organisation")
        .annotate(
            over=Q(status=VisitStatus.DONE),
            leads=Exists(
                VisitMember.objects.filter(visit=OuterRef("pk"), judge__user=user, leads=True)
            ),
        )
        .order_by("over", "starts_at", "pk")
    )
    found = list(rows[:SHOWN_ON_DESK])
    as_submitted(one.entry for one in found)
    return found


def calendar_date(visit: SiteVisit, *, uid: str, url: str) -> EntryDate:
    """The appointment."""
    return EntryDate(
        uid=f"{uid}-{visit.pk}",
        title=f"{visit.round.name}: {visit.entry.number}",
        starts_at=visit.starts_at,
        ends_at=visit.ends_at,
        text=visit.note,
        url=url,
        place=visit.place,
    )


@dataclass(frozen=True)
class Clash:
    """Somebody is elsewhere at that time; without a person it is the applicant."""

    person: int | None
    number: str
    starts_at: datetime
    defence: bool


def clashes_of(
    entry: Entry,
    people: Collection[int],
    *,
    starts_at: datetime,
    ends_at: datetime,
    but: int | None,
    by: User,
) -> list[Clash]:
    """Visits and defences of these judges, and of the applicant, that overlap; those `by` may see."""
    seen = Entry.objects.organised_by(by).values("pk")
    visits = (
        SiteVisit.objects.filter(
            status__in=RUNNING, starts_at__lt=ends_at, ends_at__gt=starts_at, entry__in=seen
        )
        .exclude(pk=but or 0)
        .filter(Q(entry__organisation=entry.organisation_id) | Q(members__judge__user__in=people))
        .distinct()
        .select_related("entry")
        .prefetch_related("members__judge")
    )
    found: list[Clash] = []
    for visit in visits:
        who = {one.judge.user_id for one in visit.members.all()} & set(people)
        found += clashes(entry, visit.entry, who, visit.starts_at, defence=False)
    slots = [
        slot
        for slot in DefenceSlot.objects.filter(
            starts_at__lt=ends_at, starts_at__gt=starts_at - timedelta(days=1), entry__in=seen
        ).select_related("entry")
        if slot.ends_at > starts_at
    ]
    hearing = Assignment.objects.filter(
        round__in={slot.round_id for slot in slots},
        entry__in={slot.entry_id for slot in slots},
        judge__user__in=people,
        status=AssignmentStatus.ACTIVE,
    ).values_list("round", "entry", "judge__user")
    heard: dict[tuple[int, int], set[int]] = {}
    for round_, of, user in hearing:
        heard.setdefault((round_, of), set()).add(user)
    for slot in slots:
        who = heard.get((slot.round_id, slot.entry_id), set())
        found += clashes(entry, slot.entry, who, slot.starts_at, defence=True)
    return found


def clashes(
    entry: Entry, other: Entry, people: Iterable[int], starts_at: datetime, *, defence: bool
) -> list[Clash]:
    """One appointment that overlaps, for each it concerns."""
    found = [Clash(person, other.number, starts_at, defence) for person in sorted(people)]
    if other.organisation_id == entry.organisation_id:
        found.insert(0, Clash(None, other.number, starts_at, defence))
    return found
