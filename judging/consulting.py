"""A consultation as its page shows it: the draft part by part, with what was said on each."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from judging.figures import Suggestion, suggestions
from judging.models import Consultation, Criterion, Invitee, Opinion
from judging.sheets import band_rows


@dataclass
class Subject:
    """A criterion, or the whole (no criterion): one's own comment, and others' where they are shared."""

    slug: str = ""
    criterion: Criterion | None = None
    bands: list[dict[str, Any]] = field(default_factory=list)
    advice: list[Suggestion] = field(default_factory=list)
    text: str = ""
    version: int = 0
    error: str = ""
    others: list[Opinion] = field(default_factory=list)


def subjects_of(consultation: Consultation, invitee: Invitee | None) -> list[Subject]:
    """Everything that can be commented on; who only organises reads everybody's comments."""
    said = opinions_of(consultation)
    rows = (
        Criterion.objects.filter(dimension__rubric=consultation.rubric_id)
        .select_related("dimension", "part_of", "phase")
        .prefetch_related("bands", "guidance")
        .order_by("dimension__position", "dimension__pk", "position", "pk")
    )
    subjects = [
        Subject(one.slug, one, band_rows(list(one.bands.all())), suggestions(one.guidance.all()))
        for one in rows
    ]
    subjects.append(Subject())
    for subject in subjects:
        for opinion in said[subject.slug]:
            if invitee is not None and opinion.invitee_id == invitee.pk:
                subject.text, subject.version = opinion.text, opinion.version
            elif opinion.text and (invitee is None or consultation.shares_comments):
                subject.others.append(opinion)
    return subjects


def opinions_of(consultation: Consultation) -> dict[str, list[Opinion]]:
    """What was said, by the short name of the criterion."""
    found: dict[str, list[Opinion]] = defaultdict(list)
    rows = Opinion.objects.filter(invitee__consultation=consultation)
    for opinion in rows.select_related("invitee__user").order_by("invitee", "pk"):
        found[opinion.criterion].append(opinion)
    return found
