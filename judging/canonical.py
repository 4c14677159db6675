"""What the ledger says of a scorecard, in one way of writing that gives the same bytes everywhere.

Comments stand here as hashes: the ledger proves words, it does not repeat them.
"""

import hashlib
import json
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from judging.merkle import leaf_hash
from judging.models import (
    Comparison,
    CorrectedMark,
    Correction,
    Criterion,
    Mark,
    Quote,
    Rubric,
    Scorecard,
    Verdict,
    Way,
)

# The second way of writing also says the time spent and the quotes; leaves of the first stay as they are.
FORMAT_1 = "awards portal scorecard 1"
FORMAT = "awards portal scorecard 2"
FORMATS = (FORMAT_1, FORMAT)
# Scorecards of rounds that are judged in another way; they carry what the judge said.
SAID_FORMAT = "awards portal verdict 1"
Content = dict[str, Any]


def digest(text: str) -> str:
    """SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def canonical(content: Any) -> str:
    """JSON with sorted keys and no spaces."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def places(value: Decimal | None, count: int) -> str | None:
    """A number with so many decimals, however it was read."""
    return None if value is None else f"{Decimal(value):.{count}f}"


def moment(value: datetime | None) -> str | None:
    """An instant in UTC."""
    return None if value is None else value.astimezone(UTC).isoformat()


def rubric_digest(rubric: Rubric) -> str:
    """SHA-256 of a rubric: what is marked, by which scale, and what each band says."""
    criteria = (
        Criterion.objects.filter(dimension__rubric=rubric)
        .select_related("dimension", "part_of", "phase")
        .prefetch_related("bands", "guidance")
        .order_by("dimension__position", "dimension__pk", "position", "pk")
    )
    return digest(
        canonical(
            {
                "slug": rubric.slug,
                "version": rubric.version,
                "criteria": [
                    {
                        "dimension": dict(one.dimension.name),
                        "slug": one.slug,
                        "name": dict(one.name),
                        "description": dict(one.description),
                        "maximum": places(one.maximum, 2),
                        "weight": places(one.weight, 3),
                        "step": places(one.step, 2),
                        "bands": sorted(
                            [
                                places(band.low, 2),
                                places(band.high, 2),
                                canonical(dict(band.name)),
                                canonical(dict(band.descriptor)),
                            ]
                            for band in one.bands.all()
                        ),
                        **said_besides(one),
                    }
                    for one in criteria
                ],
            }
        )
    )


def said_besides(criterion: Criterion) -> Content:
    """Guidance, sub-items and phases, where there are any: rubrics without them keep their digests."""
    said: Content = {}
    if criterion.part_of is not None:
        said["part_of"] = [
            criterion.part_of.slug,
            dict(criterion.part_of.name),
            dict(criterion.part_of.description),
        ]
    if criterion.phase is not None:
        phase = criterion.phase
        said["phase"] = [
            phase.position,
            phase.slug,
            dict(phase.name),
            dict(phase.description),
            places(phase.reached_at, 2),
        ]
    if rows := list(criterion.guidance.all()):
        said["measure"] = [dict(criterion.measure), criterion.measure_prompt]
        said["guidance"] = sorted(
            [
                places(row.low, 2) or "",
                places(row.high, 2) or "",
                places(row.at_least, 4) or "",
                places(row.below, 4) or "",
            ]
            for row in rows
        )
    return said


def mark_content(mark: Mark, criterion: Criterion) -> Content:
    """One mark, with the scale it was given on."""
    return {
        "mark": mark.pk,
        "criterion": criterion.pk,
        "slug": criterion.slug,
        "value": places(mark.value, 2),
        "abstained": mark.abstained,
        "weight": places(criterion.weight, 3),
        "maximum": places(criterion.maximum, 2),
        "comment_sha256": digest(mark.comment),
        "version": mark.version,
        "changed_at": moment(mark.changed_at),
    }


def correction_content(correction: Correction, marks: Iterable[CorrectedMark]) -> Content:
    """One correction with all its marks; the scale stands beside the marks it corrects."""
    return {
        "correction": correction.pk,
        "number": correction.number,
        "kind": correction.kind,
        "total": places(correction.total, 6),
        "reason_sha256": digest(correction.reason),
        "by": correction.by_id,
        "made_at": moment(correction.made_at),
        "meeting": correction.meeting_id,
        "leave": correction.leave_id,
        "marks": [
            {
                "mark": mark.pk,
                "criterion": mark.criterion_id,
                "value": places(mark.value, 2),
                "abstained": mark.abstained,
            }
            for mark in sorted(marks, key=lambda one: one.criterion_id)
        ],
    }


