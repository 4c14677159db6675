"""Scorecards as they are stored now, held against what their leaves say."""

from collections import defaultdict
from collections.abc import Iterator

from audit.models import Event
from audit.services import Fault, label, read
from judging.canonical import (
    FORMATS,
    Content,
    correction_content,
    mark_content,
    quote_content,
    rubric_digest,
    scorecard_content,
)
from judging.models import (
    Assignment,
    AssignmentStatus,
    CorrectedMark,
    Correction,
    Criterion,
    Leaf,
    Mark,
    Quote,
    Rubric,
    Scorecard,
)
from judging.said import Said, changed
from nominations.models import Revision

# Which table and field a part of the content comes from.
SOURCES = {
    "season": ("seasons_season", "slug"),
    "round": ("judging_round", "slug"),
    "entry": ("nominations_entry", "number"),
    "judge": ("judging_assignment", "judge_id"),
    "revision": ("judging_scorecard", "revision_id"),
    "revision_sha256": ("nominations_revision", "sha256"),
    "rubric": ("judging_rubric", "slug"),
    "rubric_version": ("judging_rubric", "version"),
    "rubric_sha256": ("judging_rubric", "content"),
    "comment_sha256": ("judging_scorecard", "comment"),
    "private_note_sha256": ("judging_scorecard", "private_note"),
    "assignment": ("judging_scorecard", "assignment_id"),
    "key": ("judging_scorecard", "idempotency_key"),
    "way": ("judging_round", "way"),
}
CORRECTION_FIELDS = {
    "reason_sha256": "reason",
    "by": "by_id",
    "meeting": "meeting_id",
    "leave": "leave_id",
}
MARK_SOURCES = {
    "slug": ("judging_criterion", "slug"),
    "weight": ("judging_criterion", "weight"),
    "maximum": ("judging_criterion", "maximum"),
    "comment_sha256": ("judging_mark", "comment"),
}
QUOTE_SOURCES = {
    "criterion": "criterion_id",
    "revision": "revision_id",
    "text_sha256": "text",
}


