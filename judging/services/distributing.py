"""Distributions: proposed, looked at, confirmed; a file of pairs goes the same way."""

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit.services import record
from common.errors import DomainError
from judging.barriers import barred_entries
from judging.distribution import Wanted, answer, ask
from judging.models import (
    Assignment,
    AssignmentStatus,
    Ballot,
    Judge,
    Proposal,
    ProposalKind,
    ProposalState,
    Round,
)
from judging.permissions import check_may_organise
from judging.services.assigning import check_round_takes, locked_round, tell_judge
from judging.soundness import check_sound
from nominations.models import Entry
from outbox.jobs import enqueue

# Above so many possible pairs the work is done in the background.
MOST_AT_ONCE = 60_000
MOST_LINES = 20_000
COLUMNS = ["entry", "judge"]


@dataclass(frozen=True)
class Confirmed:
    """What a confirmation did: assignments made, taken back, and pairs left out with the reason."""

    made: int
    released: int
    dropped: list[list[Any]]


@transaction.atomic
def propose(round: Round, wanted: Wanted, *, by: User) -> Proposal:  # noqa: A002
    """Ask for a distribution; a large one is worked out in the background."""
    check_may_organise(by, round.season)
    check_sound(round.rubric)
    check_round_takes(round)
    if wanted.least < 1:
        raise DomainError(_("Each entry needs at least one judge."), field="least")
    if wanted.most < wanted.least:
        raise DomainError(_("The most is less than the least."), field="most")
    proposal = Proposal.objects.create(
        round=round, kind=ProposalKind.PLAN, asked=wanted.as_json(), made_by=by
    )
    judges = Judge.objects.active().filter(jury__rounds=round).count()
    if round.entries().count() * judges <= MOST_AT_ONCE:
        work_out(proposal)
    else:
        enqueue(
            "work-out-distribution",
            effect_key=f"work-out-distribution:{proposal.pk}",
            args={"proposal": proposal.pk},
            about=f"judging.round:{round.pk}",
            by=by,
        )
    return proposal


def work_out(proposal: Proposal) -> Proposal:
    """Solve it and keep the result; a proposal that is worked out already stays as it is."""
    if proposal.state != ProposalState.WAITING:
        return proposal
    wanted = Wanted.from_json(proposal.asked)
    question = ask(proposal.round, wanted, by=proposal.made_by)
    show_progress(proposal, 25)
    proposal.result = answer(question)
    proposal.state, proposal.progress = ProposalState.READY, 100
    proposal.save(update_fields=["result", "state", "progress"])
    return proposal


def show_progress(proposal: Proposal, percent: int) -> None:
    """Let the page that waits see how far it is."""
    Proposal.objects.filter(pk=proposal.pk).update(progress=percent)


@transaction.atomic
def confirm_proposal(proposal: Proposal, *, by: User) -> Confirmed:
    """Make the assignments; rights and conflicts are asked again here, and what fails is left out."""
    held = locked_round(proposal.round)
    check_may_organise(by, held.season)
    check_sound(held.rubric)
    proposal = Proposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
    if proposal.state == ProposalState.CONFIRMED:
        return Confirmed(**proposal.result["confirmed"])
    check_round_takes(held)
    if proposal.state != ProposalState.READY:
        raise DomainError(_("This proposal is not ready yet."))
    wanted = Wanted.from_json(proposal.asked) if proposal.kind == ProposalKind.PLAN else None
    pairs = [(entry, judge) for entry, judge, _why in proposal.result["pairs"]]
    judges = lock_judges({judge for _entry, judge in pairs})
    released = release(held, proposal.result.get("releases", []), by=by)
    good, dropped = sift(held, pairs, judges, by=by, most=wanted.most if wanted else None)
    made = make_assignments(held, good, judges, by=by)
    done = Confirmed(len(made), released, dropped)
    proposal.state, proposal.confirmed_by = ProposalState.CONFIRMED, by
    proposal.confirmed_at = timezone.now()
    proposal.result = {**proposal.result, "confirmed": vars(done)}
    proposal.save(update_fields=["state", "confirmed_by", "confirmed_at", "result"])
    event = record(
        "assignments.distributed",
        by=by,
        about=held,
        season=held.season.slug,
        data={
            "proposal": proposal.pk,
            "asked": proposal.asked,
            "pairs": sorted([judge, entry] for entry, judge in good),
            "dropped": [[judge, entry, why] for entry, judge, why in dropped],
            "released": released,
        },
    )
    for judge_id in sorted({judge for _entry, judge in good}):
        tell_judge(held, judges[judge_id], batch=str(event.pk))
    return done


