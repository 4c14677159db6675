"""Holding what is stored against what the season's ledger says, scorecard by scorecard.

Everything is read in batches, so that memory does not grow with the season. A row that no longer
makes sense to the database's driver counts as changed.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from audit.models import Event
from audit.services import Fault, chain_faults, label, read
from judging.canonical import (
    FORMATS,
    Content,
    correction_content,
    leaf_of,
    mark_content,
    quote_content,
    rubric_digest,
    scorecard_content,
)
from judging.merkle import root
from judging.models import (
    Assignment,
    AssignmentStatus,
    CorrectedMark,
    Correction,
    Criterion,
    Judge,
    Leaf,
    Mark,
    Quote,
    Round,
    RoundSeal,
    Rubric,
    Scorecard,
    ScorecardStatus,
)
from judging.said import Said, changed
from judging.totals import marks_digest
from judging.visit_record import visits
from nominations.models import Revision
from seasons.models import Season

BATCH = 500
Found = Iterator[Fault | int]
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


def verify(season: Season) -> Found:
    """Yield each fault of the season's ledger, and now and then how many rows are done."""
    done = 0
    for part in (
        chain_faults(f"season:{season.slug}"),
        stray_events(),
        leaves(season),
        without_leaf(season),
        removals(season),
        seals(season),
        visits(season),
    ):
        last = 0
        for found in part:
            if isinstance(found, Fault):
                yield found
            else:
                last = found
                yield done + last
        done += last


def batches(rows: QuerySet[Any]) -> Iterator[dict[Any, Any]]:
    """The rows by key, so many at a time; unreadable ones are missing."""
    after = 0
    while True:
        keys = list(rows.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:BATCH])
        if not keys:
            return
        found = read(rows.model._default_manager.all(), keys)
        yield {key: found.get(key) for key in keys}
        after = keys[-1]


def stray_events() -> Found:
    """Rows of a chain that no season has: somebody changed the name of theirs."""
    slugs = [f"season:{slug}" for slug in Season.objects.values_list("slug", flat=True)]
    rows = Event.objects.exclude(chain__in=[*slugs, "portal"]).order_by("pk")
    gone = set(
        Event.objects.filter(chain="portal", verb="demo.purged").values_list(
            "data__slug", flat=True
        )
    )
    for pk, chain in rows.values_list("pk", "chain")[:BATCH]:
        if chain.removeprefix("season:") not in gone:
            yield Fault("audit_event", pk, "chain", f"there is no season for the chain {chain}")


def leaves(season: Season) -> Found:
    """Each leaf against its own hash, its place in the chain, and the scorecard as it is stored."""
    digests: dict[int, str] = {}
    done = 0
    chain = f"season:{season.slug}"
    # By the event, not by the scorecard: a scorecard that is gone must be missed.
    rows = Leaf.objects.filter(
        Exists(Event.objects.filter(pk=OuterRef("event"), chain=chain))
        | Exists(
            Scorecard.objects.filter(pk=OuterRef("scorecard"), assignment__round__season=season)
        )
    )
    for batch in batches(rows):
        found = [leaf for leaf in batch.values() if leaf is not None]
        events = read(Event.objects.all(), [leaf.event_id for leaf in found])
        stored = Stored([leaf.scorecard_id for leaf in found], digests)
        for pk, leaf in batch.items():
            if leaf is None:
                yield Fault("judging_leaf", pk, "", "the row cannot be read")
                continue
            wrong = list(leaf_faults(leaf, events.get(leaf.event_id), chain))
            yield from wrong
            # What a changed leaf says of its scorecard is worth nothing.
            if not wrong and stored.is_latest(leaf):
                yield from stored.faults(leaf)
        done += len(batch)
        yield done


