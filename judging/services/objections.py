"""An entrant objects to a judge; an organiser decides; the judge is not told who objected."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import User
from audit.services import record
from common.errors import DomainError
from judging.models import Judge, Objection, ObjectionStatus
from judging.objecting import judges_to_object_to, objections_end, takes_objections
from judging.permissions import check_may_organise
from judging.services.juries import declare_conflict
from judging.services.mails import link, organisers_for
from nominations.models import Entry
from nominations.permissions import can_submit
from outbox.services import post
from seasons.models import Season


def check_window(season: Season, at: datetime) -> None:
    """Refuse outside the time for objections, and say when it ended."""
    if not takes_objections(season, at):
        ended = objections_end(season)
        if ended is not None and at >= ended:
            raise DomainError(_("The time for objections is over. Please write to the organisers."))
        raise DomainError(_("Objections to judges are not taken here."))


@transaction.atomic
def object_to_judge(entry: Entry, judge: Judge, *, by: User, reason: str) -> Objection:
    """Say why a judge should not judge one's entry; saying it twice keeps the first."""
    if not reason.strip():
        raise DomainError(_("Say why this judge should not judge your entry."), field="reason")
    entry = Entry.objects.select_for_update(of=("self",)).get(pk=entry.pk)
    season = entry.season
    if not can_submit(by, entry):
        raise DomainError(_("Only those who submit the entry may object."))
    check_window(season, timezone.now())
    if not judges_to_object_to(season).filter(pk=judge.pk).exists():
        raise DomainError(_("This person is not on the public list of the jury."), field="judge")
    objection, created = Objection.objects.get_or_create(
        entry=entry, judge=judge, defaults={"reason": reason.strip(), "made_by": by}
    )
    if not created:
        return objection
    record("objection.made", by=by, about=objection, season=season.slug, data={"judge": judge.pk})
    for organiser in organisers_for(season, entry):
        if organiser.pk != judge.user_id:
            tell_organiser(objection, organiser)
    return objection


def tell_organiser(objection: Objection, to: User) -> None:
    """A decision waits; the reason stays in the back office."""
    season = objection.entry.season
    post(
        "objection-made",
        effect_key=f"objection-made:{objection.pk}:{to.pk}",
        to=to,
        context={
            "name": to.full_name,
            "season": season.name.in_language(to.language),
            "number": objection.entry.number,
            "judge": str(objection.judge),
            "url": link(f"/admin/judging/objection/{objection.pk}/change/"),
        },
        about=f"judging.objection:{objection.pk}",
    )


@transaction.atomic
def decide_objection(
    objection: Objection, *, by: User, accept: bool, answer: str = ""
) -> Objection:
    """Accept it, which bars the judge from the entry, or decline it; the entrant gets the answer."""
    if not answer.strip():
        raise DomainError(_("Give the reason; the entrant reads it."), field="reason")
    objection = Objection.objects.select_for_update().get(pk=objection.pk)
    check_may_organise(by, objection.entry.season, objection.entry)
    if objection.judge.user_id == by.pk:
        raise DomainError(_("Somebody else decides about an objection to you."))
    objection.become(ObjectionStatus.ACCEPTED if accept else ObjectionStatus.DECLINED)
    objection.decided_by, objection.decided_at = by, timezone.now()
    objection.answer = answer.strip()
    objection.save(update_fields=["status", "decided_by", "decided_at", "answer"])
    judge, season = objection.judge, objection.entry.season
    record(
        f"objection.{objection.status}",
        by=by,
        about=objection,
        season=season.slug,
        data={"judge": judge.pk, "answer": objection.answer},
    )
    if accept:
        with translation.override(judge.user.language):
            # The judge reads this: it must not say that somebody objected, nor who.
            neutral = _("Set by the organisers after a check of interests.")
        declare_conflict(judge.user, by=by, reason=neutral, entry=objection.entry)
    to = objection.made_by
    post(
        f"objection-{objection.status}",
        effect_key=f"objection-decided:{objection.pk}",
        to=to,
        context={
            "name": to.full_name,
            "season": season.name.in_language(to.language),
            "number": objection.entry.number,
            "judge": str(judge),
            "answer": objection.answer,
            "contact": season.contact_email,
        },
        about=f"judging.objection:{objection.pk}",
    )
    return objection