def lock_judges(wanted: Iterable[int]) -> dict[int, Judge]:
    """The judges' rows, locked: a conflict declared meanwhile waits, or is seen here."""
    rows = Judge.objects.select_for_update(of=("self",)).filter(pk__in=set(wanted))
    return {judge.pk: judge for judge in rows.select_related("user", "jury").order_by("pk")}


def release(round_: Round, assignments: list[int], *, by: User) -> int:
    """Take back what judges who are not available have not begun; what is begun stays."""
    rows = Assignment.objects.select_for_update(of=("self",)).filter(
        pk__in=assignments,
        round=round_,
        status=AssignmentStatus.ACTIVE,
        scorecard=None,
        judge__available=False,
    )
    rows = rows.filter(entry__in=Entry.objects.organised_by(by).values("pk"))
    taken = list(rows.order_by("pk"))
    for assignment in taken:
        assignment.become(AssignmentStatus.WITHDRAWN)
        assignment.reason = _("The judge is not available.")
    Assignment.objects.bulk_update(taken, ["status", "reason"])
    return len(taken)


def sift(
    round_: Round,
    pairs: list[tuple[int, int]],
    judges: dict[int, Judge],
    *,
    by: User,
    most: int | None,
) -> tuple[list[tuple[int, int]], list[list[Any]]]:
    """Part the pairs that may still be made from those that may not, each with its reason."""
    entries = {
        entry.pk: entry
        for entry in round_.entries()
        .filter(pk__in=Entry.objects.organised_by(by).values("pk"))
        .only("pk", "organisation_id", "nomination_id")
    }
    on_jury = set(Judge.objects.active().filter(jury__rounds=round_).values_list("pk", flat=True))
    asked = [entries[entry] for entry, _judge in pairs if entry in entries]
    closed = barred_entries([judge.user for judge in judges.values()], asked)
    submitted = Ballot.objects.submitted_lists(round_)
    known: set[tuple[int, int]] = set()
    count: Counter[int] = Counter()
    rows = Assignment.objects.filter(round=round_).values_list(
        "entry", "judge__user", "status", "judge__removed_at"
    )
    for entry_id, user_id, status, removed_at in rows:
        known.add((entry_id, user_id))
        count[entry_id] += status == AssignmentStatus.ACTIVE and removed_at is None
    good, dropped = [], []
    for entry_id, judge_id in pairs:
        judge = judges.get(judge_id)
        why = ""
        if judge is None or judge_id not in on_jury or not judge.available:
            why = "judge"
        elif entry_id not in entries:
            why = "entry"
        elif entry_id in closed.get(judge.user_id, set()):
            why = "conflict"
        elif submitted & {
            (judge.user_id, None),
            (judge.user_id, entries[entry_id].nomination_id),
        }:
            why = "submitted"
        elif (entry_id, judge.user_id) in known:
            why = "known"
        elif most is not None and count[entry_id] >= most:
            why = "enough"
        if why or judge is None:
            dropped.append([entry_id, judge_id, why])
            continue
        known.add((entry_id, judge.user_id))
        count[entry_id] += 1
        good.append((entry_id, judge_id))
    return good, dropped


def make_assignments(
    round_: Round, pairs: list[tuple[int, int]], judges: dict[int, Judge], *, by: User
) -> list[Assignment]:
    """Write the rows."""
    return Assignment.objects.bulk_create(
        Assignment(round=round_, judge=judges[judge_id], entry_id=entry_id, assigned_by=by)
        for entry_id, judge_id in pairs
    )


@transaction.atomic
def distribute(
    round: Round,  # noqa: A002
    *,
    per_entry: int,
    by: User,
    entries: Iterable[Entry] | None = None,
) -> list[Assignment]:
    """Bring each entry to `per_entry` judges at once, without looking first; one mail a judge."""
    held = locked_round(round)
    check_may_organise(by, held.season)
    check_sound(held.rubric)
    check_round_takes(held)
    if per_entry < 1:
        raise DomainError(_("Each entry needs at least one judge."), field="least")
    wanted = Wanted(per_entry, per_entry)
    only = None if entries is None else [entry.pk for entry in entries]
    result = answer(ask(held, wanted, by=by, only=only))
    pairs = [(entry, judge) for entry, judge, _why in result["pairs"]]
    if not pairs:
        return []
    judges = lock_judges(judge for _entry, judge in pairs)
    good, _dropped = sift(held, pairs, judges, by=by, most=per_entry)
    made = make_assignments(held, good, judges, by=by)
    event = record(
        "assignments.distributed",
        by=by,
        about=held,
        season=held.season.slug,
        data={"asked": wanted.as_json(), "pairs": sorted([j, e] for e, j in good)},
    )
    for judge_id in sorted({judge for _entry, judge in good}):
        tell_judge(held, judges[judge_id], batch=str(event.pk))
    return made