def verdict_content(verdict: Verdict) -> Content:
    """A word, a place or points."""
    return {
        "verdict": verdict.pk,
        "answer": verdict.answer,
        "place": places(verdict.place, 1),
        "points": verdict.points,
        "of": verdict.of,
    }


def comparison_content(comparison: Comparison) -> Content:
    """One comparison; entries stand here by their assignments."""
    return {
        "comparison": comparison.pk,
        "first": comparison.first_id,
        "second": comparison.second_id,
        "outcome": comparison.outcome,
        "made_at": moment(comparison.made_at),
    }


def said_content(verdict: Verdict | None, comparisons: Iterable[Comparison]) -> Content:
    """What a judge said of an entry where the round is not judged by scorecards."""
    return {
        "verdict": None if verdict is None else verdict_content(verdict),
        "comparisons": [
            comparison_content(one) for one in sorted(comparisons, key=lambda one: one.pk)
        ],
    }


def quote_content(quote: Quote) -> Content:
    """One quote; its words are proved, not repeated."""
    return {
        "quote": quote.pk,
        "token": str(quote.token),
        "criterion": quote.criterion_id,
        "revision": quote.revision_id,
        "prompt": quote.prompt,
        "start": quote.start,
        "text_sha256": digest(quote.text),
        "made_at": moment(quote.made_at),
    }


def scorecard_content(
    scorecard: Scorecard,
    marks: Iterable[Mark],
    criteria: dict[int, Criterion],
    rubric_sha256: str,
    corrections: Iterable[Content] = (),
    *,
    said: Content | None = None,
    quotes: Iterable[Quote] = (),
    written: str = FORMAT,
) -> Content:
    """A submitted scorecard whole; the assignment comes with its round, its season and the entry.

    One that was never corrected says nothing of corrections, as it was written before there were any.
    `written` is the way of writing: a leaf is held against the one it was written in.
    """
    content = submitted_content(scorecard, marks, criteria, rubric_sha256)
    if scorecard.assignment.round.way != Way.SCORECARD:
        content |= {
            "format": SAID_FORMAT,
            "way": scorecard.assignment.round.way,
            "said": said or said_content(None, []),
        }
    else:
        content["format"] = written
        if written != FORMAT_1:
            content["active_seconds"] = scorecard.active_seconds
            content["timed_at"] = moment(scorecard.timed_at)
            content["quotes"] = [
                quote_content(quote) for quote in sorted(quotes, key=lambda one: one.pk)
            ]
    made = list(corrections)
    return {**content, "corrections": made} if made else content


def submitted_content(
    scorecard: Scorecard,
    marks: Iterable[Mark],
    criteria: dict[int, Criterion],
    rubric_sha256: str,
) -> Content:
    """The scorecard as it was submitted."""
    assignment = scorecard.assignment
    round_ = assignment.round
    return {
        "season": round_.season.slug,
        "round": round_.slug,
        "entry": assignment.entry.number,
        "assignment": assignment.pk,
        "judge": assignment.judge_id,
        "scorecard": scorecard.pk,
        "revision": scorecard.revision.number,
        "revision_sha256": scorecard.revision.sha256,
        "rubric": round_.rubric.slug,
        "rubric_version": round_.rubric.version,
        "rubric_sha256": rubric_sha256,
        "status": scorecard.status,
        "total": places(scorecard.total, 6),
        "comment_sha256": digest(scorecard.comment),
        "private_note_sha256": digest(scorecard.private_note),
        "version": scorecard.version,
        "key": None if scorecard.idempotency_key is None else str(scorecard.idempotency_key),
        "started_at": moment(scorecard.started_at),
        "submitted_at": moment(scorecard.submitted_at),
        "marks": [
            mark_content(mark, criteria[mark.criterion_id])
            for mark in sorted(marks, key=lambda one: one.criterion_id)
        ],
    }


def new_salt() -> str:
    """256 bits nobody can guess."""
    return secrets.token_hex(32)


def leaf_of(salt: str, content: Content) -> str:
    """The hash the chain carries for a scorecard."""
    return leaf_hash(bytes.fromhex(salt), canonical(content).encode())
