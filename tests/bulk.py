"""Many entries and scorecards at once, for journeys that walk through what follows from them."""

from decimal import Decimal
from uuid import uuid4

from django.utils import timezone

from accounts.models import MemberRole, Membership, Organisation
from judging.models import Assignment, Criterion, Judge, Mark, Round, Scorecard, ScorecardStatus
from judging.services.ledger import append_scorecard
from judging.totals import scored_of, total_of
from nominations.models import Entry, EntryStatus, Nomination
from tests.factories import make_entry, make_person


def competitor(name: str, nomination: Nomination) -> Entry:
    """An admitted entry of a company of its own; its owner is `<first word>@example.org`."""
    mailbox = name.split(maxsplit=1)[0].lower()
    owner = make_person(f"{mailbox}@example.org", f"{mailbox.title()} Owner")
    company = Organisation.objects.create(name=name)
    Membership.objects.create(user=owner, organisation=company, role=MemberRole.OWNER)
    return make_entry(nomination, company, owner, EntryStatus.ADMITTED, title=f"What {name} did")


def card(judge: Judge, entry: Entry, round_: Round, points: int) -> Scorecard:
    """A submitted scorecard of about so many points of 100: whole marks, the first ones higher."""
    criteria = list(
        Criterion.objects.filter(dimension__rubric=round_.rubric_id).order_by(
            "dimension__position", "position"
        )
    )
    values = spread(criteria, points)
    assignment = Assignment.objects.create(round=round_, judge=judge, entry=entry)
    made = Scorecard.objects.create(
        assignment=assignment,
        revision=entry.revisions.get(),
        status=ScorecardStatus.SUBMITTED,
        total=total_of(scored_of(criteria, values)),
        comment=f"Read with care: {entry.title}.",
        idempotency_key=uuid4(),
        submitted_at=timezone.now(),
    )
    Mark.objects.bulk_create(
        Mark(scorecard=made, criterion=one, value=values[one.pk]) for one in criteria
    )
    append_scorecard(made, by=judge.user)
    return made


def spread(criteria: list[Criterion], points: int) -> dict[int, Decimal]:
    """Whole marks whose sum is that share of all there is."""
    whole = sum(one.maximum for one in criteria)
    left = (whole * points / 100).to_integral_value()
    values: dict[int, Decimal] = {}
    for position, one in enumerate(criteria):
        rest = sum(other.maximum for other in criteria[position:])
        given = min(one.maximum, -(-(left * one.maximum) // rest))
        values[one.pk] = Decimal(given)
        left -= given
    return values
