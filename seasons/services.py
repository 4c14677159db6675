"""What organisers do with a season's clock."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from audit.services import record
from common.errors import DomainError
from seasons.holds import held_by
from seasons.models import Extension, Organiser, Programme, Season, Stage


@transaction.atomic
def move_stage(stage: Stage, *, by: User | None, opens_at: datetime, closes_at: datetime) -> Stage:
    """Set a stage's two instants; the log keeps the old ones."""
    if closes_at <= opens_at:
        raise DomainError(_("A stage closes after it opens."), field="closes_at")
    old = Stage.objects.select_for_update().get(pk=stage.pk)
    before = [old.opens_at, old.closes_at]
    stage.opens_at, stage.closes_at = opens_at, closes_at
    stage.save(update_fields=["opens_at", "closes_at"])
    record(
        "stage.moved",
        by=by,
        about=stage,
        season=stage.season.slug,
        data={"from": before, "to": [opens_at, closes_at]},
    )
    return stage


@transaction.atomic
def extend(
    stage: Stage,
    *,
    by: User,
    until: datetime,
    reason: str,
    organisation: Organisation | None = None,
) -> Extension:
    """Give everybody, or one organisation, a later deadline."""
    check_extension(stage, until)
    extension = Extension.objects.create(
        stage=stage, organisation=organisation, until=until, reason=reason, granted_by=by
    )
    record(
        "stage.extended",
        by=by,
        about=stage,
        season=stage.season.slug,
        data={
            "until": until,
            "organisation": organisation.pk if organisation else None,
            "reason": reason,
        },
    )
    return extension


def check_extension(stage: Stage, until: datetime) -> None:
    """Refuse a deadline that is not later, or over already."""
    if until <= max(stage.closes_at, timezone.now()):
        raise DomainError(_("An extension ends after the deadline and after now."), field="until")


@transaction.atomic
def add_organiser(programme: Programme, user: User, *, by: User | None) -> Organiser:
    """Let a person run a programme; it opens the back office to them."""
    organiser = Organiser.objects.create(programme=programme, user=user)
    if not user.is_staff:
        user.is_staff = True
        user.save(update_fields=["is_staff"])
    record("organiser.added", by=by, about=programme, data={"user": user.pk})
    return organiser


@transaction.atomic
def remove_organiser(organiser: Organiser, *, by: User | None) -> None:
    """Take a programme from a person; without any, the back office closes to them."""
    user, programme = organiser.user, organiser.programme
    organiser.delete()
    if not user.is_superuser and not user.organiser_rows.exists():
        user.is_staff = False
        user.save(update_fields=["is_staff"])
    record("organiser.removed", by=by, about=programme, data={"user": user.pk})


@transaction.atomic
def ask_two_people(season: Season, *, wanted: bool, by: User | None) -> Season:
    """Say whether a release, an appeal and a retraction need a second person; the log keeps who said it."""
    old = Season.objects.select_for_update().get(pk=season.pk)
    check_two_people(old, wanted=wanted)
    season.two_person_release = wanted
    if wanted == old.two_person_release:
        return season
    season.save(update_fields=["two_person_release"])
    record(
        "season.two-people" if wanted else "season.one-person",
        by=by,
        about=season,
        season=season.slug,
        data={"from": old.two_person_release, "to": wanted},
    )
    return season


def check_two_people(season: Season, *, wanted: bool) -> None:
    """Refuse a change while somebody's work waits for a second person."""
    if wanted != season.two_person_release and (reason := held_by(season)):
        raise DomainError(reason, field="two_person_release")
