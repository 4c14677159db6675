"""Ordering, giving points and comparing: a judge's list of entries, submitted as a whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import ConflictError, DomainError
from judging.lists import (
    ballot_of,
    cards_of,
    equals,
    in_order,
    latest_revisions,
    pairs_of,
    rows_of_list,
    seen,
    standing_comparisons,
    verdicts_of,
)
from judging.models import (
    Assignment,
    Ballot,
    Comparison,
    Judge,
    Outcome,
    Round,
    Scorecard,
    ScorecardStatus,
    Verdict,
    Way,
)
from judging.permissions import has_agreed
from judging.scoring.ways import (
    budget_points,
    pair_points,
    place_points,
    places,
    spendable,
    target,
)
from judging.services.ledger import append_scorecard
from judging.services.scorecards import check_clock
from judging.totals import PLACES
from nominations.models import Nomination


class ListConflict(ConflictError):  # noqa: N818 - the name says what happened
    """The list was changed in another window."""

    def __init__(self) -> None:
        super().__init__(
            _("This list was changed in another window. What stands there now is shown below.")
        )


@dataclass
class Held:
    """A list taken for this transaction, with every right checked."""

    round: Round
    ballot: Ballot
    rows: list[Assignment]


def locked_seats(round_: Round, by: User) -> list[Judge]:
    """Take the judge for this transaction, so that two windows follow each other."""
    seats = Judge.objects.select_for_update().filter(user=by, jury__season=round_.season_id)
    return list(seats.order_by("pk"))


def fresh(round_: Round, way: Way) -> Round:
    """The round as it is now; it must be judged in this way."""
    found = Round.objects.select_related("stage", "season").get(pk=round_.pk)
    if found.way != way:
        raise DomainError(_("This round is judged in another way."))
    return found


def own_rows(round_: Round, nomination: Nomination | None, by: User) -> list[Assignment]:
    """The judge's own entries, locked, as rights and conflicts allow now."""
    if not has_agreed(by, round_.season):
        raise DomainError(_("Accept the confidentiality agreement first."))
    wanted = [row.pk for row in rows_of_list(by, round_, nomination)]
    list(Assignment.objects.select_for_update().filter(pk__in=wanted).order_by("pk"))
    rows = rows_of_list(by, round_, nomination)
    if not rows:
        raise DomainError(_("There is nothing for you to judge here."))
    check_clock(rows[0])
    return rows


def hold(round_: Round, nomination: Nomination | None, by: User, way: Way) -> Held:
    """Lock the judge and the entries, check every right, and return the list as it is now."""
    locked_seats(round_, by)
    round_ = fresh(round_, way)
    rows = own_rows(round_, nomination, by)
    ballot = ballot_of(by, round_, nomination)
    if ballot is None:
        ballot = Ballot.objects.create(round=round_, judge=rows[0].judge, nomination=nomination)
    if ballot.submitted_at is not None:
        raise DomainError(_("This list is submitted and locked."))
    for row in rows:
        row.round = round_
    return Held(round_, ballot, rows)


def begun(rows: Sequence[Assignment]) -> dict[int, Scorecard]:
    """A draft scorecard for each entry, at its latest revision."""
    revisions, cards = latest_revisions(rows), cards_of(rows)
    Scorecard.objects.bulk_create(
        Scorecard(assignment=row, revision=revisions[row.entry_id])
        for row in rows
        if row.pk not in cards and row.entry_id in revisions
    )
    for row in rows:
        card, latest = cards.get(row.pk), revisions.get(row.entry_id)
        draft = card is not None and card.status == ScorecardStatus.DRAFT
        if card is not None and draft and latest is not None and card.revision_id != latest.pk:
            card.revision = latest
            card.save(update_fields=["revision"])
    return cards_of(rows)


def write(held: Held, said: Mapping[int, Mapping[str, Any]]) -> None:
    """Keep what is said of each entry."""
    cards = begun(held.rows)
    Verdict.objects.bulk_create(
        [Verdict(scorecard=cards[pk], **fields) for pk, fields in said.items()],
        update_conflicts=True,
        unique_fields=["scorecard"],
        update_fields=["place", "points", "of"],
    )


def step(held: Held, base_version: int) -> None:
    """Count one change, made from what the judge saw last."""
    if base_version != held.ballot.version:
        raise ListConflict
    held.ballot.version += 1
    held.ballot.save(update_fields=["version"])


def placed(order: Sequence[int], equal: set[int]) -> dict[int, dict[str, Any]]:
    """Places of a whole list, best first."""
    found = places([pk in equal for pk in order])
    return {
        pk: {"place": Decimal(str(place)), "of": len(order)}
        for pk, place in zip(order, found.tolist(), strict=True)
    }


@transaction.atomic
def save_order(
    round: Round,  # noqa: A002
    nomination: Nomination | None,
    *,
    by: User,
    order: Sequence[int],
    equal: set[int] | None = None,
    base_version: int,
) -> Ballot:
    """Keep the order of a list, best first; what the page did not know stands at the end."""
    held = hold(round, nomination, by, Way.RANKING)
    own = [row.pk for row in held.rows]
    known = [pk for pk in dict.fromkeys(order) if pk in own]
    whole = [*known, *[pk for pk in own if pk not in known]]
    said = placed(whole, (equal or set()) if held.round.ties_allowed else set())
    stored = verdicts_of(held.rows)
    if {pk: one.place for pk, one in stored.items()} != {pk: a["place"] for pk, a in said.items()}:
        step(held, base_version)
    write(held, said)
    return held.ballot


