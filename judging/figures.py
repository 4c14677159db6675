"""The figures an entrant gave, as frozen in a revision, and the marks that guidance suggests for them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from judging.bands import shown
from judging.models import Guidance
from nominations.fields import NUMERIC, as_number, in_figures, read_metric, readable_answer
from nominations.models import PromptKind


@dataclass(frozen=True)
class Figure:
    """A number or a metric of the entry; no value means that what was written is no number."""

    label: str
    text: str
    value: Decimal | None
    period: str = ""


@dataclass(frozen=True)
class Suggestion:
    """One line of guidance; `fits` when the entrant's figure is in its range."""

    range: str
    marks: str
    fits: bool


def figures_of(content: Mapping[str, Any]) -> dict[str, Figure]:
    """The figures of a frozen entry by the short name of their prompt; give it what the jury may see."""
    found = {}
    for answer in content.get("answers", []):
        kind, text = answer.get("kind"), answer.get("text", "")
        if kind not in NUMERIC or not text:
            continue
        metric = kind == PromptKind.METRIC
        raw = read_metric(text)["value"] if metric else text
        if not raw:
            continue
        said = readable_answer(answer)
        found[answer["prompt"]] = Figure(
            label=said["label"],
            text=f"{said['value']} {said['unit']}".strip(),
            value=as_number(raw),
            period=said.get("period", ""),
        )
    return found


def range_in_words(row: Guidance) -> str:
    """“70 and over”, “50 to under 70”, “under 50”."""
    if row.below is None:
        return _("%(low)s and over") % {"low": in_figures(row.at_least or Decimal(0))}
    if row.at_least is None:
        return _("under %(high)s") % {"high": in_figures(row.below)}
    return _("%(low)s to under %(high)s") % {
        "low": in_figures(row.at_least),
        "high": in_figures(row.below),
    }


def marks_in_words(row: Guidance) -> str:
    """“12–15”, or “5” when it is one mark."""
    return shown(row.low) if row.low == row.high else f"{shown(row.low)}–{shown(row.high)}"


def suggestions(rows: Iterable[Guidance], figure: Figure | None = None) -> list[Suggestion]:
    """The lines of guidance, from the highest marks down."""
    value = None if figure is None else figure.value
    return [
        Suggestion(
            range_in_words(row), marks_in_words(row), value is not None and row.covers(value)
        )
        for row in sorted(rows, key=lambda row: (-row.low, row.pk or 0))
    ]
