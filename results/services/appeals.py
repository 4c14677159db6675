"""Contesting a result: filed in its window, admitted or not, scored anew by a panel, decided by two people.

The new scores are pooled with the old ones, all stay on record, and the result may also go down.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit.services import record
from common.errors import DomainError
from common.uploads import CheckedFile
from judging.models import AssignmentStatus, Judge, Purpose, Round, ScorecardStatus
from judging.permissions import check_may_organise
from judging.services.late import ask_review
from nominations.barriers import barred
from nominations.models import Entry, Nomination
from nominations.permissions import can_submit
from results.models import (
    Appeal,
    AppealFile,
    AppealReview,
    AppealStatus,
    Ground,
    OutcomeRule,
    PublishedResult,
    Release,
    ReleaseState,
    Standing,
    StandingRow,
)
from results.services import releases
from results.services.amending import amend, move_decisions
from results.services.appeal_mails import (
    tell_admission,
    tell_decision,
    tell_filed,
)
from results.services.comments import ask_for_comments
from results.services.decisions import fresh_standing
from results.services.feedback import refresh_feedback
from results.services.ranking import latest_standing

LEAST_REVIEWS = 2
MOST_FILES = 5
LONGEST = 10_000


def released(rule: OutcomeRule) -> Release | None:
    """The release whose results are public."""
    return rule.releases.filter(state=ReleaseState.RELEASED).first()


def window_of(release: Release | None) -> tuple[datetime, datetime] | None:
    """From the release on, for as many days as the season gives; None where it gives none."""
    if release is None or release.released_at is None or not release.rule.appeal_days:
        return None
    return release.released_at, release.released_at + timedelta(days=release.rule.appeal_days)


def concerns(rule: OutcomeRule, entry: Entry) -> bool:
    """Whether the entry was ranked for the outcome, or has it."""
    return (
        StandingRow.objects.filter(standing__rule=rule, entry=entry).exists()
        or PublishedResult.objects.filter(release__rule=rule, entry=entry).exists()
    )


def check_may_file(rule: OutcomeRule, entry: Entry, by: User) -> Release:
    """Refuse strangers, other entries, and every moment outside the window; return what is contested."""
    if not can_submit(by, entry) or not concerns(rule, entry):
        raise DomainError(_("This result is not yours to contest."))
    release = released(rule)
    window = window_of(release)
    now = timezone.now()
    if release is None or window is None or now < window[0]:
        raise DomainError(_("Appeals are not taken now."))
    if now >= window[1]:
        raise DomainError(_("The time for appeals is over. Please write to the organisers."))
    return release


@transaction.atomic
def file_appeal(
    rule: OutcomeRule,
    entry: Entry,
    *,
    by: User,
    ground: Ground,
    text: str,
    files: Sequence[CheckedFile] = (),
    key: UUID,
) -> Appeal:
    """Contest an outcome; a repeated key returns the appeal as it was first filed."""
    rule = OutcomeRule.objects.select_for_update().get(pk=rule.pk)
    if earlier := Appeal.objects.filter(idempotency_key=key, entry=entry, rule=rule).first():
        return earlier
    release = check_may_file(rule, entry, by)
    text = text.strip()
    if not text:
        raise DomainError(_("Say what you contest, and why."), field="text")
    if len(text) > LONGEST:
        raise DomainError(_("Please keep to 10,000 characters."), field="text")
    if len(files) > MOST_FILES:
        raise DomainError(_("Five files at most, please."), field="attachments")
    if Appeal.objects.filter(entry=entry).closes(release).exists():
        raise DomainError(_("There is an appeal about this result already."))
    try:
        with transaction.atomic():
            appeal = Appeal.objects.create(
                rule=rule,
                release=release,
                entry=entry,
                ground=ground,
                text=text,
                idempotency_key=key,
                filed_by=by,
                filed_at=timezone.now(),
            )
    except IntegrityError as error:  # the key belongs to another form
        raise DomainError(_("This form was used already. Reload the page, please.")) from error
    for checked in files:
        row = AppealFile(
            appeal=appeal,
            name=checked.name,
            content_type=checked.content_type,
            size=checked.size,
            sha256=checked.sha256,
        )
        row.file.save(checked.name, ContentFile(checked.content), save=False)
        row.save()
    log("appeal.filed", appeal, by, ground=ground, files=[one.sha256 for one in files])
    tell_filed(appeal)
    return appeal


def log(verb: str, appeal: Appeal, by: User, **data: object) -> None:
    """Write an act into the chain of the season."""
    record(
        verb,
        by=by,
        about=appeal,
        season=appeal.rule.season.slug,
        data={"outcome": appeal.rule.kind, "entry": appeal.entry.number, **data},
    )


def locked(appeal: Appeal) -> Appeal:
    """The appeal as it is now, held until we commit."""
    held = Appeal.objects.select_for_update().get(pk=appeal.pk)
    return Appeal.objects.select_related("rule__season", "entry__nomination").get(pk=held.pk)


def handled(appeal: Appeal, by: User) -> Appeal:
    """Hold it for an organiser whom no interest keeps from the entry."""
    appeal = locked(appeal)
    check_may_organise(by, appeal.rule.season, appeal.entry)
    return appeal


@transaction.atomic
def withdraw_appeal(appeal: Appeal, *, by: User) -> Appeal:
    """The nominee takes it back, before anything is decided; what the panel gave stays on record."""
    appeal = locked(appeal)
    if not can_submit(by, appeal.entry):
        raise DomainError(_("This appeal is not yours."))
    if appeal.status == AppealStatus.WITHDRAWN:
        return appeal
    appeal.become(AppealStatus.WITHDRAWN)
    appeal.save(update_fields=["status"])
    log("appeal.withdrawn", appeal, by)
    return appeal


@transaction.atomic
def look_at(appeal: Appeal, *, admit: bool, answer: str, by: User) -> Appeal:
    """Say whether it is admissible; a refusal needs its reason, which the nominee reads."""
    appeal = handled(appeal, by)
    if not admit and not answer.strip():
        raise DomainError(_("Say why the appeal is not admissible."), field="answer")
    appeal.become(AppealStatus.ADMITTED if admit else AppealStatus.REFUSED)
    appeal.answer = answer.strip()
    appeal.looked_at_by, appeal.looked_at = by, timezone.now()
    appeal.save(update_fields=["status", "answer", "looked_at_by", "looked_at"])
    log("appeal.admitted" if admit else "appeal.refused", appeal, by, answer=appeal.answer)
    tell_admission(appeal)
    return appeal


@transaction.atomic
def ask_panel(
    appeal: Appeal, round_: Round, judges: Collection[Judge], *, until: datetime, by: User
) -> list[AppealReview]:
    """Ask members of a review panel for independent scores of the entry in one of the rounds."""
    appeal = handled(appeal, by)
    if appeal.status != AppealStatus.ADMITTED:
        raise DomainError(_("Admit the appeal first."))
    if not appeal.rule.rounds.filter(pk=round_.pk).exists():
        raise DomainError(_("The outcome does not rest on this round."), field="round")
    if not judges:
        raise DomainError(_("Choose who scores the entry anew."), field="judges")
    made = []
    for judge in judges:
        asked = ask_review(round_, judge, appeal.entry, purpose=Purpose.APPEAL, until=until, by=by)
        made.append(AppealReview.objects.get_or_create(appeal=appeal, assignment=asked)[0])
    log("appeal.panel-asked", appeal, by, judges=sorted(judge.pk for judge in judges))
    return made


def reviews_given(appeal: Appeal) -> dict[int, int]:
    """How many independent scorecards came in, by the key of each round in which any did."""
    given = appeal.reviews.filter(
        assignment__status=AssignmentStatus.ACTIVE,
        assignment__judge__removed_at=None,
        assignment__scorecard__status=ScorecardStatus.SUBMITTED,
    )
    counts = given.order_by().values_list("assignment__round").annotate(n=Count("pk"))
    return dict(counts)


def check_free_of_interests(appeal: Appeal, by: User) -> None:
    """Whoever decides may see everybody the decision is about, rivals of the appellant included."""
    if keeps_from_deciding(appeal, by):
        raise DomainError(
            _("A conflict of interest keeps you from deciding here. Another organiser must.")
        )


def keeps_from_deciding(appeal: Appeal, user: User) -> bool:
    """Whether a conflict hides an entry that is ranked in the nomination, or holds the outcome."""
    concerned = concerned_by(appeal.rule, appeal.entry.nomination)
    return Entry.objects.filter(barred(user), pk__in=concerned).exists()


def concerned_by(rule: OutcomeRule, nomination: Nomination) -> set[int]:
    """The entries about which any decision in the nomination is: those ranked, and who holds."""
    ranked = StandingRow.objects.filter(standing=latest_standing(rule, nomination))
    return set(ranked.values_list("entry", flat=True)) | current_holders(rule, nomination)


@transaction.atomic
def propose_decision(
    appeal: Appeal, *, changes: bool, reasons: str, holders: Collection[Entry], by: User
) -> Appeal:
    """Decide, with the standing that pools the new scores; a second person makes it final.

    `holders` are the entries of the nomination that hold the outcome afterwards; without
    `changes` they are who holds it now.
    """
    appeal = handled(appeal, by)
    if not reasons.strip():
        raise DomainError(_("Give the reasons; the nominee reads them."), field="reasons")
    check_free_of_interests(appeal, by)
    check_reviews(appeal)
    standing = fresh_standing(appeal.rule, appeal.entry.nomination)
    now = current_holders(appeal.rule, appeal.entry.nomination)
    wanted = {entry.pk for entry in holders} if changes else now
    if changes:
        check_holders(appeal, wanted, now, standing)
    appeal.become(AppealStatus.PROPOSED)
    appeal.changes, appeal.reasons, appeal.proposed_by = changes, reasons.strip(), by
    appeal.holders, appeal.standing = sorted(wanted), standing
    appeal.save(
        update_fields=["status", "changes", "reasons", "proposed_by", "holders", "standing"]
    )
    log("appeal.decision-proposed", appeal, by, changes=changes, standing=standing.pk)
    return appeal


def check_reviews(appeal: Appeal) -> None:
    """No single person's new score changes a round."""
    given = reviews_given(appeal)
    if not given or min(given.values()) < LEAST_REVIEWS:
        raise DomainError(
            _("At least two independent scorecards are needed in each round that is scored anew.")
        )