class Stored:
    """Scorecards of a batch of leaves as they are stored now, with all they were made of."""

    def __init__(self, cards: list[int], digests: dict[int, str]) -> None:
        self.digests = digests
        self.cards = read(Scorecard.objects.all(), cards)
        self.assignments = read(
            Assignment.objects.select_related("round__season", "round__rubric", "entry"),
            {card.assignment_id for card in self.cards.values()},
        )
        self.revisions = read(
            Revision.objects.all(), {card.revision_id for card in self.cards.values()}
        )
        self.marks: dict[int, list[Mark | int]] = defaultdict(list)
        keys = dict(Mark.objects.filter(scorecard__in=cards).values_list("pk", "scorecard"))
        marks = read(Mark.objects.all(), keys)
        for pk, card in keys.items():
            self.marks[card].append(marks.get(pk, pk))
        self.quotes: dict[int, list[Quote | int]] = defaultdict(list)
        keys = dict(Quote.objects.filter(scorecard__in=cards).values_list("pk", "scorecard"))
        quotes = read(Quote.objects.all(), keys)
        for pk, card in keys.items():
            self.quotes[card].append(quotes.get(pk, pk))
        self.criteria = read(
            Criterion.objects.all(), {mark.criterion_id for mark in marks.values()}
        )
        self.corrections: dict[int, list[Content | int]] = defaultdict(list)
        self.read_corrections(cards)
        self.last = dict(
            Leaf.objects.filter(scorecard__in=cards).order_by("pk").values_list("scorecard", "pk")
        )
        self.said_otherwise = Said(cards, list(self.assignments))
        abouts = [f"judging.assignment:{pk}" for pk in self.assignments]
        self.said = dict(
            Event.objects.filter(
                about__in=abouts,
                verb__in=["assignment.made", "assignment.recused", "assignment.withdrawn"],
            )
            .order_by("pk")
            .values_list("about", "verb")
        )

    def read_corrections(self, cards: list[int]) -> None:
        """Corrections as the ledger says them; of one that cannot be read, the key alone."""
        keys = dict(
            Correction.objects.filter(scorecard__in=cards)
            .order_by("number")
            .values_list("pk", "scorecard")
        )
        found = read(Correction.objects.all(), keys)
        mark_keys = dict(
            CorrectedMark.objects.filter(correction__in=keys).values_list("pk", "correction")
        )
        marks: dict[int, list[CorrectedMark]] = defaultdict(list)
        read_marks = read(CorrectedMark.objects.all(), mark_keys)
        for pk, correction in mark_keys.items():
            if pk in read_marks:
                marks[correction].append(read_marks[pk])
        for pk, card in keys.items():
            try:
                said: Content | int = correction_content(found[pk], marks[pk])
            except (KeyError, ValueError, TypeError, AttributeError, ArithmeticError):
                said = pk
            self.corrections[card].append(said)

    def is_latest(self, leaf: Leaf) -> bool:
        """Whether it speaks of the scorecard as it should be now."""
        return self.last.get(leaf.scorecard_id) == leaf.pk

    def faults(self, leaf: Leaf) -> Iterator[Fault]:
        """Where the stored scorecard differs from the leaf."""
        pk = leaf.scorecard_id
        card = self.cards.get(pk)
        if card is None:
            yield Fault("judging_scorecard", pk, "", "the scorecard is missing or cannot be read")
            return
        if not isinstance(leaf.content, dict):
            return
        assignment = self.assignments.get(card.assignment_id)
        revision = self.revisions.get(card.revision_id)
        if assignment is None:
            yield Fault("judging_scorecard", pk, "assignment_id", "its assignment is missing")
            return
        if revision is None:
            yield Fault("judging_scorecard", pk, "revision_id", "its revision is missing")
            return
        if revision.entry_id != assignment.entry_id:
            yield Fault("judging_scorecard", pk, "revision_id", "it is of another entry")
        card.assignment, card.revision = assignment, revision
        yield from self.mark_faults(pk, leaf.content.get("marks", []))
        yield from self.correction_faults(pk, leaf.content.get("corrections", []))
        yield from self.quote_faults(pk, leaf.content.get("quotes", []))
        yield from self.field_faults(card, leaf.content)
        if isinstance(leaf.content.get("said"), dict):
            yield from self.said_otherwise.faults(card, leaf.content["said"])
        if Revision.digest(revision.content) != revision.sha256:
            yield Fault("nominations_revision", revision.pk, "content", "the essay was changed")
        yield from self.status_faults(assignment)

    def field_faults(self, card: Scorecard, said: Content) -> Iterator[Fault]:
        """Differences of the scorecard and of what it names."""
        round_ = card.assignment.round
        try:
            written = said.get("format")
            now = scorecard_content(
                card,
                [],
                {},
                self.rubric_sha256(round_.rubric),
                written=written if written in FORMATS else FORMATS[-1],
            )
        except (ValueError, TypeError, AttributeError, ArithmeticError):
            yield Fault("judging_scorecard", card.pk, "", "the scorecard cannot be read")
            return
        keys = {
            "judging_scorecard": card.pk,
            "judging_assignment": card.assignment_id,
            "judging_round": round_.pk,
            "judging_rubric": round_.rubric_id,
            "nominations_revision": card.revision_id,
            "nominations_entry": card.assignment.entry_id,
            "seasons_season": round_.season_id,
        }
        for name, value in now.items():
            if name not in {"marks", "quotes", "said"} and said.get(name) != value:
                table, field = SOURCES.get(name, ("judging_scorecard", name))
                yield Fault(table, keys[table], field, changed(said.get(name), value))

    def mark_faults(self, card: int, said: list[Content]) -> Iterator[Fault]:
        """Marks that were changed, are missing, or were added."""
        stored = {mark if isinstance(mark, int) else mark.pk: mark for mark in self.marks[card]}
        for one in said:
            pk = one["mark"]
            mark = stored.pop(pk, None)
            if mark is None:
                message = f"the mark of scorecard {card} on {one['slug']} is missing"
                yield Fault("judging_mark", pk, "", message)
                continue
            criterion = None if isinstance(mark, int) else self.criteria.get(mark.criterion_id)
            try:
                now = (
                    {}
                    if isinstance(mark, int) or criterion is None
                    else mark_content(mark, criterion)
                )
            except (ValueError, TypeError, AttributeError, ArithmeticError):
                now = {}
            if not now:
                yield Fault("judging_mark", pk, "", "the mark cannot be read")
            elif now["criterion"] != one["criterion"]:
                message = changed(one["criterion"], now["criterion"])
                yield Fault("judging_mark", pk, "criterion_id", message)
            else:
                yield from self.differences(one, now)
        for pk in stored:
            yield Fault("judging_mark", pk, "", f"scorecard {card} was submitted without this mark")

    def correction_faults(self, card: int, said: list[Content]) -> Iterator[Fault]:
        """Corrections that were changed, are missing, or were added past the ledger."""
        stored = {
            one if isinstance(one, int) else one["correction"]: one
            for one in self.corrections[card]
        }
        for one in said:
            pk = one["correction"]
            now = stored.pop(pk, None)
            if now is None:
                message = f"correction {one['number']} of scorecard {card} is missing"
                yield Fault("judging_correction", pk, "", message)
            elif isinstance(now, int):
                yield Fault("judging_correction", pk, "", "the correction cannot be read")
            else:
                yield from corrected_faults(one, now)
        for pk in stored:
            message = f"the ledger does not know this correction of scorecard {card}"
            yield Fault("judging_correction", pk, "", message)

    def quote_faults(self, card: int, said: list[Content]) -> Iterator[Fault]:
        """Quotes that were changed, are missing, or were added."""
        stored = {one if isinstance(one, int) else one.pk: one for one in self.quotes[card]}
        for one in said:
            pk = one["quote"]
            quote = stored.pop(pk, None)
            if quote is None:
                yield Fault("judging_quote", pk, "", f"a quote of scorecard {card} is missing")
                continue
            try:
                now = {} if isinstance(quote, int) else quote_content(quote)
            except (ValueError, TypeError, AttributeError, ArithmeticError):
                now = {}
            if not now:
                yield Fault("judging_quote", pk, "", "the quote cannot be read")
            for name, value in now.items():
                if one.get(name) != value:
                    field = QUOTE_SOURCES.get(name, name)
                    yield Fault("judging_quote", pk, field, changed(one.get(name), value))
        for pk in stored:
            yield Fault(
                "judging_quote", pk, "", f"scorecard {card} was submitted without this quote"
            )

    def differences(self, said: Content, now: Content) -> Iterator[Fault]:
        """What a mark says otherwise than the ledger."""
        for name, value in now.items():
            if said.get(name) != value:
                table, field = MARK_SOURCES.get(name, ("judging_mark", name))
                pk = now["criterion"] if table == "judging_criterion" else now["mark"]
                yield Fault(table, pk, field, changed(said.get(name), value))

    def status_faults(self, assignment: Assignment) -> Iterator[Fault]:
        """An assignment ends, and comes back, by an act that stands in the log."""
        said = self.said.get(label(assignment), "assignment.made")
        wanted = said.removeprefix("assignment.").replace("made", AssignmentStatus.ACTIVE)
        if assignment.status != wanted:
            message = changed(wanted, assignment.status)
            yield Fault("judging_assignment", assignment.pk, "status", message)

    def rubric_sha256(self, rubric: Rubric) -> str:
        """The digest of a rubric, worked out once."""
        if rubric.pk not in self.digests:
            self.digests[rubric.pk] = rubric_digest(rubric)
        return self.digests[rubric.pk]


def corrected_faults(said: Content, now: Content) -> Iterator[Fault]:
    """What a correction says otherwise than the ledger."""
    for name, value in now.items():
        if name != "marks" and said.get(name) != value:
            field = CORRECTION_FIELDS.get(name, name)
            yield Fault(
                "judging_correction", said["correction"], field, changed(said.get(name), value)
            )
    marks = {one["mark"]: one for one in now["marks"]}
    for one in said["marks"]:
        mark = marks.pop(one["mark"], None)
        if mark is None:
            yield Fault("judging_correctedmark", one["mark"], "", "the mark is missing")
            continue
        for name, value in mark.items():
            if one.get(name) != value:
                field = "criterion_id" if name == "criterion" else name
                message = changed(one.get(name), value)
                yield Fault("judging_correctedmark", one["mark"], field, message)
    for pk in marks:
        message = "the correction was made without this mark"
        yield Fault("judging_correctedmark", pk, "", message)