def leaf_faults(leaf: Leaf, event: Event | None, chain: str) -> Iterator[Fault]:
    """What is wrong with a leaf itself."""
    try:
        made = leaf_of(leaf.salt, leaf.content)
    except (ValueError, TypeError):
        made = ""
    if event is None:
        yield Fault("judging_leaf", leaf.pk, "event_id", "its row of the log is missing")
    elif event.chain != chain or not isinstance(event.data, dict):
        yield Fault("judging_leaf", leaf.pk, "event_id", "it belongs to another row of the log")
    elif event.data.get("leaf") != leaf.sha256:
        yield Fault("judging_leaf", leaf.pk, "sha256", "the log carries another fingerprint")
    elif event.about != f"judging.scorecard:{leaf.scorecard_id}":
        yield Fault("judging_leaf", leaf.pk, "scorecard_id", "the log names another scorecard")
    elif made != leaf.sha256:
        yield Fault(
            "judging_leaf", leaf.pk, "content", "content or salt do not fit the fingerprint"
        )


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


def without_leaf(season: Season) -> Found:
    """Submitted scorecards the ledger does not know, and submissions in the log without a leaf."""
    bare = Scorecard.objects.filter(
        assignment__round__season=season, status=ScorecardStatus.SUBMITTED, leaves=None
    )
    known = set()
    events = Event.objects.filter(
        chain=f"season:{season.slug}", verb__startswith="scorecard.", leaf=None
    )
    for batch in batches(events):
        for event in batch.values():
            if event is None:
                continue
            card = (
                Scorecard.objects.filter(pk=event.about.rpartition(":")[2]).first()
                if event.about.rpartition(":")[2].isdecimal()
                else None
            )
            old = event.data.get("sha256") if isinstance(event.data, dict) else None
            if old is None:
                yield Fault("judging_leaf", None, "", f"the leaf of {event.about} is missing")
            elif card is None:
                yield Fault("judging_scorecard", None, "", f"{event.about} is missing")
            elif old != marks_digest(card, card.marks.all()):
                message = "it is not as it was submitted"
                yield Fault("judging_scorecard", card.pk, "", message)
            known.add(event.about)
    for pk in bare.order_by("pk").values_list("pk", flat=True).iterator():
        if f"judging.scorecard:{pk}" not in known:
            message = "it was submitted, and the ledger does not know it"
            yield Fault("judging_scorecard", pk, "", message)


def removals(season: Season) -> Found:
    """Judges who were removed, against the log."""
    for judge in Judge.objects.filter(jury__season=season).order_by("pk").iterator():
        event = (
            Event.objects.filter(about=label(judge), verb__in=["judge.removed", "judge.violation"])
            .order_by("pk")
            .last()
        )
        if (judge.removed_at is None) != (event is None):
            said = "still judges" if event is None else "was removed"
            yield Fault("judging_judge", judge.pk, "removed_at", f"the ledger says: {said}")
        elif event is not None and event.data.get("reason") != judge.removal_reason:
            message = changed(event.data.get("reason"), judge.removal_reason)
            yield Fault("judging_judge", judge.pk, "removal_reason", message)


def seals(season: Season) -> Found:
    """Each seal's fingerprint, worked out anew from the leaves under it."""
    for round_ in Round.objects.filter(season=season).order_by("pk"):
        number = 0
        for seal in (
            RoundSeal.objects.filter(round=round_).select_related("event").order_by("number")
        ):
            number += 1
            if seal.number != number:
                message = f"seal {number} of {round_.slug} is missing"
                yield Fault("judging_roundseal", None, "", message)
                number = seal.number
            yield from seal_faults(seal)
        said = Event.objects.filter(about=label(round_), verb="round.sealed").count()
        if said > number:
            message = f"seal {number + 1} of {round_.slug} is missing"
            yield Fault("judging_roundseal", None, "", message)


def seal_faults(seal: RoundSeal) -> Iterator[Fault]:
    """What is wrong with one seal."""
    for name in ("number", "root", "leaf_count", "added", "left_out", "corrected"):
        said, value = seal.event.data.get(name), getattr(seal, name)
        if said != value:
            yield Fault("judging_roundseal", seal.pk, name, changed(said, value))
    rows = seal.sealed.order_by("position").values_list("pk", "position", "leaf__sha256")
    sealed = []
    for place, (pk, position, sha256) in enumerate(rows):
        if position != place:
            yield Fault("judging_sealedleaf", pk, "position", changed(place, position))
        sealed.append(sha256)
    try:
        made = root(sealed)
    except ValueError:
        made = ""
    if made != seal.root:
        message = f"the leaves under seal {seal.number} do not give its fingerprint"
        yield Fault("judging_sealedleaf", None, "", message)
