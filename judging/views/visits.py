"""A site visit: the check list on site, findings with photos, its end; and the applicant's answer."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.errors import DomainError
from common.http import CALENDAR, UserRequest, private_document
from common.policy import SIGNED_IN, policy
from common.uploads import private_picture_response
from judging.forms.visits import FindingForm, MoveForm, read_answer
from judging.models import SiteVisit, VisitAnswer, VisitItem, VisitMember, VisitPhoto, VisitRules
from judging.permissions import has_agreed, readable_visit
from judging.services.visit_mails import names_shown
from judging.services.visiting import (
    AnswerConflict,
    add_finding,
    answer_item,
    finish_visit,
    remove_finding,
)
from judging.services.visits import ask_to_move, confirm_visit
from judging.visit_pages import Line, calendar_date, findings_of, lines_of, shown_figure
from nominations.calendars import calendar_file
from nominations.content import as_submitted
from nominations.views.access import submittable_entry_or_404


def agreement_first(request: UserRequest, pk: int) -> HttpResponse | None:
    """The way to the agreement for a judge of the team who has not accepted it."""
    own = VisitMember.objects.filter(
        visit=pk, judge__user=request.user, judge__removed_at=None
    ).select_related("visit__round__season")
    member = own.first()
    if member is None or has_agreed(request.user, member.visit.round.season):
        return None
    query = urlencode({"next": request.get_full_path()})
    slug = member.visit.round.season.slug
    return redirect(f"{reverse('judging:agreement', args=[slug])}?{query}")


def visit_or_404(request: UserRequest, pk: int) -> SiteVisit:
    """A visit the person may read."""
    found = readable_visit(request.user, pk)
    if found is None:
        raise Http404
    as_submitted([found.entry])
    return found


def member_of(request: UserRequest, found: SiteVisit) -> VisitMember | None:
    """The person's place in the team, while the entry is theirs to judge."""
    if not SiteVisit.objects.of_team(request.user).filter(pk=found.pk).exists():
        return None
    return found.members.filter(judge__user=request.user).first()


def team_visit_or_404(request: UserRequest, pk: int) -> SiteVisit:
    """A visit the person goes to."""
    found = visit_or_404(request, pk)
    if member_of(request, found) is None:
        raise Http404
    return found


@policy(SIGNED_IN)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def visit(request: UserRequest, pk: int) -> HttpResponse:
    """The check list and the findings; the form of all lines is for browsers without scripts."""
    if answer := agreement_first(request, pk):
        return answer
    if request.method != "POST":
        return visit_page(request, visit_or_404(request, pk))
    found = team_visit_or_404(request, pk)
    lines = lines_of(found)
    faulty = False
    for line in lines:
        try:
            save_line(request, found, line)
        except DomainError as error:
            faulty = True
            line.error = str(error)
            line.typed = {
                name: request.POST.get(f"{name}-{line.item.pk}", "")
                for name in ("value", "figure", "comment")
            }
    if faulty:
        return visit_page(request, found, lines=lines)
    messages.success(request, _("The check list is saved."))
    return redirect(found)


def save_line(request: UserRequest, found: SiteVisit, line: Line) -> None:
    """Save one line of the whole form, if something of it changed."""
    suffix = f"-{line.item.pk}"
    if f"version{suffix}" not in request.POST:
        return
    said = read_answer(request.POST, suffix)
    before = (line.answer.value, line.answer.figure, line.answer.comment) if line.answer else None
    now = (said["value"], said["figure"], said["comment"])
    if now != (before or ("", None, "")):
        answer_item(found, line.item, by=request.user, **said)


def visit_page(
    request: UserRequest,
    found: SiteVisit,
    *,
    lines: list[Line] | None = None,
    form: FindingForm | None = None,
    fault: str = "",
) -> HttpResponse:
    """The page itself; after a refusal everything typed stands where it was."""
    member = member_of(request, found)
    shown = lines if lines is not None else lines_of(found)
    notes = member is not None and found.is_open()
    rules = VisitRules.objects.filter(round=found.round_id).first() or VisitRules()
    context: dict[str, Any] = {
        "season": found.round.season,
        "visit": found,
        "lines": shown,
        "given": sum(line.is_given for line in shown),
        "findings": findings_of(found),
        "team": list(found.members.select_related("judge__user")),
        "member": member,
        "notes": notes,
        "form": form or FindingForm(visit=found),
        "key": request.POST.get("key") or str(uuid4()),
        "most_photos": rules.photos,
        "fault": fault,
    }
    refused = fault or form is not None or lines is not None
    return render(request, "judging/visit.html", context, status=422 if refused else 200)


