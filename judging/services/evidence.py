"""Quotes from the essay, and the time a judge spends on it; both while the scorecard is a draft."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import DomainError
from judging.evidence import LONGEST_QUOTE, Place, essay_words, locate
from judging.models import Criterion, Quote, Scorecard, ScorecardStatus
from judging.services.scorecards import editable

MOST_QUOTES = 20
# What a browser may count before it is heard for the first time, and between two saves.
LONGEST_START = timedelta(hours=1)
LONGEST_PAUSE = timedelta(minutes=30)


@transaction.atomic
def attach_quote(
    scorecard: Scorecard, criterion: Criterion, *, by: User, token: UUID, place: Place
) -> Quote:
    """Attach words of the essay to a criterion; what is stored is what stands in the essay."""
    scorecard = editable(scorecard, by)
    field = f"quote-{criterion.pk}"
    if criterion.dimension.rubric_id != scorecard.assignment.round.rubric_id:
        raise DomainError(_("This criterion is not in the rubric of the round."))
    if earlier := Quote.objects.filter(token=token, scorecard=scorecard).first():
        return earlier
    if Quote.objects.filter(token=token).exists():
        raise DomainError(_("This form belongs to another scorecard. Reload the page, please."))
    if len(place.text.strip()) > LONGEST_QUOTE:
        raise DomainError(
            _("Quote at most %(count)d characters.") % {"count": LONGEST_QUOTE}, field=field
        )
    found = locate(
        essay_words(scorecard.assignment.round, scorecard.revision),
        place.text,
        prompt=place.prompt,
        near=place.start,
    )
    if found is None:
        raise DomainError(
            _("These words are not in the essay. Copy them as they stand."), field=field
        )
    told = {
        "criterion": criterion,
        "revision": scorecard.revision,
        "prompt": found.prompt,
        "start": found.start,
        "text": found.text,
    }
    if same := scorecard.quotes.filter(**told).first():
        return same
    if scorecard.quotes.filter(criterion=criterion).count() >= MOST_QUOTES:
        raise DomainError(
            _("A criterion holds at most %(count)d quotes.") % {"count": MOST_QUOTES}, field=field
        )
    return Quote.objects.create(scorecard=scorecard, token=token, **told)


@transaction.atomic
def remove_quote(scorecard: Scorecard, token: UUID, *, by: User) -> None:
    """Take a quote away; one that is gone already stays gone."""
    scorecard = editable(scorecard, by)
    scorecard.quotes.filter(token=token).delete()


@transaction.atomic
def count_time(scorecard: Scorecard, seconds: int) -> int:
    """Add the seconds a browser counted, never more than have passed since it was heard last."""
    if seconds <= 0:
        return scorecard.active_seconds
    held = Scorecard.objects.select_for_update().get(pk=scorecard.pk)
    if held.status != ScorecardStatus.DRAFT:
        return held.active_seconds
    now = timezone.now()
    passed = LONGEST_START if held.timed_at is None else min(now - held.timed_at, LONGEST_PAUSE)
    held.active_seconds += min(seconds, max(int(passed.total_seconds()), 0))
    held.timed_at = now
    held.save(update_fields=["active_seconds", "timed_at"])
    return held.active_seconds
