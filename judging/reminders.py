"""Reminders to judges with open scorecards; never to someone who is done."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import User
from common.moments import in_both_zones
from judging.models import Assignment, Round, ScorecardStatus
from nominations.models import EntryStatus
from outbox.ladder import reached_at, rung
from outbox.models import Message
from outbox.registry import only_while, reminder
from outbox.services import post


def open_work(user: User, round_: Round) -> list[Assignment]:
    """Assignments of a round that the judge has still to score."""
    return list(
        Assignment.objects.of_judge(user)
        .filter(round=round_, entry__status=EntryStatus.ADMITTED)
        .exclude(scorecard__status=ScorecardStatus.SUBMITTED)
    )


def mail_values(
    user: User, round_: Round, waiting: int, deadline: datetime, language: str
) -> dict[str, Any]:
    """What the mail says, in the recipient's language."""
    with translation.override(language):
        return {
            "season": str(round_.season.name),
            "round": str(round_.name),
            "round_id": round_.pk,
            "waiting": waiting,
            "deadline": in_both_zones(
                deadline, round_.season.time_zone, user.time_zone, until=True
            ),
            "link": settings.SITE_URL + reverse("judging:desk"),
        }


@reminder
def remind_judges() -> int:
    """One mail a judge, round and rung; return how many were written."""
    now = timezone.now()
    written = 0
    rounds = Round.objects.filter(stage__opens_at__lte=now)
    for round_ in rounds.select_related("season", "stage"):
        deadline = round_.stage.closes_for()
        step = rung(deadline, now)
        if step is None:
            continue
        waiting: dict[User, int] = defaultdict(int)
        rows = (
            round_.assignments.active()
            .filter(assigned_at__lte=reached_at(deadline, step), entry__status=EntryStatus.ADMITTED)
            .exclude(scorecard__status=ScorecardStatus.SUBMITTED)
        )
        for row in rows.select_related("judge__user"):
            waiting[row.judge.user] += 1
        for user in waiting:
            key = f"judge-reminder:{round_.pk}:{user.pk}:{deadline:%Y%m%d%H%M%S}:{step}"
            if Message.objects.filter(effect_key=key).exists():
                continue
            count = len(open_work(user, round_))
            if count:
                values = mail_values(user, round_, count, deadline, user.language)
                post("judge-reminder", effect_key=key, to=user, context=values)
                written += 1
    return written


@only_while("judge-reminder")
def still_waiting(message: Message) -> bool:
    """Ask again right before sending, and count only what is still missing."""
    user = message.recipient
    rounds = Round.objects.select_related("season", "stage")
    round_ = rounds.filter(pk=message.context["round_id"]).first()
    if user is None or round_ is None or not round_.stage.is_open():
        return False
    count = len(open_work(user, round_))
    if not count:
        return False
    deadline = round_.stage.closes_for()
    message.context = mail_values(user, round_, count, deadline, message.language)
    return True
