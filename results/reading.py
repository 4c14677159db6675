"""Feedback that may be read (see `comments`), turned into what its page shows in the reader's language."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from common.localized import Localized
from results.models import OutcomeKind


@dataclass(frozen=True)
class BandShown:
    """What a mark means."""

    name: Localized
    descriptor: Localized
    level: int


@dataclass(frozen=True)
class MarkShown:
    """The mark of one judge, known by a letter; no value is an abstention."""

    letter: str
    value: Decimal | None
    band: BandShown | None


@dataclass(frozen=True)
class CriterionShown:
    """A criterion with its average and, where they hide somebody, the marks."""

    name: Localized
    description: Localized
    maximum: Decimal
    average: Decimal | None
    band: BandShown | None
    answered: int
    marks: list[MarkShown]
    comments: list[str]
    part_of: Localized
    phase: Localized
    quarter: int | None
    cohort: int

    @property
    def kept_back(self) -> bool:
        """Whether the average is not told because it would be one judge's mark."""
        return self.average is None and self.answered > 0


@dataclass(frozen=True)
class DimensionShown:
    """A group of criteria."""

    name: Localized
    criteria: list[CriterionShown]


@dataclass(frozen=True)
class RoundShown:
    """A round of judging as the nominee reads it."""

    slug: str
    name: Localized
    judges: int
    average: Decimal | None
    """None where one judge alone scored: it would be that judge's total."""
    totals: list[MarkShown]
    dimensions: list[DimensionShown]
    comments: list[str]
    strengths: list[Localized]
    gaps: list[Localized]


@dataclass(frozen=True)
class SumShown:
    """How the score of one round came about: mean and shift make the score."""

    name: Localized
    mean: Decimal | None
    shift: Decimal | None
    score: Decimal | None
    strictness: bool

    @property
    def size(self) -> Decimal:
        """The shift without its sign."""
        return abs(self.shift or Decimal(0))


@dataclass(frozen=True)
class PartShown:
    """A part of a score with what it weighs, in percent."""

    name: Localized
    weight: Decimal
    value: Decimal


@dataclass(frozen=True)
class StandingShown:
    """Where the entry stood in the frozen standing of one outcome."""

    outcome: str
    place: int | None
    of: int
    lo: int | None
    hi: int | None
    raw: Decimal | None
    score: Decimal | None
    kept_back: bool
    alone: bool
    """Whether mean and score are not told because one judge alone scored a round."""
    sums: list[SumShown]
    parts: list[PartShown]
    """What the score is weighed from; empty where one part alone makes it."""
    standardised: bool
    """Whether parts are told as 50 ± 10 in the nomination, and not in points."""

    @property
    def rounds_off(self) -> bool:
        """Whether the sum of what is shown misses the score by what was rounded away."""
        told = sum((one.weight * one.value for one in self.parts), Decimal(0)) / 100
        return self.score is not None and told.quantize(self.score) != self.score


def standings_shown(content: dict[str, Any]) -> list[StandingShown]:
    """Every outcome the entry was ranked for; feedback made before standings were kept has none."""
    names = {one["slug"]: Localized(one["name"]) for one in content["rounds"]}
    return [
        StandingShown(
            outcome=str(OutcomeKind(one["outcome"]).label),
            place=one["place"],
            of=one["of"],
            lo=one["lo"],
            hi=one["hi"],
            raw=decimal(one["raw"]),
            score=decimal(one["score"]),
            kept_back=one["kept_back"],
            alone=one.get("alone", False),
            sums=[
                SumShown(
                    name=names.get(leaf["round"], Localized({})),
                    mean=decimal(leaf["mean"]),
                    shift=decimal(leaf["shift"]),
                    score=decimal(leaf["score"]),
                    strictness=bool(leaf["strictness"]),
                )
                for leaf in one["leaves"]
                if leaf["score"] is not None
            ],
            parts=[
                PartShown(
                    name=names.get(part["round"], Localized({})),
                    weight=Decimal(part["weight"]),
                    value=Decimal(part["part"]),
                )
                for part in one.get("sum") or []
            ],
            standardised=one.get("standardised", False),
        )
        for one in content.get("standings", [])
        if one["raw"] is not None or one.get("alone")
    ]


def named(content: dict[str, Any], which: str) -> list[Localized]:
    """The names of the criteria a round's feedback points out."""
    names = {
        criterion["slug"]: Localized(criterion["name"])
        for dimension in content["dimensions"]
        for criterion in dimension["criteria"]
    }
    return [names[slug] for slug in content.get(which, [])]


def rounds_shown(content: dict[str, Any]) -> list[RoundShown]:
    """Every round the entry was judged in."""
    return [
        RoundShown(
            slug=one["slug"],
            name=Localized(one["name"]),
            judges=one["judges"],
            average=decimal(one["average"]),
            totals=[
                MarkShown(letter=letter, value=decimal(total), band=None)
                for letter, total in zip(one["letters"], one["totals"], strict=True)
            ],
            dimensions=[
                DimensionShown(
                    name=Localized(dimension["name"]),
                    criteria=[
                        criterion_shown(criterion, one["letters"])
                        for criterion in dimension["criteria"]
                    ],
                )
                for dimension in one["dimensions"]
            ],
            comments=one["comments"],
            strengths=named(one, "strengths"),
            gaps=named(one, "gaps"),
        )
        for one in content["rounds"]
    ]


def criterion_shown(content: dict[str, Any], letters: Iterable[str]) -> CriterionShown:
    """One criterion."""
    quartile = content.get("quartile") or {}
    return CriterionShown(
        name=Localized(content["name"]),
        description=Localized(content["description"]),
        maximum=Decimal(content["maximum"]),
        average=decimal(content["average"]),
        band=band_shown(content["band"]),
        answered=content["answered"],
        marks=[
            MarkShown(letter=letter, value=decimal(mark["value"]), band=band_shown(mark["band"]))
            for letter, mark in zip(letters, content["marks"], strict=False)
        ],
        comments=content["comments"],
        part_of=Localized(content.get("part_of", {})),
        phase=Localized(content.get("phase", {})),
        quarter=quartile.get("quarter"),
        cohort=quartile.get("of", 0),
    )


def band_shown(content: dict[str, Any] | None) -> BandShown | None:
    """A band, if there is one."""
    if content is None:
        return None
    return BandShown(
        name=Localized(content["name"]),
        descriptor=Localized(content["descriptor"]),
        level=content["level"],
    )


def decimal(text: str | None) -> Decimal | None:
    """A number as JSON keeps it."""
    return None if text is None else Decimal(text)
