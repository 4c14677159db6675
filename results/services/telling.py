"""When feedback is made, and who is told of it; the clock of its stage says from when it is read."""

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, OuterRef
from django.utils import timezone

from accounts.models import User
from nominations.models import Entry
from nominations.services.letters import post_to_editors
from outbox.jobs import enqueue
from outbox.models import Job
from results.models import OutcomeRule, Release, ReleaseState
from results.services.comments import ask_for_comments
from results.services.feedback import BATCH, create_feedback, released_rules
from seasons.models import Stage, StageKind

LATER = OutcomeRule.objects.filter(
    season=OuterRef("rule__season"), stage__opens_at__gt=OuterRef("rule__stage__opens_at")
)


def last_releases(stage: Stage) -> list[Release]:
    """The releases after which no outcome of the season is announced."""
    done = Release.objects.filter(rule__season=stage.season_id, state=ReleaseState.RELEASED)
    return list(done.filter(~Exists(LATER)).order_by("pk"))


def ask_feedback(release: Release) -> None:
    """Have the feedback made that follows the last release: in the background, for it reads every mark."""
    for stage in release.rule.season.stages.filter(kind=StageKind.FEEDBACK):
        enqueue(
            "make-feedback",
            effect_key=key_of(stage, release),
            args={"release": release.pk},
            about=f"seasons.stage:{stage.pk}",
        )


def key_of(stage: Stage, release: Release) -> str:
    """A stage that is added later asks for feedback of its own."""
    return f"make-feedback:{stage.pk}:{release.pk}"


@transaction.atomic
def make_feedback(release_id: int) -> int:
    """Freeze the feedback of a season whose last outcome is public; return how much was made.

    The release is held meanwhile, so that it is not taken back under the feedback made from it.
    """
    rows = Release.objects.select_for_update(of=("self",)).select_related("rule__season")
    release = rows.filter(pk=release_id, state=ReleaseState.RELEASED).first()
    if release is None:
        return 0
    season = release.rule.season
    made = create_feedback(season)
    if season.moderate_comments:
        ask_for_comments(season, f"release:{release.pk}")
    return made


def open_feedback() -> int:
    """Have feedback made that nobody has asked for yet, and announced once its stage has opened.

    It is announced again when more was made. Where an outcome is not public when the stage opens, the
    entries it is not about get theirs all the same.
    """
    stages = Stage.objects.filter(kind=StageKind.FEEDBACK)
    made = dict(stages.annotate(made=Count("feedback")).values_list("pk", "made"))
    kinds = ["announce-feedback", "early-feedback", "make-feedback"]
    known = set(Job.objects.filter(kind__in=kinds).values_list("effect_key", flat=True))
    asked = 0
    for stage in stages.select_related("season"):
        last = last_releases(stage)
        # Where feedback was made, the release has asked; asking anew could only change what was read.
        asking = [] if made[stage.pk] else last
        jobs = [("make-feedback", key_of(stage, one), {"release": one.pk}) for one in asking]
        if timezone.now() >= stage.opens_at:
            args = {"stage": stage.pk}
            if made[stage.pk]:
                jobs.append(("announce-feedback", f"feedback:{stage.pk}:{made[stage.pk]}", args))
            released = len(released_rules(stage.season))
            if released and not last:
                jobs.append(("early-feedback", f"early-feedback:{stage.pk}:{released}", args))
        for kind, key, args in jobs:
            if key not in known:
                enqueue(kind, effect_key=key, args=args, about=f"seasons.stage:{stage.pk}")
                asked += 1
    return asked


def announce_feedback(stage: Stage) -> None:
    """Write to everybody whose feedback can be read now."""
    if timezone.now() < stage.opens_at:
        return
    ready = stage.feedback.select_related(
        "entry__nomination__season", "entry__organisation"
    ).iterator(chunk_size=BATCH)
    for feedback in ready:
        entry = feedback.entry
        key = f"feedback:{feedback.pk}"
        post_to_editors("feedback-ready", entry, key, partial(about_feedback, entry))


def about_feedback(entry: Entry, user: User) -> dict[str, Any]:
    """What the letter on new feedback says, in the language that is on."""
    return {
        "name": user.full_name,
        "season": str(entry.nomination.season.name),
        "nomination": str(entry.nomination.name),
        "nominee": entry.display_name,
        "number": entry.number,
        "path": f"/entries/{entry.pk}/feedback/",
    }
