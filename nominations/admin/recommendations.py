"""The back office of recommendations: read them, approve or decline."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from accounts.models import User
from common.admin import ScopedModelAdmin, ScopedRelatedFilter, scopes
from common.errors import DomainError
from common.policy import STAFF, policy
from nominations.models import Recommendation, RecommendationState
from nominations.services.recommendations import (
    approve_recommendation,
    decline_recommendation,
    is_own,
)
from seasons.models import Season

scopes[Recommendation] = lambda rows, user: rows.filter(
    season__in=Season.objects.organised_by(user)
)

STATE_COLOURS = {
    RecommendationState.WAITING: "warning",
    RecommendationState.APPROVED: "success",
    RecommendationState.DECLINED: "default",
}


class NoteForm(forms.Form):
    """What the recommender reads."""

    note = forms.CharField(
        label=_("Note to the recommender"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


@admin.register(Recommendation)
class RecommendationAdmin(ScopedModelAdmin):
    """What peers recommend; the organisers approve or decline on pages that ask first."""

    season_path = "season"
    may_add = False
    may_change = False
    list_display = (
        "organisation_name",
        "contact_name",
        "recommended_by",
        "season",
        "written_at",
        "shown_state",
    )
    list_filter = ("state", ("season", ScopedRelatedFilter))
    list_select_related = ("season", "recommended_by")
    search_fields = ("organisation_name", "contact_name", "contact_email")
    fields = (
        ("organisation_name", "season"),
        ("contact_name", "contact_email"),
        "reason",
        ("recommended_by", "written_at"),
        "own",
        ("state", "decided_by", "decided_at"),
        "note",
        "what_to_do",
    )
    readonly_fields = ("own", "what_to_do")

    @display(description=_("state"), ordering="state", label=STATE_COLOURS)
    def shown_state(self, recommendation: Recommendation) -> tuple[str, str]:
        """The state as a coloured label."""
        return recommendation.state, recommendation.get_state_display()

    @display(description=_("own organisation"), boolean=True)
    def own(self, recommendation: Recommendation) -> bool:
        """Whether the recommender belongs to it."""
        return is_own(recommendation)

    @display(description=_("what to do"))
    def what_to_do(self, recommendation: Recommendation) -> str:
        """Buttons while it waits; afterwards the way to its code."""
        return render_to_string(
            "admin/nominations/recommendation/buttons.html", {"recommendation": recommendation}
        )

    def get_urls(self) -> list[Any]:
        own = path(
            "<int:pk>/<slug:verb>/decide/",
            self.admin_site.admin_view(self.decide_view),
            name="nominations_recommendation_decide",
        )
        return [own, *super().get_urls()]

    @policy(STAFF)
    def decide_view(self, request: HttpRequest, pk: int, verb: str) -> HttpResponse:
        """Show what will happen; do it when confirmed."""
        if verb not in {"approve", "decline"} or not isinstance(request.user, User):
            raise Http404
        rows: QuerySet[Recommendation] = self.get_queryset(request)
        recommendation = get_object_or_404(rows, pk=pk)
        posted = request.method == "POST"
        form = NoteForm(request.POST if posted else None)
        act = approve_recommendation if verb == "approve" else decline_recommendation
        if posted and form.is_valid():
            try:
                act(recommendation, by=request.user, note=form.cleaned_data["note"])
            except DomainError as error:
                form.add_error("note" if error.field == "note" else None, str(error))
            else:
                messages.success(request, gettext("Done. The mails are on their way."))
                return redirect("admin:nominations_recommendation_changelist")
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Approve the recommendation")
            if verb == "approve"
            else gettext("Decline the recommendation"),
            "opts": self.opts,
            "recommendation": recommendation,
            "own": is_own(recommendation),
            "form": form,
            "verb": verb,
        }
        return TemplateResponse(
            request,
            "admin/nominations/recommendation/decide.html",
            context,
            status=422 if posted else 200,
        )
