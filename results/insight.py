"""What the firmness of a standing says, in words and pictures, with the names a protocol keeps back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from judging.models import Criterion, Judge
from results.models import Firmness, OutcomeRule
from results.overview import NominationShown, RowShown
from results.services.collecting import pseudonym

WIDTH, HALF = 100.0, Decimal("1.645")


@dataclass(frozen=True)
class Bar:
    """An entry in the picture, in units of its width: the 90 % interval and the score."""

    row: RowShown
    left: float
    width: float
    at: float
    percent: int | None


@dataclass(frozen=True)
class Picture:
    """Scores with their intervals on one scale, the line, and the band of those contested."""

    bars: list[Bar] = field(default_factory=list)
    cut: float | None = None
    band: tuple[float, float] | None = None
    more: int = 0
    """How many placed entries, far below the line, are not drawn."""

    @property
    def contested(self) -> list[RowShown]:
        """The entries the scorecards do not settle."""
        return [bar.row for bar in self.bars if bar.row.contested]


@dataclass(frozen=True)
class Changed:
    """Who would be among the best under another way of counting; `refused` says why nobody can tell."""

    name: str
    leave: list[str]
    enter: list[str]
    first: list[str]
    refused: bool = False


@dataclass(frozen=True)
class JudgeShown:
    """A judge in one part of the result. It informs; it accuses nobody."""

    name: str
    part: str
    n: int
    leniency: float | None
    se: float | None
    agreement: float | None
    spread: float | None
    remarks: list[str]


@dataclass(frozen=True)
class TieStep:
    """One rule of the tie order, and what it knew of each entry."""

    name: str
    values: list[tuple[str, float | None]]
    separated: bool


@dataclass(frozen=True)
class TieShown:
    """A group of equal scores: rule by rule, the order that came out, and the lot."""

    score: Decimal
    steps: list[TieStep]
    order: list[list[str]]
    drawn: list[str]

    @property
    def settled(self) -> bool:
        """Whether the rules parted every one of them."""
        return all(len(group) == 1 for group in self.order)


@dataclass(frozen=True)
class Insight:
    """What the page of a nomination says of what was counted."""

    first: list[str]
    methods: list[Changed]
    agreement: list[tuple[str, int, int]]
    judges_out: list[Changed]
    weights: list[Changed]
    criteria: list[Changed]
    judges: list[JudgeShown]
    ties: list[TieShown]
    patient: bool


def insight(counted: Firmness, names: Mapping[str, str]) -> Insight | None:
    """Put what was counted into words; `names` are those of the parts of the result."""
    content: Any = counted.content
    if content is None:
        return None
    rule = counted.standing.rule
    judges, criteria = judge_names(rule), criterion_names(rule)
    of = content["agreement"]["of"]

    def part(one: Mapping[str, Any]) -> str:
        return names.get(one["part"], one["part"])

    def nudge(one: Mapping[str, Any], name: str) -> str:
        return f"{name} {one['percent']:+d} %"

    return Insight(
        first=content["first"],
        methods=[changed(one, method_words()[one["method"]]) for one in content["methods"]],
        agreement=[(entry, by, of) for entry, by in content["agreement"]["by"].items()],
        judges_out=sorted(
            (changed(one, judges.get(one["judge"], one["judge"])) for one in content["judges_out"]),
            key=lambda one: one.name,
        ),
        weights=[changed(one, nudge(one, part(one))) for one in content["weights"]],
        criteria=[
            changed(
                one,
                nudge(one, f"{part(one)}: {criteria.get(one['criterion'], one['criterion'])}"),
            )
            for one in content["criteria"]
        ],
        judges=sorted(
            (
                JudgeShown(
                    name=judges.get(one["judge"], one["judge"]),
                    part=part(one),
                    n=one["n"],
                    leniency=one["leniency"],
                    se=one["se"],
                    agreement=one["agreement"],
                    spread=one["spread"],
                    remarks=[flag_words()[flag] for flag in one["flags"] if flag in flag_words()],
                )
                for one in content["judges"]
            ),
            key=lambda one: (one.name, one.part),
        ),
        ties=[tie_shown(one) for one in content["ties"]],
        patient=content["patient"],
    )


def changed(one: Mapping[str, Any], name: str) -> Changed:
    """One way of counting under its name."""
    return Changed(name, one["leave"], one["enter"], one["first"], one["refused"])


def tie_shown(one: Mapping[str, Any]) -> TieShown:
    """A tie with the rules in words."""
    words = {"priority": _("the priority criterion"), "head-to-head": _("the judges who saw both")}
    return TieShown(
        score=Decimal(one["score"]),
        steps=[
            TieStep(
                words.get(step["rule"], step["rule"]),
                list(step["values"].items()),
                step["separated"],
            )
            for step in one["steps"]
        ],
        order=one["order"],
        drawn=one["drawn"],
    )


def method_words() -> dict[str, str]:
    """What the methods are called."""
    return {
        "mean": _("Plain mean"),
        "olympic": _("Mean without the highest and the lowest"),
        "additive": _("Strictness taken out (additive)"),
        "judges_eb": _("Strictness taken out with care (judges-EB)"),
        "robust": _("Outliers count less (robust)"),
        "mfrm": _("Single marks, many-facet Rasch (MFRM)"),
    }


def flag_words() -> dict[str, str]:
    """What is worth a look, in words."""
    return {
        "strict": _("stricter than the others"),
        "generous": _("more lenient than the others"),
        "erratic": _("scores vary more than those of others"),
        "disagrees": _("orders entries differently from the others"),
        "narrow": _("uses little of the scale"),
        "one-number": _("gives nearly one number on all criteria"),
        "ceiling": _("often gives the best mark"),
    }


MOST_DRAWN = 30


def picture(rows: list[RowShown], quota: int) -> Picture:
    """The scores with their 90 % intervals on one scale, and the line under the last place inside."""
    placed = [row for row in rows if row.place is not None and row.score is not None]
    if not placed:
        return Picture()
    drawn = placed[: max(MOST_DRAWN, 2 * quota)]
    ends = []
    for row in drawn:
        score, half = row.score or Decimal(0), HALF * (row.se or 0)
        ends.append((score, score - half, score + half))
    low, high = min(end[1] for end in ends), max(end[2] for end in ends)
    span = (high - low) or Decimal(1)

    def at(value: Decimal) -> float:
        return round(float((value - low) / span) * WIDTH, 2)

    bars = [
        Bar(
            row,
            at(lo),
            max(at(hi) - at(lo), 0.5),
            at(score),
            None if row.p_top is None else round(row.p_top * 100),
        )
        for row, (score, lo, hi) in zip(drawn, ends, strict=True)
    ]
    inside = [end[0] for row, end in zip(drawn, ends, strict=True) if (row.place or 0) <= quota]
    outside = [end[0] for row, end in zip(drawn, ends, strict=True) if (row.place or 0) > quota]
    cut = at((min(inside) + max(outside)) / 2) if inside and outside else None
    band = band_of([bar for bar in bars if bar.row.contested])
    return Picture(bars, cut, band, len(placed) - len(drawn))


def band_of(contested: list[Bar]) -> tuple[float, float] | None:
    """From where, and how wide: as far as the intervals of contested entries reach."""
    if not contested:
        return None
    left = min(bar.left for bar in contested)
    return left, round(max(bar.left + bar.width for bar in contested) - left, 2)


def picture_of(shown: NominationShown, rule: OutcomeRule) -> Picture:
    """The picture of a nomination, for whom nothing of it is hidden from."""
    return picture(shown.rows, rule.quota) if shown.whole and shown.standing else Picture()


def judge_names(rule: OutcomeRule) -> dict[str, str]:
    """Who is behind the names a protocol gives to judges."""
    users = User.objects.filter(
        pk__in=Judge.objects.filter(jury__season=rule.season_id).values("user")
    )
    return {pseudonym(rule.judge_salt, user.pk): str(user) for user in users}


def criterion_names(rule: OutcomeRule) -> dict[str, str]:
    """What the criteria of the outcome's rounds are called."""
    rows = Criterion.objects.filter(
        dimension__rubric__in=rule.rounds.values("rubric")
    ).select_related("dimension")
    return {one.slug: str(one.name) for one in rows}
