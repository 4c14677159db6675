"""The rules of an outcome are fixed before the first score is seen; a change needs a reason."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit.services import record
from common.errors import DomainError
from judging.models import Round, Scorecard, ScorecardStatus
from judging.scoring.tree import Json
from nominations.models import Revision
from results.models import OutcomeRule, RulesLock, Scale, against_standardised
from results.permissions import can_run_results
from results.services.composing import Composer, rounds_of, rules_of


def latest_lock(rule: OutcomeRule) -> RulesLock | None:
    """The rules as they were fixed last."""
    return rule.locks.order_by("-number").first()


def judging_began(rule: OutcomeRule) -> bool:
    """Whether a round of the outcome has opened, or a scorecard stands already."""
    return (
        rule.rounds.filter(stage__opens_at__lte=timezone.now()).exists()
        or Scorecard.objects.filter(
            assignment__round__in=rule.rounds.all(), status=ScorecardStatus.SUBMITTED
        ).exists()
    )


def unclear_rounds(rule: OutcomeRule) -> list[Round]:
    """Rounds of the outcome of which nothing says what each of their juries weighs."""
    return Composer(rule, rounds_of(rule)).unclear()


def check_clear(rule: OutcomeRule) -> None:
    """Refuse rules that contradict themselves or leave weights open; those fixed before stay."""
    if rule.parts.filter(scale=Scale.STANDARDISED).exists():
        against = against_standardised(rule.least_score, rule.missing)
        if against:
            raise DomainError(against)
    if unclear := unclear_rounds(rule):
        raise DomainError(
            _(
                "Nothing says what each jury weighs in: %(rounds)s. Give every jury a weight on the "
                "page of the round, or name each jury as a part of this outcome."
            )
            % {"rounds": ", ".join(str(one.name) for one in unclear)}
        )


def current_lock(rule: OutcomeRule, rules: Json, sha256: str) -> RulesLock:
    """The lock of these very rules; others are refused once judging has begun."""
    lock = latest_lock(rule)
    if lock is not None and lock.sha256 == sha256:
        return lock
    check_clear(rule)
    if lock is not None and judging_began(rule):
        raise DomainError(
            _(
                "The rules were changed after they had been fixed. Say why on the page of the "
                "rules, or change them back; then compute."
            )
        )
    return write_lock(rule, rules, sha256, by=None, reason="")


@transaction.atomic
def fix_rules(rule: OutcomeRule, *, by: User, reason: str = "") -> RulesLock:
    """Fix the rules as they are; once judging has begun, a change needs a reason."""
    rule = OutcomeRule.objects.select_for_update().get(pk=rule.pk)
    if not can_run_results(by, rule):
        raise DomainError(_("Only organisers of the season may do this."))
    rules = rules_of(rule)
    sha256 = Revision.digest(rules)
    lock = latest_lock(rule)
    if lock is not None and lock.sha256 == sha256:
        return lock
    check_clear(rule)
    if lock is not None and not reason.strip() and judging_began(rule):
        raise DomainError(_("Say why the rules changed; the reason is shown."), field="reason")
    return write_lock(rule, rules, sha256, by=by, reason=reason.strip())


def write_lock(
    rule: OutcomeRule, rules: Json, sha256: str, *, by: User | None, reason: str
) -> RulesLock:
    """Keep the rules and their fingerprint."""
    last = latest_lock(rule)
    seen = Scorecard.objects.filter(
        assignment__round__in=rule.rounds.all(), status=ScorecardStatus.SUBMITTED
    ).exists()
    lock = RulesLock.objects.create(
        rule=rule,
        number=1 if last is None else last.number + 1,
        content=rules,
        sha256=sha256,
        scores_visible=seen,
        reason=reason,
        locked_at=timezone.now(),
        locked_by=by,
    )
    data: dict[str, Any] = {"outcome": rule.kind, "number": lock.number, "sha256": sha256}
    record(
        "rules.fixed",
        by=by,
        about=rule,
        season=rule.season.slug,
        data={**data, "after_first_scorecard": seen, "reason": reason},
    )
    return lock


def fix_open_rules() -> int:
    """Fix the rules of outcomes whose first round has opened and nobody fixed before.

    Where nothing says what each jury weighs, they wait for an organiser, and so does the computing.
    """
    now = timezone.now()
    fixed = 0
    rules = OutcomeRule.objects.filter(rounds__stage__opens_at__lte=now, locks=None).distinct()
    for pk in list(rules.values_list("pk", flat=True)):
        with transaction.atomic():
            rule = OutcomeRule.objects.select_for_update().get(pk=pk)
            if latest_lock(rule) is None and not unclear_rounds(rule):
                content = rules_of(rule)
                write_lock(rule, content, Revision.digest(content), by=None, reason="")
                fixed += 1
    return fixed
