"""Frozen feedback, turned into what its page shows in the reader's language."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from common.localized import Localized


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
    totals: list[MarkShown]
    dimensions: list[DimensionShown]
    comments: list[str]


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
        )
        for one in content["rounds"]
    ]


def criterion_shown(content: dict[str, Any], letters: Iterable[str]) -> CriterionShown:
    """One criterion."""
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