@transaction.atomic
def propose_file(round: Round, text: str, *, by: User) -> Proposal:  # noqa: A002
    """Read pairs from CSV with the columns entry, judge; each line gets its fate, nothing is made."""
    check_may_organise(by, round.season)
    check_sound(round.rubric)
    check_round_takes(round)
    lines = read_lines(text)
    result = fates(round, lines, by=by)
    return Proposal.objects.create(
        round=round,
        kind=ProposalKind.FILE,
        state=ProposalState.READY,
        result=result,
        progress=100,
        made_by=by,
    )


def read_lines(text: str) -> list[tuple[int, str, str]]:
    """(line number, entry, judge) of each line; a malformed one is refused by its number."""
    reader = csv.reader(io.StringIO(text.lstrip("\ufeff")), strict=True)
    found: list[tuple[int, str, str]] = []
    header: list[str] | None = None
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if not any(cells):
                continue
            if header is None:
                header = [cell.lower() for cell in cells]
                if header != COLUMNS:
                    raise DomainError(_("The first line must be: entry,judge"), field="text")
                continue
            if len(cells) != 2 or not all(cells):
                message = _("Line %(n)d must have an entry and a judge.") % {"n": reader.line_num}
                raise DomainError(message, field="text")
            found.append((reader.line_num, cells[0], cells[1]))
    except csv.Error as error:
        message = _("Line %(n)d cannot be read.") % {"n": reader.line_num}
        raise DomainError(message, field="text") from error
    if not found:
        raise DomainError(_("There is no line with an entry and a judge."), field="text")
    if len(found) > MOST_LINES:
        message = _("At most %(n)d lines at once.") % {"n": MOST_LINES}
        raise DomainError(message, field="text")
    return found


def fates(round_: Round, lines: list[tuple[int, str, str]], *, by: User) -> dict[str, Any]:
    """What would happen to each line; judges are found by e-mail, or by a name that only one has."""
    entries = {
        number.upper(): pk
        for pk, number in round_.entries()
        .filter(pk__in=Entry.objects.organised_by(by).values("pk"))
        .values_list("pk", "number")
    }
    people: dict[str, set[int]] = defaultdict(set)
    seats = Judge.objects.active().filter(jury__rounds=round_).select_related("user").distinct()
    first: dict[int, int] = {}
    for judge in seats.order_by("pk"):
        seat = first.setdefault(judge.user_id, judge.pk)
        people[judge.user.email.lower()].add(seat)
        people[judge.user.full_name.casefold()].add(seat)
    rows: list[dict[str, Any]] = []
    pairs: list[tuple[int, int]] = []
    for line, number, name in lines:
        entry = entries.get(number.upper())
        found = people.get(name.lower()) or people.get(name.casefold()) or set()
        row: dict[str, Any] = {"line": line, "entry": number, "judge": name, "fate": ""}
        rows.append(row)
        if entry is None:
            row["fate"] = "unknown-entry"
        elif not found:
            row["fate"] = "unknown-judge"
        elif len(found) > 1:
            row["fate"] = "two-judges"
        else:
            row["pair"] = [entry, next(iter(found))]
            pairs.append((entry, next(iter(found))))
    judges = {judge.pk: judge for judge in seats.filter(pk__in={j for _e, j in pairs})}
    good, dropped = sift(round_, pairs, judges, by=by, most=None)
    left, why = Counter(good), {(e, j): reason for e, j, reason in dropped}
    for row in rows:
        if "pair" not in row:
            continue
        at = (row["pair"][0], row["pair"][1])
        if left[at]:
            left[at] -= 1
            row["fate"] = "made"
        else:
            row["fate"] = why.get(at, "known")
    return {"pairs": [[entry, judge, []] for entry, judge in good], "lines": rows}
