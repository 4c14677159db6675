"""Holding what is stored against what the season's ledger says, scorecard by scorecard.

Everything is read in batches, so that memory does not grow with the season. A row that no longer
makes sense to the database's driver counts as changed.
"""

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from audit.models import Event
from audit.services import Fault, chain_faults, label, read
from judging.canonical import (
    leaf_of,
)
from judging.merkle import root
from judging.models import (
    Judge,
    Leaf,
    Round,
    RoundSeal,
    Scorecard,
    ScorecardStatus,
)
from judging.said import changed
from judging.stored import Stored
from judging.totals import marks_digest
from judging.visit_record import visits
from seasons.models import Season

BATCH = 500
Found = Iterator[Fault | int]


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