def current_holders(rule: OutcomeRule, nomination: Nomination) -> set[int]:
    """The entries of the nomination whose outcome is public."""
    rows = PublishedResult.objects.filter(release__rule=rule, nomination=nomination)
    return set(rows.values_list("entry_id", flat=True))


def check_holders(appeal: Appeal, wanted: set[int], now: set[int], standing: Standing) -> None:
    """A change keeps the quota and is about entries of the standing that still compete."""
    if wanted == now:
        raise DomainError(_("That changes nothing: say that the result stands."), field="holders")
    ranked = standing.rows.filter(entry__in=Entry.objects.admitted().values("pk"))
    if not wanted <= set(ranked.values_list("entry", flat=True)):
        raise DomainError(_("Choose among the entries of the standing."), field="holders")
    if len(wanted) > appeal.rule.quota:
        raise DomainError(
            _("At most %(quota)s entries of a nomination get this outcome.")
            % {"quota": appeal.rule.quota},
            field="holders",
        )


@transaction.atomic
def return_decision(appeal: Appeal, *, by: User, reason: str) -> Appeal:
    """The second person does not agree: the appeal is open again."""
    appeal = handled(appeal, by)
    check_free_of_interests(appeal, by)
    if not reason.strip():
        raise DomainError(_("Say what speaks against the decision."), field="reason")
    appeal.become(AppealStatus.ADMITTED)
    appeal.save(update_fields=["status"])
    log("appeal.decision-returned", appeal, by, reason=reason.strip())
    return appeal


