"""Who may see and decide results before they are public."""

from collections.abc import Iterable

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common.errors import DomainError
from nominations.barriers import barred
from nominations.models import Entry
from nominations.permissions import can_enter_for
from results.models import Feedback, OutcomeRule, Release, ReleaseState
from seasons.models import Season


def can_run_results(user: User | AnonymousUser, rule: OutcomeRule) -> bool:
    """An organiser of the season."""
    return Season.objects.organised_by(user).filter(pk=rule.season_id).exists()


def check_may_run_results(user: User, rule: OutcomeRule) -> None:
    """Refuse, inside the transaction, who is no organiser of the season (any more)."""
    if not can_run_results(user, rule):
        raise DomainError(_("You may not do this in this season."))


def can_confirm_release(user: User | AnonymousUser, release: Release) -> bool:
    """An organiser other than the one who prepared it, where the season asks for two."""
    return is_second_person(user, release) and can_run_results(user, release.rule)


def is_second_person(user: User | AnonymousUser, release: Release) -> bool:
    """Whether the release waits for somebody like this organiser; whether it is one was asked before."""
    if not isinstance(user, User) or release.state != ReleaseState.ARMED:
        return False
    return not release.two_people or release.armed_by_id != user.pk


def barred_from_results(user: User, season: Season) -> bool:
    """Whether a conflict hides any entry of the season, whatever its outcome may be."""
    return Entry.objects.filter(barred(user), nomination__season=season).exists()


def without_interest(season: Season, *, besides: Iterable[User]) -> list[User]:
    """The other organisers of the season from whom no conflict hides an entry."""
    people = User.objects.filter(is_active=True, organiser_rows__programme=season.programme_id)
    return [
        user
        for user in people.exclude(pk__in=[one.pk for one in besides])
        .distinct()
        .order_by("full_name")
        if not barred_from_results(user, season)
    ]


def why_barred(user: User, season: Season, *, first: User | None = None) -> str:
    """What tells a person with an interest who can act instead; empty for everybody else.

    `first` is who acted before, where two are needed.
    """
    if not barred_from_results(user, season):
        return ""
    if others := without_interest(season, besides=[user, *([first] if first else [])]):
        return _("A conflict of interest keeps you from this. It can be done by: %(people)s.") % {
            "people": ", ".join(str(one) for one in others)
        }
    return _(
        "A conflict of interest keeps you from this, and no other organiser of the season may do it. "
        "Ask an administrator of the portal to do it, or to add an organiser who may."
    )


def check_no_interest(user: User, season: Season, *, first: User | None = None) -> None:
    """Refuse, inside the transaction, whom a conflict keeps from the results of the season."""
    if reason := why_barred(user, season, first=first):
        raise DomainError(reason)


def can_ask(user: User | AnonymousUser, feedback: Feedback) -> bool:
    """Those who may write for the organisation; others of it read along."""
    return can_enter_for(user, feedback.entry.organisation)


def can_read_feedback(user: User | AnonymousUser, feedback: Feedback) -> bool:
    """Its date has come; whose it is, `visible_to` has said."""
    return isinstance(user, User) and timezone.now() >= feedback.stage.opens_at
