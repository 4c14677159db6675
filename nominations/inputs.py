"""The inputs of an answer: what a page puts into them, and what a form sends back as one text."""

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from nominations.fields import METRIC_PARTS, packed, read_metric, read_table
from nominations.models import Option, Prompt, PromptKind

LEAST_ROWS = 3
MOST_ROWS = 50


@dataclass(frozen=True)
class Inputs:
    """The inputs of one prompt, filled with a text that is kept or was typed."""

    prompt: Prompt
    text: str
    known: tuple[Option, ...] | None = None
    """The options, where they are not read from the prompt."""

    @property
    def metric(self) -> dict[str, str]:
        """Value, period and source."""
        return read_metric(self.text)

    @property
    def options(self) -> list[dict[str, Any]]:
        """The choices, each with whether it is taken."""
        chosen = set(self.text.split())
        return [
            {"slug": one.slug, "label": one.label, "chosen": one.slug in chosen}
            for one in self.columns
        ]

    @property
    def columns(self) -> list[Option]:
        """The options in their order: the columns of a table."""
        return list(self.prompt.options.all() if self.known is None else self.known)

    @property
    def rows(self) -> list[list[dict[str, str]]]:
        """The rows of a table, with room to write one more where the table takes it."""
        kept = read_table(self.text)
        most = min(int(self.prompt.maximum or MOST_ROWS), MOST_ROWS)
        least = int(self.prompt.minimum or LEAST_ROWS)
        shown = max(len(kept), min(max(least, len(kept) + 1), most))
        kept += [{} for _row in range(shown - len(kept))]
        return [
            [
                {"slug": one.slug, "label": str(one.label), "text": row.get(one.slug, "")}
                for one in self.columns
            ]
            for row in kept
        ]

    @property
    def empty_row(self) -> list[dict[str, str]]:
        """A row to copy when the person asks for one more."""
        return [{"slug": one.slug, "label": str(one.label), "text": ""} for one in self.columns]

    @property
    def most_rows(self) -> int:
        """How many rows there may be."""
        return min(int(self.prompt.maximum or MOST_ROWS), MOST_ROWS)


def typed(post: QueryDict, prompt: Prompt) -> str | None:
    """What a form without scripts sent for a prompt, as the one text that is kept; None if nothing."""
    name = f"answer-{prompt.pk}"
    if f"base-{prompt.pk}" not in post:
        return None
    match prompt.kind:
        case PromptKind.METRIC:
            parts = {part: post.get(f"{name}-{part}", "") for part in METRIC_PARTS}
            return packed(parts) if any(parts.values()) else ""
        case PromptKind.TABLE:
            return typed_table(post, prompt)
        case PromptKind.CHOICE | PromptKind.CHOICES:
            return "\n".join(post.getlist(name))
        case PromptKind.FILE:
            return None
        case _:
            return post.get(name)


def typed_table(post: QueryDict, prompt: Prompt) -> str:
    """The cells of a table, column by column in the order of the rows."""
    slugs = [one.slug for one in prompt.options.all()]
    cells = {slug: post.getlist(f"answer-{prompt.pk}-{slug}") for slug in slugs}
    height = max((len(column) for column in cells.values()), default=0)
    rows = [
        {slug: column[at] if at < len(column) else "" for slug, column in cells.items()}
        for at in range(min(height, MOST_ROWS))
    ]
    return packed(rows) if any(cell for row in rows for cell in row.values()) else ""
