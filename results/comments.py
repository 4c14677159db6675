"""What of frozen feedback an entrant reads: which comments of the jury, and no number of one judge alone.

Frozen feedback keeps every comment; what an organiser decided is applied whenever it is read, in one
place for the page, the PDF and the export. Where a season has its comments looked at, one that nobody
has looked at is not there.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from results.models import CommentState, Feedback, JuryComment

Key = tuple[str, str, str]
Reviews = Mapping[Key, str | None]


@dataclass(frozen=True)
class Reviewed:
    """Feedback as its entrant may read it now, and whether comments are still being looked at."""

    content: dict[str, Any]
    waiting: bool


def digest(text: str) -> str:
    """What a text is known by."""
    return hashlib.sha256(text.encode()).hexdigest()


def comments_of(content: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Round, criterion and text of every comment in frozen feedback."""
    for round_ in content["rounds"]:
        for text in round_["comments"]:
            yield round_["slug"], "", text
        for dimension in round_["dimensions"]:
            for criterion in dimension["criteria"]:
                for text in criterion["comments"]:
                    yield round_["slug"], criterion["slug"], text


def reviews_of(feedback: Iterable[Feedback]) -> dict[int, dict[Key, str | None]]:
    """By entry: what is shown instead of each comment that was decided about; None is nothing."""
    found: dict[int, dict[Key, str | None]] = {one.entry_id: {} for one in feedback}
    rows = JuryComment.objects.filter(entry__in=found).decided().select_related("round")
    for row in rows:
        shown = {CommentState.SHOWN: row.text, CommentState.EDITED: row.shown}
        found[row.entry_id][row.round.slug, row.criterion, row.sha256] = shown.get(
            CommentState(row.state)
        )
    return found


def reviewed(feedback: Feedback) -> Reviewed:
    """The feedback of one entry as its people may read it."""
    season = feedback.entry.nomination.season
    return let_through(
        feedback.content, reviews_of([feedback])[feedback.entry_id], season.moderate_comments
    )


def let_through(content: Mapping[str, Any], reviews: Reviews, moderated: bool) -> Reviewed:  # noqa: FBT001
    """Apply what was decided; what nobody decided about stays out where comments are looked at."""
    content = without_single(content)
    waiting = False

    def passed(round_: str, criterion: str, texts: Iterable[str]) -> list[str]:
        nonlocal waiting
        kept = []
        for text in texts:
            key = round_, criterion, digest(text)
            if key not in reviews and moderated:
                waiting = True
                continue
            shown = reviews.get(key, text)
            if shown is not None:
                kept.append(shown)
        return kept

    rounds = [
        {
            **one,
            "comments": passed(one["slug"], "", one["comments"]),
            "dimensions": [
                {
                    **dimension,
                    "criteria": [
                        {
                            **criterion,
                            "comments": passed(
                                one["slug"], criterion["slug"], criterion["comments"]
                            ),
                        }
                        for criterion in dimension["criteria"]
                    ],
                }
                for dimension in one["dimensions"]
            ],
        }
        for one in content["rounds"]
    ]
    return Reviewed({**content, "rounds": rounds}, waiting)


def without_single(content: Mapping[str, Any]) -> dict[str, Any]:
    """Without what one judge alone gave; feedback that was frozen earlier holds it all the same."""
    return {
        **content,
        "rounds": [single_round(one) for one in content["rounds"]],
        "standings": [single_standing(one) for one in content.get("standings", [])],
    }


def single_round(content: Mapping[str, Any]) -> dict[str, Any]:
    """A round: no average of one scorecard, and nothing of a criterion that follows from one mark."""
    nothing = {"average": None, "band": None, "quartile": None}

    def told(criterion: Mapping[str, Any]) -> dict[str, Any]:
        alone = criterion["answered"] == 1 and not content["letters"]
        return {**criterion, **(nothing if alone else {})}

    dimensions = [
        {**dimension, "criteria": [told(one) for one in dimension["criteria"]]}
        for dimension in content["dimensions"]
    ]
    average = content["average"] if content["judges"] > 1 else None
    return {**content, "average": average, "dimensions": dimensions}


def single_standing(content: Mapping[str, Any]) -> dict[str, Any]:
    """A standing: neither mean nor score where one judge alone scored a round."""
    of_one = any(leaf["count"] == 1 for leaf in content["leaves"])
    alone = content.get("alone", content["raw"] is not None and of_one)
    numbers = ("raw", "score", "sum") if alone else ()
    return {**content, **{one: None for one in numbers if one in content}, "alone": alone}
