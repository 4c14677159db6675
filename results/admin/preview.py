"""What each audience will see after the release: the real pages, drawn and forgotten."""

from copy import copy

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from accounts.models import User
from common.http import UserRequest
from common.policy import STAFF, policy
from diplomas.models import Diploma, DiplomaState
from judging.models import Judge
from nominations.models import Entry, EntryStatus
from outbox.models import Message
from outbox.tasks import compose
from results.admin.outcomes import more_views, page, rule_for
from results.models import OutcomeRule
from results.panels import entry_results
from results.permissions import barred_from_results
from results.rehearsal import rehearsed
from results.services.releases import announce
from results.views import results as results_page

AUDIENCES = ("public", "won", "lost", "judge", "organiser")


def previewed(request: UserRequest, pk: int) -> OutcomeRule:
    """The outcome, for an organiser from whom no conflict hides any entry of the season."""
    rule = rule_for(request, pk)
    if barred_from_results(request.user, rule.season):
        raise Http404
    return rule


def closed(response: HttpResponse) -> HttpResponse:
    """No cache keeps it, no crawler reads it, and nothing on it can be sent."""
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


@policy(STAFF)
@require_safe
def preview(request: UserRequest, pk: int) -> HttpResponse:
    """Choose an audience; the page stands in a frame."""
    rule = previewed(request, pk)
    names = {
        "public": _("The public"),
        "won": _("A nominee who is in"),
        "lost": _("A nominee who is not"),
        "judge": _("A judge"),
        "organiser": _("An organiser"),
    }
    audience = request.GET.get("as", "public")
    if audience not in names:
        raise Http404
    return closed(
        page(
            request,
            "preview",
            rule,
            _("Preview as each audience"),
            audience=audience,
            audiences=names.items(),
        ).render()
    )


@policy(STAFF)
@require_safe
@xframe_options_sameorigin
def preview_frame(request: UserRequest, pk: int, audience: str) -> HttpResponse:
    """The page itself, marked as a preview, without scripts and forms."""
    rule = previewed(request, pk)
    if audience not in AUDIENCES:
        raise Http404
    with rehearsed(rule, by=request.user) as awarded:
        seen = copy(request)
        seen.rehearsal = _("Preview. Nothing here is public yet.")  # type: ignore[attr-defined]
        if audience in {"won", "lost"}:
            response = as_nominee(seen, rule, awarded, won=audience == "won")
        else:
            seen.user = reader(request, rule, audience)  # type: ignore[assignment]
            response = results_page(seen, rule.season.slug)
    response["Content-Security-Policy"] = (
        "sandbox allow-same-origin; default-src 'self'; img-src 'self' data:; script-src 'none'; "
        "form-action 'none'; frame-ancestors 'self'"
    )
    return closed(response)


def reader(request: UserRequest, rule: OutcomeRule, audience: str) -> User | AnonymousUser:
    """Who reads the public page."""
    if audience == "organiser":
        return request.user
    if audience == "judge":
        judges = Judge.objects.active().filter(jury__season=rule.season_id)
        judge = judges.select_related("user").order_by("pk").first()
        if judge is not None and isinstance(judge.user, User):
            return judge.user
    return AnonymousUser()


def as_nominee(
    request: UserRequest, rule: OutcomeRule, awarded: list[Entry], *, won: bool
) -> HttpResponse:
    """The block on the nominee's page and the mail; the draft on that page is the nominee's alone."""
    entry = next(iter(awarded), None) if won else other_entry(rule, awarded)
    people = list(entry.contacts()) if entry is not None else []
    if people:
        request.user = people[0]
    panel, mail = None, None
    if entry is not None:
        if won and rule.diploma:
            Diploma.objects.get_or_create(
                entry=entry,
                kind=rule.kind,
                revoked_at=None,
                defaults={
                    "season": rule.season,
                    "number": f"{rule.season.code}-D0000",
                    "language": rule.season.language,
                    "state": DiplomaState.WAITING,
                    "issued_at": entry.nomination.season.stages.earliest("opens_at").opens_at,
                },
            )
        panel = entry_results(request, entry)
        if won and people:
            mail = mail_of(rule, entry, people[0])
    return render(
        request,
        "results/preview_nominee.html",
        {"season": rule.season, "entry": entry, "panel": panel, "mail": mail, "won": won},
    )


def other_entry(rule: OutcomeRule, awarded: list[Entry]) -> Entry | None:
    """An entry that competes and is not awarded."""
    entries = Entry.objects.filter(nomination__season=rule.season_id, status=EntryStatus.ADMITTED)
    return (
        entries.exclude(pk__in=[one.pk for one in awarded])
        .select_related("organisation", "nomination__season__programme")
        .order_by("number")
        .first()
    )


def mail_of(rule: OutcomeRule, entry: Entry, to: User) -> Message | None:
    """The mail the nominee will get."""
    release = rule.releases.order_by("-pk").first()
    if release is None:
        return None
    announce(release, [entry])
    message = Message.objects.get(effect_key=f"result:{release.pk}:{entry.pk}:{to.pk}")
    compose(message)
    return message


more_views += [
    ("<int:pk>/preview/", preview, "preview"),
    ("<int:pk>/preview/<slug:audience>/", preview_frame, "preview_frame"),
]