@policy(SIGNED_IN)
@require_POST
def visit_answer(request: UserRequest, pk: int, item_pk: int) -> JsonResponse:
    """Save one line as the team goes; the script sends it again until it is stored."""
    found = team_visit_or_404(request, pk)
    item = get_object_or_404(VisitItem, pk=item_pk, round=found.round_id)
    try:
        answer = answer_item(found, item, by=request.user, **read_answer(request.POST))
    except AnswerConflict as error:
        return JsonResponse({"message": str(error), "stored": stored_of(error.stored)}, status=409)
    except DomainError as error:
        return JsonResponse({"message": str(error)}, status=422)
    given = sum(one.is_given for one in found.answers.all())
    return JsonResponse({"version": answer.version, "done": given})


def stored_of(answer: VisitAnswer) -> dict[str, Any]:
    """What somebody else stored, as the page's fields say it."""
    figure = "" if answer.figure is None else shown_figure(answer.figure)
    words = [answer.get_value_display() if answer.value else "", figure, answer.comment]
    return {
        "value": answer.value,
        "figure": figure,
        "comment": answer.comment,
        "version": answer.version,
        "words": " · ".join(filter(None, words)) or "—",
    }


@policy(SIGNED_IN)
@require_POST
def finding_add(request: UserRequest, pk: int) -> HttpResponse:
    """Keep what was seen, with photos; sending it again changes nothing."""
    found = team_visit_or_404(request, pk)
    form = FindingForm(request.POST, visit=found)
    try:
        key = UUID(request.POST.get("key", ""))
    except ValueError:
        key = uuid4()
    if not form.is_valid():
        return visit_page(request, found, form=form)
    try:
        add_finding(
            found,
            by=request.user,
            key=key,
            text=form.cleaned_data["text"],
            criterion=form.cleaned_data["criterion"],
            files=[one for one in request.FILES.getlist("photos") if one],
        )
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return visit_page(request, found, form=form)
    messages.success(request, _("The finding is kept."))
    return redirect(f"{found.get_absolute_url()}#findings")


@policy(SIGNED_IN)
@require_POST
def finding_remove(request: UserRequest, pk: int, token: UUID) -> HttpResponse:
    """Take a finding back, before the visit is done."""
    found = team_visit_or_404(request, pk)
    try:
        remove_finding(found, token, by=request.user)
    except DomainError as error:
        messages.error(request, str(error))
    return redirect(f"{found.get_absolute_url()}#findings")


@policy(SIGNED_IN)
@require_POST
def visit_done(request: UserRequest, pk: int) -> HttpResponse:
    """The leader ends the visit."""
    found = team_visit_or_404(request, pk)
    try:
        finish_visit(found, by=request.user)
    except DomainError as error:
        return visit_page(request, found, fault=str(error))
    messages.success(request, _("The visit is done; what was noted is locked."))
    return redirect(found)


@policy(SIGNED_IN)
@require_safe
def visit_photo(request: UserRequest, pk: int, token: UUID) -> FileResponse:
    """A photo, for whoever may read the visit; it is never public."""
    found = visit_or_404(request, pk)
    photo = get_object_or_404(VisitPhoto, token=token, finding__visit=found.pk)
    try:
        return private_picture_response(photo.image, "image/jpeg")
    except FileNotFoundError as error:
        raise Http404 from error


@policy(SIGNED_IN)
@require_safe
def visit_calendar(request: UserRequest, pk: int) -> HttpResponse:
    """The appointment as a calendar file, for the team and the organisers."""
    found = visit_or_404(request, pk)
    date = calendar_date(found, uid="team-visit", url=found.get_absolute_url())
    content = calendar_file([date], str(found.round.season.name))
    return private_document(content, f"visit-{found.entry.number}.ics", CALENDAR)


@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def entry_visit(request: UserRequest, pk: int) -> HttpResponse:
    """The applicant confirms a visit, or asks for another time."""
    entry = submittable_entry_or_404(request, pk)
    rows = SiteVisit.objects.alive().filter(entry=entry)
    visits = list(rows.select_related("round__season", "round__visit_rules"))
    if not visits:
        raise Http404
    chosen = next((one for one in visits if str(one.pk) == request.POST.get("visit")), visits[0])
    form = MoveForm(request.POST if request.POST.get("verb") == "move" else None)
    if request.method == "POST":
        try:
            if request.POST.get("verb") == "confirm":
                confirm_visit(chosen, by=request.user)
                messages.success(request, _("Thank you! The organisers see that you are ready."))
                return redirect("judging:entry_visit", entry.pk)
            if form.is_valid():
                ask_to_move(chosen, by=request.user, reason=form.cleaned_data["reason"])
                messages.success(request, _("The organisers will write to you about it."))
                return redirect("judging:entry_visit", entry.pk)
        except DomainError as error:
            messages.error(request, str(error))
    for one in visits:
        one.shown_team = names_shown(one)  # type: ignore[attr-defined]
    context = {
        "season": entry.season,
        "entry": entry,
        "visits": visits,
        "chosen": chosen,
        "form": form,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "judging/entry_visit.html", context, status=status)