@transaction.atomic
def confirm_decision(appeal: Appeal, *, by: User) -> Appeal:
    """Make the decision final: public results follow it at once, and everybody affected is told.

    The release is held from the start, so that it is not taken back while it is changed.
    """
    rule = OutcomeRule.objects.select_for_update().get(pk=appeal.rule_id)
    release = held_release(rule)
    appeal = handled(appeal, by)
    check_free_of_interests(appeal, by)
    season = appeal.rule.season
    if season.two_person_release and appeal.proposed_by_id == by.pk:
        raise DomainError(_("You decided this appeal. Another organiser must confirm it."))
    if appeal.changes and release is None:
        raise DomainError(_("The results are not public; decide in the console instead."))
    appeal.become(AppealStatus.CHANGED if appeal.changes else AppealStatus.UPHELD)
    standing = check_as_proposed(appeal)
    appeal.confirmed_by, appeal.decided_at = by, timezone.now()
    appeal.release = release or appeal.release
    appeal.save(update_fields=["status", "confirmed_by", "decided_at", "release"])
    if release is not None:
        if appeal.changes:
            amend(release, appeal, standing=standing, by=by)
            reopen_others(appeal, by=by)
        move_decisions(rule, appeal.entry.nomination, standing)
        tell_anew(appeal)
    log("appeal.decided", appeal, by, changes=appeal.changes, reasons=appeal.reasons)
    tell_decision(appeal)
    return appeal


def held_release(rule: OutcomeRule) -> Release | None:
    """The release whose results are public, its row held; None if it was taken back meanwhile."""
    found = released(rule)
    if found is None:
        return None
    held = releases.locked(found.pk)
    return held if held.state == ReleaseState.RELEASED else None


def check_as_proposed(appeal: Appeal) -> Standing:
    """What the first person decided on is still so: the standing, and who holds or may hold."""
    standing = fresh_standing(appeal.rule, appeal.entry.nomination)
    now = current_holders(appeal.rule, appeal.entry.nomination)
    if standing.pk != appeal.standing_id or (not appeal.changes and set(appeal.holders) != now):
        raise DomainError(
            _(
                "The standing or the result has changed since. Give the decision back, and decide anew."
            )
        )
    if appeal.changes:
        check_holders(appeal, set(appeal.holders), now, standing)
    return standing


def tell_anew(decided: Appeal) -> None:
    """Feedback follows the decision, with the panel's scorecards; what could be read says so."""
    season = decided.rule.season
    if refresh_feedback(decided.entry.nomination) and season.moderate_comments:
        ask_for_comments(season, f"appeal:{decided.pk}")


def reopen_others(decided: Appeal, *, by: User) -> None:
    """What was proposed about the nomination before it changed is proposed anew.

    A decision names who holds the outcome afterwards; confirming one that was made before this
    change would quietly undo it.
    """
    others = Appeal.objects.select_for_update().filter(
        rule=decided.rule_id,
        entry__nomination=decided.entry.nomination_id,
        status=AppealStatus.PROPOSED,
    )
    for other in others.exclude(pk=decided.pk):
        other.become(AppealStatus.ADMITTED)
        other.save(update_fields=["status"])
        log("appeal.decision-returned", other, by, reason="the nomination changed meanwhile")