@transaction.atomic
def save_points(
    round: Round,  # noqa: A002
    nomination: Nomination | None,
    *,
    by: User,
    points: Mapping[int, int],
    base_version: int,
) -> Ballot:
    """Keep the points of a list; more than the budget may stand in a draft, but not be submitted."""
    held = hold(round, nomination, by, Way.POINTS)
    most = held.round.most_points
    stored = {pk: one.points or 0 for pk, one in verdicts_of(held.rows).items()}
    said = {row.pk: points.get(row.pk, stored.get(row.pk, 0)) for row in held.rows}
    for pk, given in said.items():
        if not 0 <= given <= most:
            raise DomainError(
                _("Give each entry from 0 to %(most)s points.") % {"most": most},
                field=f"points-{pk}",
            )
    if stored != said:
        step(held, base_version)
    write(held, {pk: {"points": given, "of": most} for pk, given in said.items()})
    return held.ballot


@transaction.atomic
def compare(
    round: Round,  # noqa: A002
    nomination: Nomination | None,
    *,
    by: User,
    first: int,
    second: int,
    outcome: str,
    base_version: int,
) -> Comparison:
    """Say which of two entries is better; said again, the later one counts."""
    held = hold(round, nomination, by, Way.PAIRWISE)
    own = {row.pk for row in held.rows}
    if first == second or not {first, second} <= own:
        raise DomainError(_("One of these entries is no longer in your list."))
    if outcome not in Outcome.values or (outcome == Outcome.EQUAL and not held.round.ties_allowed):
        raise DomainError(_("Choose one of the two entries."))
    step(held, base_version)
    begun(held.rows)
    return Comparison.objects.create(
        ballot=held.ballot, first_id=first, second_id=second, outcome=outcome
    )


def totals_of(held: Held) -> dict[int, Decimal]:
    """Points of 100 for each entry; refuses a list that is not complete."""
    size = len(held.rows)
    if held.round.way == Way.PAIRWISE:
        pairs = pairs_of(held.rows, standing_comparisons(held.ballot, held.rows))
        left = target(size, held.round.comparisons_each) - len(pairs)
        if left > 0:
            raise DomainError(_("Compare all the pairs first: %(n)d to go.") % {"n": left})
        found = pair_points(size, pairs).tolist()
        return {row.pk: rounded(one) for row, one in zip(held.rows, found, strict=True)}
    said = verdicts_of(held.rows)
    if len(said) < size:
        raise DomainError(_("Some entries of the list have nothing yet. Save the list first."))
    if held.round.way == Way.RANKING:
        # An entry that a conflict took out leaves the order of the others as it was.
        ordered = in_order(held.rows, said)
        again = placed([row.pk for row in ordered], equals(ordered, said))
        write(held, again)
        return {pk: rounded(place_points(float(one["place"]), size)) for pk, one in again.items()}
    given = {pk: one.points or 0 for pk, one in said.items()}
    budget = spendable(held.round.budget, held.round.most_points, size)
    left = budget - sum(given.values())
    if left:
        raise DomainError(
            _("Give exactly %(budget)d points: %(n)d are left.") % {"budget": budget, "n": left}
            if left > 0
            else _("Give exactly %(budget)d points: it is %(n)d too many.")
            % {"budget": budget, "n": -left}
        )
    return {pk: rounded(budget_points(n, held.round.most_points)) for pk, n in given.items()}


def rounded(points: float) -> Decimal:
    """As a scorecard keeps it."""
    return Decimal(repr(points)).quantize(PLACES)


@transaction.atomic
def submit_list(
    round: Round,  # noqa: A002
    nomination: Nomination | None,
    *,
    by: User,
    key: UUID,
    saw: str,
) -> Ballot:
    """Lock the whole list, a scorecard for each entry; a repeated key returns it as it was."""
    locked_seats(round, by)
    earlier = ballot_of(by, round, nomination)
    if earlier is not None and earlier.submitted_at and earlier.idempotency_key == key:
        return earlier
    held = hold(round, nomination, by, Way(round.way))
    if saw != seen(latest_revisions(held.rows)):
        raise DomainError(
            _(
                "This list is not as you saw it: an essay was replaced, or an entry came or went."
                " Look at it once more and submit again."
            )
        )
    if Ballot.objects.filter(idempotency_key=key).exists():
        raise DomainError(_("This form belongs to another list. Reload the page, please."))
    totals = totals_of(held)
    cards, now = begun(held.rows), timezone.now()
    for row in held.rows:
        lock_card(cards[row.pk], row, total=totals[row.pk], key=key, by=by)
    held.ballot.idempotency_key, held.ballot.submitted_at = key, now
    held.ballot.save(update_fields=["idempotency_key", "submitted_at"])
    return held.ballot


def lock_card(card: Scorecard, row: Assignment, *, total: Decimal, key: UUID, by: User) -> None:
    """Submit one scorecard of several, and write it into the ledger."""
    card.assignment = row
    card.become(ScorecardStatus.SUBMITTED)
    card.total = total
    card.idempotency_key = uuid5(key, str(row.pk))
    card.submitted_at = timezone.now()
    card.save(update_fields=["status", "total", "idempotency_key", "submitted_at"])
    append_scorecard(card, by=by)
