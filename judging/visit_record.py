"""What the ledger says of a visit that is done, and holding what is stored against it."""

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

from audit.models import Event
from audit.services import Fault
from judging.canonical import Content, canonical, digest, leaf_of, moment, places
from judging.models import Finding, SiteVisit, VisitAnswer, VisitItem, VisitLeaf, VisitMember
from seasons.models import Season

FORMAT = "awards portal visit 1"


def item_content(item: VisitItem) -> Content:
    """One line of the check list, as it was asked."""
    return {
        "slug": item.slug,
        "position": item.position,
        "kind": item.kind,
        "required": item.required,
        "text_sha256": digest(canonical([dict(item.text), dict(item.unit or {})])),
    }


def answer_content(answer: VisitAnswer) -> Content:
    """One answer; comments stand here as hashes."""
    return {
        "answer": answer.pk,
        "item": answer.item_id,
        "value": answer.value,
        "figure": places(answer.figure, 4),
        "comment_sha256": digest(answer.comment),
        "judge": answer.answered_by_id,
        "at": moment(answer.answered_at),
    }


def finding_content(finding: Finding) -> Content:
    """One finding with the fingerprints of its photos."""
    return {
        "finding": finding.pk,
        "token": str(finding.token),
        "criterion": finding.criterion_id,
        "text_sha256": digest(finding.text),
        "judge": finding.made_by_id,
        "at": moment(finding.made_at),
        "photos": [[str(one.token), one.sha256] for one in finding.photos.all()],
    }


def visit_content(visit: SiteVisit) -> Content:
    """A visit whole: when, where, who, what was asked, answered and found."""
    items: Iterable[VisitItem] = VisitItem.objects.filter(round=visit.round_id)
    members: Iterable[VisitMember] = visit.members.order_by("judge")
    return {
        "format": FORMAT,
        "visit": visit.pk,
        "season": visit.round.season.slug,
        "round": visit.round.slug,
        "entry": visit.entry.number,
        "place_sha256": digest(visit.place),
        "starts_at": moment(visit.starts_at),
        "ends_at": moment(visit.ends_at),
        "status": visit.status,
        "begun_at": moment(visit.begun_at),
        "done_at": moment(visit.done_at),
        "done_by": visit.done_by_id,
        "team": [[one.judge_id, one.leads] for one in members],
        "items": [item_content(one) for one in items],
        "answers": [answer_content(one) for one in visit.answers.order_by("item")],
        "findings": [
            finding_content(one) for one in visit.findings.order_by("pk").prefetch_related("photos")
        ],
    }


def visits(season: Season) -> Iterator[Fault | int]:
    """Each visit of the season that is done against its leaf, and each leaf against the chain."""
    chain = f"season:{season.slug}"
    done = 0
    rows = SiteVisit.objects.filter(round__season=season).select_related("round__season", "entry")
    leaves = {one.visit_id: one for one in VisitLeaf.objects.filter(visit__round__season=season)}
    said = Event.objects.filter(chain=chain, verb="visit.done").order_by("pk")
    events = {event.pk: event for event in said}
    known = {one.event_id for one in leaves.values()}
    for pk in events.keys() - known:
        yield Fault("judging_visitleaf", None, "", f"the leaf of row {pk} of the log is missing")
    for visit in rows.order_by("pk").iterator(chunk_size=100):
        leaf = leaves.get(visit.pk)
        if leaf is not None:
            yield from visit_faults(visit, leaf, events.get(leaf.event_id))
        elif visit.status == "done":
            yield Fault("judging_sitevisit", visit.pk, "status", "it is done, and has no leaf")
        done += 1
        if done % 100 == 0:
            yield done
    yield done


def visit_faults(visit: SiteVisit, leaf: VisitLeaf, event: Event | None) -> Iterator[Fault]:
    """What is wrong with one leaf, or with what it speaks of."""
    if event is None or event.about != f"judging.sitevisit:{visit.pk}":
        yield Fault("judging_visitleaf", leaf.pk, "event_id", "its row of the log is missing")
        return
    if event.data.get("leaf") != leaf.sha256 or made_of(leaf) != leaf.sha256:
        yield Fault(
            "judging_visitleaf", leaf.pk, "content", "content or salt do not fit the fingerprint"
        )
        return
    try:
        now = visit_content(visit)
    except (ValueError, TypeError, AttributeError, ArithmeticError):
        yield Fault("judging_sitevisit", visit.pk, "", "the visit cannot be read")
        return
    for name, value in now.items():
        before = leaf.content.get(name)
        if before == value:
            continue
        if name in {"answers", "findings"}:
            yield from row_faults(name.removesuffix("s"), before or [], value)
        else:
            yield Fault("judging_sitevisit", visit.pk, name, "the ledger says otherwise")
    yield from photo_faults(visit)


def made_of(leaf: VisitLeaf) -> str:
    """The fingerprint a leaf's content and salt give."""
    try:
        return leaf_of(leaf.salt, leaf.content)
    except (ValueError, TypeError):
        return ""


def row_faults(kind: str, before: list[Content], now: list[Content]) -> Iterator[Fault]:
    """Answers or findings that were changed, are missing, or were added."""
    table = {"answer": "judging_visitanswer", "finding": "judging_finding"}[kind]
    stored: dict[Any, Content] = {one[kind]: one for one in now}
    for one in before:
        found = stored.pop(one[kind], None)
        if found is None:
            yield Fault(table, one[kind], "", f"the {kind} is missing")
        elif found != one:
            fields = [name for name in one if found.get(name) != one[name]]
            yield Fault(table, one[kind], fields[0].removesuffix("_sha256"), "it was changed")
    for pk in stored:
        yield Fault(table, pk, "", f"the {kind} was added later")


def photo_faults(visit: SiteVisit) -> Iterator[Fault]:
    """Photos whose file is missing or another one."""
    for finding in visit.findings.prefetch_related("photos"):
        for photo in finding.photos.all():
            try:
                with photo.image.open("rb") as file:
                    found = hashlib.sha256(file.read()).hexdigest()
            except OSError:
                yield Fault("judging_visitphoto", photo.pk, "image", "the file is missing")
                continue
            if found != photo.sha256:
                yield Fault("judging_visitphoto", photo.pk, "image", "the file was changed")
