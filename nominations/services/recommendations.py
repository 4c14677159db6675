"""A peer recommends an applicant; the organisers approve, and the applicant gets a code."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit.services import record
from common.errors import DomainError
from nominations.clock import in_words
from nominations.errors import Closed
from nominations.models import EntryCode, Recommendation, RecommendationState
from nominations.services.codes import (
    about_season,
    join_link,
    make_code,
    require_organiser,
)
from outbox.services import post
from seasons.models import Channel, Season, StageKind

MOST_RECOMMENDED = 20


def require_recommendations(season: Season) -> None:
    """Recommendations are taken from the season's publication until entries close."""
    if Channel.RECOMMENDATION not in season.channels or not season.published:
        raise DomainError(_("This season takes no recommendations."))
    stage = season.stage(StageKind.ENTRY)
    now = timezone.now()
    if stage is not None and now >= stage.closes_for():
        deadline = stage.closes_for()
        raise Closed(
            _("Recommendations closed on %(deadline)s. It is now %(now)s on our server.")
            % {
                "deadline": in_words(deadline, season.zone, until=True),
                "now": in_words(now, season.zone, seconds=True),
            },
            deadline=deadline,
            now=now,
        )


@transaction.atomic
def recommend(
    season: Season,
    *,
    by: User,
    organisation_name: str,
    contact_name: str,
    contact_email: str,
    reason: str,
    key: UUID,
) -> Recommendation:
    """Recommend somebody to the organisers; a repeated key returns the first recommendation."""
    season = Season.objects.select_for_update().get(pk=season.pk)
    if earlier := Recommendation.objects.filter(idempotency_key=key).first():
        if earlier.recommended_by_id != by.pk:
            raise PermissionDenied
        return earlier
    require_recommendations(season)
    own = Recommendation.objects.filter(season=season, recommended_by=by)
    if own.filter(contact_email__iexact=contact_email).exists():
        raise DomainError(_("You have recommended this person already."), field="contact_email")
    if own.count() >= MOST_RECOMMENDED:
        raise DomainError(
            _("You have recommended %(count)d, which is the most in one season.")
            % {"count": MOST_RECOMMENDED}
        )
    recommendation = Recommendation.objects.create(
        season=season,
        recommended_by=by,
        organisation_name=organisation_name,
        contact_name=contact_name,
        contact_email=contact_email.lower(),
        reason=reason,
        idempotency_key=key,
    )
    record("recommendation.written", by=by, about=recommendation, season=season.slug)
    return recommendation


def is_own(recommendation: Recommendation) -> bool:
    """Whether somebody recommends an organisation of their own."""
    person = recommendation.recommended_by
    if recommendation.contact_email.lower() == person.email.lower():
        return True
    name = recommendation.organisation_name
    return person.memberships.filter(organisation__name__iexact=name).exists()


@transaction.atomic
def approve_recommendation(
    recommendation: Recommendation, *, by: User, note: str = ""
) -> Recommendation:
    """Let the recommended one enter: a code by mail; the recommender is told."""
    if not lock_to_decide(recommendation, by, RecommendationState.APPROVED):
        return recommendation
    season = recommendation.season
    if Channel.RECOMMENDATION not in season.channels:
        raise DomainError(
            _("This season takes no recommendations. Tick “recommended” in its settings first.")
        )
    code = make_code(
        season,
        Channel.RECOMMENDATION,
        by=by,
        label=recommendation.organisation_name[:150],
        email=recommendation.contact_email,
    )
    recommendation.code = code
    decide(recommendation, RecommendationState.APPROVED, by=by, note=note)
    write_to_contact(recommendation, code)
    write_to_recommender("recommendation-approved", recommendation)
    return recommendation


@transaction.atomic
def decline_recommendation(
    recommendation: Recommendation, *, by: User, note: str
) -> Recommendation:
    """Say no, with a note that the recommender reads; nobody else is written to."""
    if not lock_to_decide(recommendation, by, RecommendationState.DECLINED):
        return recommendation
    if not note.strip():
        raise DomainError(_("Write a note; the recommender will read it."), field="note")
    decide(recommendation, RecommendationState.DECLINED, by=by, note=note)
    write_to_recommender("recommendation-declined", recommendation)
    return recommendation


def lock_to_decide(recommendation: Recommendation, by: User, wanted: RecommendationState) -> bool:
    """Hold the row for an organiser; False when it is so already, an error when it is otherwise."""
    recommendation.refresh_from_db(from_queryset=Recommendation.objects.select_for_update())
    require_organiser(by, recommendation.season)
    if recommendation.state == wanted:
        return False
    if recommendation.state != RecommendationState.WAITING:
        raise DomainError(
            _("This recommendation is %(state)s already.")
            % {"state": recommendation.get_state_display()}
        )
    if recommendation.recommended_by_id == by.pk:
        raise DomainError(_("Another organiser decides about what you recommended yourself."))
    return True


def decide(
    recommendation: Recommendation, state: RecommendationState, *, by: User, note: str
) -> None:
    """Keep the decision and log it."""
    recommendation.state = state
    recommendation.note = note.strip()
    recommendation.decided_by = by
    recommendation.decided_at = timezone.now()
    recommendation.save(update_fields=["state", "note", "decided_by", "decided_at", "code"])
    record(
        f"recommendation.{state}",
        by=by,
        about=recommendation,
        season=recommendation.season.slug,
        data={"note": recommendation.note},
    )


def write_to_contact(recommendation: Recommendation, code: EntryCode) -> None:
    """Tell the recommended one who recommended them, why, and how to enter."""
    season = recommendation.season
    person = User.objects.filter(email__iexact=recommendation.contact_email, is_active=True).first()
    language = person.language if person else season.language
    post(
        "entry-recommended",
        effect_key=f"entry-recommended:{recommendation.pk}",
        to=person or recommendation.contact_email,
        language=language,
        context={
            **about_season(season, language, person),
            "name": recommendation.contact_name,
            "organisation": recommendation.organisation_name,
            "recommended_by": str(recommendation.recommended_by),
            "reason": recommendation.reason,
            "code": code.code,
            "link": join_link(code),
        },
        about=f"nominations.recommendation:{recommendation.pk}",
    )


def write_to_recommender(kind: str, recommendation: Recommendation) -> None:
    """Tell the recommender what the organisers decided."""
    person = recommendation.recommended_by
    post(
        kind,
        effect_key=f"{kind}:{recommendation.pk}",
        to=person,
        context={
            **about_season(recommendation.season, person.language, person),
            "name": person.get_short_name(),
            "organisation": recommendation.organisation_name,
            "note": recommendation.note,
        },
        about=f"nominations.recommendation:{recommendation.pk}",
    )
