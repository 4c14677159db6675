"""Standings, decisions, releases, published results and feedback: read, never edited."""

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from common.admin import ScopedModelAdmin, ScopedRelatedFilter, scopes
from nominations.models import Entry
from results.admin.questions import question
from results.models import Decision, Feedback, PublishedResult, Release, Standing
from seasons.models import Season


def of_seasons(path: str) -> Any:
    """Rows of the seasons the person runs."""

    def scope(rows: QuerySet[Any], user: Any) -> QuerySet[Any]:
        return rows.filter(**{f"{path}__in": Season.objects.organised_by(user).values("pk")})

    return scope


def of_entries(rows: QuerySet[Any], user: Any) -> QuerySet[Any]:
    """Rows about entries the person runs and no conflict hides."""
    return rows.filter(entry__in=Entry.objects.organised_by(user).values("pk"))


scopes[Standing] = of_seasons("rule__season")
scopes[Release] = of_seasons("rule__season")
scopes[Decision] = of_entries
scopes[PublishedResult] = of_entries
scopes[Feedback] = of_entries


class ReadOnlyAdmin(ScopedModelAdmin):
    """Rows that only a service writes."""

    may_add = False
    may_change = False
    list_display_links: Any = None

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields or ()


@admin.register(Standing)
class StandingAdmin(ReadOnlyAdmin):
    """Which standings were computed; their tables are in the console of the outcome."""

    list_display = ["nomination", "rule", "method", "computed_at", "computed_by", "fingerprint"]
    list_filter = [("rule", ScopedRelatedFilter)]
    list_select_related = ["nomination", "rule__season", "computed_by"]
    fields = ["nomination", "rule", "method", "computed_at", "computed_by", "fingerprint"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        seen = Entry.objects.organised_by(request.user).values("pk")
        hidden = Entry.objects.filter(nomination=OuterRef("nomination")).exclude(pk__in=seen)
        rows: QuerySet[Any] = super().get_queryset(request)
        found: QuerySet[Any] = rows.annotate(hides=Exists(hidden))
        return found

    @admin.display(description="SHA-256")
    def fingerprint(self, standing: Any) -> str:
        """Of the inputs; who may not see all of them could find the rest by trying."""
        return "" if standing.hides else str(standing.inputs_sha256)


@admin.register(Release)
class ReleaseAdmin(ReadOnlyAdmin):
    """Who prepared, who confirmed, and when it became public."""

    list_display = [
        "rule",
        "state",
        "not_before",
        "armed_by",
        "armed_at",
        "confirmed_by",
        "confirmed_at",
        "released_at",
    ]
    list_filter = ["state", ("rule", ScopedRelatedFilter)]
    list_select_related = ["rule__season", "armed_by", "confirmed_by"]
    fields = list_display


@admin.register(Decision)
class DecisionAdmin(ReadOnlyAdmin):
    """Who confirmed which outcome, and why where it departs from the proposal."""

    list_display = ["entry", "rule", "reason", "confirmed_by", "confirmed_at"]
    list_filter = [("rule", ScopedRelatedFilter)]
    list_select_related = ["entry__organisation", "rule__season", "confirmed_by"]
    search_fields = ["entry__number", "entry__organisation__name"]
    fields = list_display


@admin.register(PublishedResult)
class PublishedResultAdmin(ReadOnlyAdmin):
    """What the public sees."""

    list_display = ["organisation_name", "nominee_name", "kind", "nomination", "published_at"]
    list_filter = ["kind", ("season", ScopedRelatedFilter)]
    list_select_related = ["nomination"]
    search_fields = ["organisation_name", "nominee_name", "title"]
    fields = [*list_display, "title"]


class QuestionFilter(admin.SimpleListFilter):
    """Feedback that its nominee asked about."""

    title = _("question")
    parameter_name = "asked"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, Any]]:
        return [("waiting", _("to be answered")), ("answered", _("answered"))]

    def queryset(self, _request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() not in {"waiting", "answered"}:
            return rows
        asked = rows.filter(asked_at__isnull=False)
        return asked.filter(answered_at__isnull=self.value() == "waiting")


@admin.register(Feedback)
class FeedbackAdmin(ReadOnlyAdmin):
    """Which nominees have feedback, from when, and whether they have read it."""

    list_display = ["entry", "shown_from", "created_at", "changed_at", "read_at", "asked"]
    list_filter = [QuestionFilter, ("stage", ScopedRelatedFilter)]
    list_select_related = ["entry__organisation", "stage"]
    search_fields = ["entry__number", "entry__organisation__name"]
    fields = ["entry", "shown_from", "created_at", "changed_at", "read_at", "asked"]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(question)
        standard: list[URLPattern] = super().get_urls()
        return [path("<int:pk>/question/", view, name="results_feedback_question"), *standard]

    @admin.display(description=_("question"), ordering="asked_at")
    def asked(self, feedback: Feedback) -> str:
        if feedback.asked_at is None:
            return "—"
        return format_html(
            '<a class="font-semibold" href="{}">{}</a>',
            reverse("admin:results_feedback_question", args=[feedback.pk]),
            _("answered") if feedback.answered_at else _("to be answered"),
        )

    @admin.display(description=_("shown from"), ordering="stage__opens_at")
    def shown_from(self, feedback: Feedback) -> Any:
        return feedback.stage.opens_at
