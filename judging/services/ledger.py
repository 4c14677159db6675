"""Appending scorecards to the season's ledger, and sealing rounds that are over."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from audit.models import Event
from audit.services import label, record
from judging.canonical import (
    correction_content,
    leaf_of,
    new_salt,
    rubric_digest,
    said_content,
    scorecard_content,
)
from judging.merkle import path, root
from judging.models import (
    Assignment,
    Comparison,
    Criterion,
    Judge,
    Leaf,
    Mark,
    Round,
    RoundSeal,
    Rubric,
    Scorecard,
    SealedLeaf,
    Verdict,
)
from judging.services.mails import link, round_values
from outbox.services import post

# Whoever submitted in the last second may still be committing.
SETTLING = timedelta(minutes=1)
# A round that was over long ago is looked after no more, and a late seal is no news.
WATCHED = timedelta(days=400)
NEWS = timedelta(days=14)


def append_scorecard(
    scorecard: Scorecard,
    *,
    by: User | None,
    verb: str = "scorecard.submitted",
    data: dict[str, Any] | None = None,
) -> Leaf:
    """Write a locked scorecard, or its correction, into the chain of its season."""
    content, salt = content_of(scorecard), new_salt()
    round_ = scorecard.assignment.round
    event = record(
        verb,
        by=by,
        about=scorecard,
        season=round_.season.slug,
        data={
            "round": round_.slug,
            "assignment": scorecard.assignment_id,
            "leaf": leaf_of(salt, content),
            **(data or {}),
        },
    )
    return Leaf.objects.create(
        scorecard=scorecard, event=event, content=content, salt=salt, sha256=event.data["leaf"]
    )


def content_of(scorecard: Scorecard) -> dict[str, Any]:
    """The canonical content of a stored scorecard."""
    card = Scorecard.objects.select_related(
        "assignment__round__season", "assignment__round__rubric", "assignment__entry", "revision"
    ).get(pk=scorecard.pk)
    rubric = card.assignment.round.rubric
    criteria = Criterion.objects.filter(dimension__rubric=rubric).in_bulk()
    corrections = [
        correction_content(one, one.marks.all())
        for one in card.corrections.order_by("number").prefetch_related("marks")
    ]
    said = said_content(
        Verdict.objects.filter(scorecard=card).first(),
        Comparison.objects.filter(Q(first=card.assignment_id) | Q(second=card.assignment_id)),
    )
    return scorecard_content(
        card,
        card.marks.all(),
        criteria,
        rubric_digest(rubric),
        corrections,
        quotes=card.quotes.all(),
        said=said,
    )


def contents_of(
    cards: Sequence[Scorecard], marks: dict[int, list[Mark]], rubrics: Iterable[Rubric]
) -> list[tuple[Scorecard, dict[str, Any], str]]:
    """Content and salt of many scorecards at once; who writes the events writes the leaves."""
    digests = {rubric.pk: rubric_digest(rubric) for rubric in rubrics}
    criteria = Criterion.objects.filter(dimension__rubric__in=digests).in_bulk()
    return [
        (
            card,
            scorecard_content(
                card, marks[card.pk], criteria, digests[card.assignment.round.rubric_id]
            ),
            new_salt(),
        )
        for card in cards
    ]


def counted_leaves(round_: Round) -> dict[int, Leaf]:
    """The latest leaf of each scorecard that counts in a round, by scorecard."""
    cards = Scorecard.objects.counted().filter(assignment__round=round_)
    latest = Leaf.objects.filter(scorecard=OuterRef("scorecard")).order_by("-pk").values("pk")[:1]
    rows = Leaf.objects.filter(scorecard__in=cards.values("pk"), pk=Subquery(latest))
    return {leaf.scorecard_id: leaf for leaf in rows.defer("content")}


def closed_at(round_: Round) -> datetime:
    """When the clock stopped for everybody."""
    return round_.stage.closes_for()


def seal_closed_rounds() -> int:
    """Seal every round whose clock has stopped, and again when what counts has changed since."""
    now = timezone.now()
    rounds = (
        Round.objects.filter(
            Exists(Assignment.objects.filter(round=OuterRef("pk"))),
            stage__opens_at__lte=now,
            stage__closes_at__gte=now - WATCHED,
        )
        .select_related("stage", "season")
        .prefetch_related("stage__extensions")
        .order_by("pk")
    )
    over = [one for one in rounds if closed_at(one) + SETTLING <= now]
    return sum(seal_round(one) is not None for one in over)


@transaction.atomic
def seal_round(round_: Round) -> RoundSeal | None:
    """Record the fingerprint of what counts; nothing new makes no seal, nor does a running clock."""
    held = (
        Round.objects.select_for_update(of=("self",))
        .select_related("season", "stage")
        .get(pk=round_.pk)
    )
    now = timezone.now()
    if closed_at(held) + SETTLING > now:
        return None
    adopt(held)
    leaves = counted_leaves(held)
    latest = held.seals.order_by("-number").first()
    before = {} if latest is None else sealed_in(latest)
    now_sealed = {card: leaf.sha256 for card, leaf in leaves.items()}
    if now_sealed == before:
        return None
    ordered = sorted(leaves.values(), key=lambda leaf: leaf.sha256)
    number = 1 if latest is None else latest.number + 1
    said = {
        "number": number,
        "root": root([leaf.sha256 for leaf in ordered]),
        "leaf_count": len(ordered),
        **changes(before, now_sealed, first=latest is None),
    }
    event = record(
        "round.sealed",
        by=None,
        about=held,
        season=held.season.slug,
        data={"round": held.slug, **said},
    )
    seal = RoundSeal.objects.create(round=held, event=event, sealed_at=now, **said)
    SealedLeaf.objects.bulk_create(
        (
            SealedLeaf(seal=seal, position=position, leaf=leaf)
            for position, leaf in enumerate(ordered)
        ),
        batch_size=1000,
    )
    if closed_at(held) >= now - NEWS:
        tell_jury(held, seal)
    return seal


def adopt(round_: Round) -> None:
    """Give a leaf to scorecards that were submitted before the portal kept leaves."""
    bare = Scorecard.objects.counted().filter(assignment__round=round_, leaves=None).order_by("pk")
    for card in bare:
        append_scorecard(card, by=None, verb="scorecard.adopted")


def sealed_in(seal: RoundSeal) -> dict[int, str]:
    """The leaves under a seal, by scorecard."""
    return dict(seal.sealed.values_list("leaf__scorecard", "leaf__sha256"))


def changes(before: dict[int, str], after: dict[int, str], *, first: bool) -> dict[str, int]:
    """How many scorecards came, left and were corrected since the seal before."""
    if first:
        return {"added": 0, "left_out": 0, "corrected": 0}
    both = before.keys() & after.keys()
    return {
        "added": len(after.keys() - both),
        "left_out": len(before.keys() - both),
        "corrected": sum(before[card] != after[card] for card in both),
    }


def tell_jury(round_: Round, seal: RoundSeal) -> None:
    """Mail the fingerprint to the juries of the round, so that it stands in many places at once."""
    seats = Judge.objects.active().filter(jury__rounds=round_).select_related("user")
    people = {seat.user_id: seat.user for seat in seats if seat.user.is_active}
    for person in people.values():
        post(
            "round-sealed",
            effect_key=f"round-sealed:{seal.pk}:{person.pk}",
            to=person,
            context={
                **round_values(round_, person),
                "root": seal.fingerprint,
                "leaf_count": seal.leaf_count,
                "number": seal.number,
                "added": seal.added,
                "left_out": seal.left_out,
                "corrected": seal.corrected,
                "url": link(reverse("judging:proofs", args=[round_.season.slug])),
            },
            about=label(round_),
        )


def proof_of(scorecard: Scorecard) -> dict[str, Any] | None:
    """What a judge needs to prove the own scorecard; without a path until its round is sealed."""
    leaf = Leaf.objects.filter(scorecard=scorecard).order_by("-pk").first()
    if leaf is None:
        return None
    proof: dict[str, Any] = {
        "content": leaf.content,
        "salt": leaf.salt,
        "leaf": leaf.sha256,
        "event": Event.objects.values("chain", "position", "hash").get(pk=leaf.event_id),
        "seal": None,
    }
    place = leaf.sealed.select_related("seal").order_by("-seal__number").first()
    if place is not None:
        leaves = list(place.seal.sealed.order_by("position").values_list("leaf__sha256", flat=True))
        proof["seal"] = {
            "number": place.seal.number,
            "root": place.seal.root,
            "leaf_count": place.seal.leaf_count,
            "path": [step._asdict() for step in path(leaves, place.position)],
        }
    return proof
