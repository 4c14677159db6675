"""Asking a judge for one more scorecard beside the round: where doubt is largest, or on an appeal."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import User
from audit.services import record
from common.errors import DomainError
from common.moments import in_both_zones
from judging.barriers import doubtful_entries, is_barred
from judging.models import Assignment, Judge, JuryKind, Purpose, Round
from judging.permissions import check_may_organise
from judging.services.mails import link, round_values
from judging.services.scorecards import check_by_scorecard
from nominations.models import Entry
from outbox.services import post


def independent_judges(round_: Round, entry: Entry, purpose: Purpose) -> list[Judge]:
    """Who could give one more scorecard: never asked about the entry in any seat, free of interests.

    An appeal goes to the season's review panels, and there a soft interest bars as well.
    """
    seats = Judge.objects.active().filter(available=True)
    if purpose == Purpose.APPEAL:
        seats = seats.filter(jury__season=round_.season_id, jury__kind=JuryKind.REVIEW)
    else:
        seats = seats.filter(jury__rounds=round_)
    knew = Assignment.objects.filter(entry=entry).values("judge__user")
    found = list(
        seats.exclude(user__in=knew)
        .filter(user__is_active=True)
        .select_related("user", "jury")
        .order_by("user__full_name", "pk")
        .distinct()
    )
    doubtful = (
        doubtful_entries([one.user for one in found], [entry]) if purpose == Purpose.APPEAL else {}
    )
    return [
        one
        for one in found
        if not is_barred(one.user, entry) and entry.pk not in doubtful.get(one.user_id, set())
    ]


@transaction.atomic
def ask_review(
    round_: Round, judge: Judge, entry: Entry, *, purpose: Purpose, until: datetime, by: User
) -> Assignment:
    """Ask an independent judge to score an entry until a moment of its own."""
    check_may_organise(by, round_.season, entry)
    judge = Judge.objects.select_for_update().get(pk=judge.pk)
    if purpose == Purpose.REGULAR:
        raise DomainError(_("Assign entries of a running round in the usual way."))
    check_by_scorecard(round_)
    if until <= timezone.now():
        raise DomainError(_("Name a moment in the future."), field="until")
    if not round_.entries().filter(pk=entry.pk).exists():
        raise DomainError(_("The round does not judge this entry."), field="entry")
    there = Assignment.objects.filter(
        Q(purpose=purpose), round=round_, judge=judge, entry=entry
    ).first()
    if there is not None:
        return there
    if judge.pk not in {one.pk for one in independent_judges(round_, entry, purpose)}:
        raise DomainError(
            _("This person scored the entry, has an interest in it, or is not on the panel."),
            field="judge",
        )
    made = Assignment.objects.create(
        round=round_, judge=judge, entry=entry, purpose=purpose, until=until, assigned_by=by
    )
    record(
        "assignment.review-asked",
        by=by,
        about=made,
        season=round_.season.slug,
        data={
            "round": round_.slug,
            "judge": judge.pk,
            "entry": entry.number,
            "purpose": purpose,
            "until": until,
        },
    )
    tell(made)
    return made


def tell(asked: Assignment) -> None:
    """Write to the judge; nothing of the entry is in the mail."""
    user, zone = asked.judge.user, asked.round.season.time_zone
    with translation.override(user.language):
        deadline = in_both_zones(asked.closes_at, zone, user.time_zone, until=True)
    post(
        "judge-review",
        effect_key=f"judge-review:{asked.pk}",
        to=user,
        context={
            **round_values(asked.round, user),
            "deadline": deadline,
            "appeal": asked.purpose == Purpose.APPEAL,
            "url": link(reverse("judging:desk")),
        },
        about=f"judging.round:{asked.round_id}",
    )
