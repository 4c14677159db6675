"""Published results as the pages show them; nothing here reads what is still secret."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from nominations.models import Category, Nomination
from results.models import (
    Appeal,
    AppealStatus,
    OutcomeKind,
    OutcomeRule,
    PublishedResult,
    ReleaseState,
)
from seasons.models import Season


@dataclass
class Announced:
    """One nomination with its outcomes; the names stand in alphabetical order."""

    nomination: Nomination
    laureates: list[PublishedResult] = field(default_factory=list)
    finalists: list[PublishedResult] = field(default_factory=list)
    changed_at: datetime | None = None


@dataclass
class Section:
    """A category with the nominations that have something to show."""

    category: Category
    nominations: list[Announced] = field(default_factory=list)


@dataclass(frozen=True)
class Expected:
    """An outcome nobody has published yet, and when the season plans to."""

    kind: str
    title: str
    planned_at: datetime
    past: bool


def published(season: Season) -> list[PublishedResult]:
    """Every public row of a season, in one query, ordered by names alone."""
    rows = PublishedResult.objects.filter(season=season).select_related(
        "nomination__category", "entry"
    )
    return sorted(rows, key=by_name)


def by_name(row: PublishedResult) -> tuple[str, str, str, int]:
    """An order that has nothing to do with places."""
    return (
        (row.nominee_name or row.organisation_name).casefold(),
        row.organisation_name.casefold(),
        row.title.casefold(),
        row.entry_id,
    )


def matches(row: PublishedResult, words: Iterable[str]) -> bool:
    """Whether all the words stand in what is public about the row."""
    text = " ".join(
        [
            row.organisation_name,
            row.nominee_name,
            row.title,
            *row.nomination.name.values(),
            *row.nomination.category.name.values(),
        ]
    ).casefold()
    return all(word in text for word in words)


def sections(rows: Iterable[PublishedResult]) -> list[Section]:
    """Group rows by category and nomination; a laureate is not repeated among the finalists."""
    rows = list(rows)
    laureates = {row.entry_id for row in rows if row.kind == OutcomeKind.LAUREATE}
    announced: dict[int, Announced] = {}
    found: dict[int, Section] = {}
    for row in sorted(rows, key=lambda row: row.nomination.number):
        category = row.nomination.category
        section = found.setdefault(category.pk, Section(category=category))
        if row.nomination_id not in announced:
            announced[row.nomination_id] = Announced(nomination=row.nomination)
            section.nominations.append(announced[row.nomination_id])
        place = announced[row.nomination_id]
        if row.kind == OutcomeKind.LAUREATE:
            place.laureates.append(row)
        elif row.entry_id not in laureates:
            place.finalists.append(row)
    return sorted(found.values(), key=lambda section: section.category.number)


def after_appeals(found: list[Section], season: Season) -> list[Section]:
    """The same sections; a nomination whose public result an appeal changed says when."""
    decided = Appeal.objects.filter(
        rule__season=season, status=AppealStatus.CHANGED, release__state=ReleaseState.RELEASED
    )
    changed = dict(decided.order_by("decided_at").values_list("entry__nomination", "decided_at"))
    for section in found:
        for one in section.nominations:
            one.changed_at = changed.get(one.nomination.pk)
    return found


def expected(season: Season, rows: Iterable[PublishedResult]) -> list[Expected]:
    """What is still to be announced, by the season's public dates."""
    there = {row.kind for row in rows}
    now = timezone.now()
    titles = {
        OutcomeKind.FINALIST.value: _("Finalists"),
        OutcomeKind.LAUREATE.value: _("Laureates"),
    }
    rules = OutcomeRule.objects.filter(season=season).select_related("stage")
    return [
        Expected(
            kind=rule.kind,
            title=titles[rule.kind],
            planned_at=rule.stage.opens_at,
            past=rule.stage.opens_at <= now,
        )
        for rule in rules.order_by("stage__opens_at")
        if rule.kind not in there
    ]
