"""Scopes and the page that asks for a reason."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from audit.models import Event
from common.admin import ScopedModelAdmin, scopes
from common.errors import DomainError
from common.readable import ReadableTexts
from judging.forms.back_office import ReasonForm
from judging.models import (
    Agreement,
    Assignment,
    Band,
    Conflict,
    Consent,
    Consultation,
    Criterion,
    DefenceRules,
    DefenceSlot,
    Dimension,
    Guidance,
    Invitee,
    Judge,
    Jury,
    Mark,
    Objection,
    Opinion,
    PaperSheet,
    Phase,
    ReferenceMark,
    Round,
    Rubric,
    Sample,
    SampleAnswer,
    Scorecard,
    Secretary,
    SiteVisit,
    SplitCriterion,
    Verdict,
    VisitItem,
    VisitRules,
)
from nominations.admin.scopes import events_shown
from nominations.barriers import barred
from nominations.models import Entry
from outbox.models import Job, Message
from seasons.models import Season


def of_seasons(path: str, *named_by: str) -> Any:
    """Rows of the seasons the person runs, with what their names need."""

    def scope(rows: QuerySet[Any], user: Any) -> QuerySet[Any]:
        mine = Season.objects.organised_by(user).values("pk")
        rows = rows.filter(**{f"{path}__in": mine})
        return rows.select_related(*named_by) if named_by else rows

    return scope


def of_entries(path: str) -> Any:
    """Rows about entries the person runs and no conflict hides."""

    def scope(rows: QuerySet[Any], user: Any) -> QuerySet[Any]:
        return rows.filter(**{f"{path}__in": Entry.objects.organised_by(user).values("pk")})

    return scope


def labels_closed_to(user: Any) -> list[str]:
    """What the log and the outbox call the entries closed to somebody, and all that hangs on them."""
    # Nobody reads who objects to themselves.
    against = Objection.objects.filter(judge__user=user).values_list("pk", flat=True)
    labels = [f"judging.objection:{pk}" for pk in against]
    closed = list(Entry.objects.filter(barred(user)).values_list("pk", flat=True).distinct())
    if not closed:
        return labels
    labels += [f"nominations.entry:{pk}" for pk in closed]
    related: list[tuple[Any, str]] = [
        (one.related_model, one.field.name) for one in Entry._meta.related_objects
    ]
    for model, path in [*related, (Scorecard, "assignment__entry")]:
        if isinstance(model, str):
            continue
        keys = model._default_manager.filter(**{f"{path}__in": closed}).values_list("pk", flat=True)
        labels += [f"{model._meta.label_lower}:{pk}" for pk in keys]
    return labels


def without_closed(rows: QuerySet[Any], user: Any) -> QuerySet[Any]:
    """Rows of the log or the outbox, for superusers: not even they read about what is closed to them."""
    if not user.is_superuser:
        return rows.none()
    if rows.model is Event:
        rows = events_shown(rows, user)
    labels = labels_closed_to(user)
    return rows.exclude(about__in=labels) if labels else rows


def conflicts_shown(rows: QuerySet[Any], user: Any) -> QuerySet[Any]:
    """Conflicts that touch one's seasons, without the entries closed to oneself."""
    entries = Entry.objects.organised_by(user)
    return rows.filter(
        Q(entry__in=entries.values("pk"))
        | Q(organisation__in=entries.values("organisation"))
        | Q(organisation__isnull=False, declared_by=user)
    )


for log in (Event, Message, Job):
    scopes[log] = without_closed
scopes[Jury] = of_seasons("season", "season")
scopes[Judge] = of_seasons("jury__season", "user", "jury__season")
scopes[Agreement] = of_seasons("season", "season")
scopes[Consent] = of_seasons("agreement__season")
scopes[Conflict] = conflicts_shown
scopes[Rubric] = of_seasons("season", "season")
scopes[Dimension] = of_seasons("rubric__season")
scopes[Criterion] = of_seasons("dimension__rubric__season")
scopes[Band] = of_seasons("criterion__dimension__rubric__season")
scopes[Guidance] = of_seasons("criterion__dimension__rubric__season")
scopes[Phase] = of_seasons("rubric__season")
scopes[SplitCriterion] = of_seasons("dimension__rubric__season")
scopes[Consultation] = of_seasons("rubric__season")
scopes[Invitee] = of_seasons("consultation__rubric__season")
scopes[Opinion] = of_seasons("invitee__consultation__rubric__season")
scopes[Round] = of_seasons("season", "season", "stage__season")
scopes[Sample] = of_seasons("round__season", "round__season")
scopes[SampleAnswer] = of_seasons("sample__round__season")
scopes[ReferenceMark] = of_seasons("sample__round__season")
scopes[Assignment] = lambda rows, user: rows.filter(
    pk__in=Assignment.objects.organised_by(user).values("pk")
)
scopes[DefenceRules] = of_seasons("round__season")
scopes[Secretary] = of_seasons("round__season", "user")
scopes[VisitRules] = of_seasons("round__season")
scopes[VisitItem] = of_seasons("round__season")
scopes[SiteVisit] = of_entries("entry")
scopes[DefenceSlot] = of_entries("entry")
scopes[PaperSheet] = of_entries("assignment__entry")
scopes[Scorecard] = of_entries("assignment__entry")
scopes[Verdict] = of_entries("scorecard__assignment__entry")
scopes[Mark] = of_entries("scorecard__assignment__entry")


class ReadOnlyAdmin(ReadableTexts, ScopedModelAdmin):
    """Rows that only a service writes."""

    may_add = False
    may_change = False


def act_with_reason(
    model_admin: Any,
    request: HttpRequest,
    rows: Iterable[Model],
    *,
    action: str,
    title: Any,
    text: Any,
    act: Callable[[Any, str], Any],
    done: Any,
) -> HttpResponse | None:
    """Ask why, on a page of its own; then do it to every chosen row, and say what was refused."""
    form = ReasonForm(request.POST if "confirmed" in request.POST else None)
    rows = list(rows)
    if form.is_valid():
        count = 0
        for row in rows:
            try:
                act(row, form.cleaned_data["reason"])
                count += 1
            except DomainError as error:
                messages.error(request, f"{row}: {error}")
        if count:
            messages.success(request, done % {"count": count})
        return None
    context = {
        **admin.site.each_context(request),
        "title": title,
        "text": text,
        "rows": rows,
        "form": form,
        "action": action,
        "opts": model_admin.model._meta,
    }
    return TemplateResponse(request, "admin/judging/reason.html", context)
