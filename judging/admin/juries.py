"""Juries and their members, agreements and consents, conflicts."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.admin import (
    ScopedModelAdmin,
    ScopedRelatedFilter,
    ScopedStackedInline,
    ScopedTabularInline,
)
from common.errors import DomainError
from common.readable import ReadableTexts
from judging.admin.coming import signed
from judging.admin.common import ReadOnlyAdmin, act_with_reason
from judging.admin.interests import interests, tell_of_interests
from judging.forms.back_office import ConflictForm, MemberForm
from judging.models import Agreement, Conflict, Consent, Judge, Jury
from judging.services import add_judge, declare_conflict, remove_judge
from judging.services.conflicts import ask_to_lift, confirm_lifting, record_violation


class JudgeInline(ScopedStackedInline):
    """Members; they are removed on their own page, with a reason."""

    model = Judge
    form = MemberForm
    autocomplete_fields = ("user",)
    fields = (
        "user",
        ("position", "employer"),
        "past_employers",
        ("chair", "listed"),
        "biography",
    )
    may_delete = False
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).filter(removed_at=None).select_related("user")


@admin.register(Jury)
class JuryAdmin(ReadableTexts, ScopedModelAdmin):
    """Panels of a season."""

    list_display = ("name", "season", "kind", "members")
    list_filter = (("season", ScopedRelatedFilter), "kind")
    list_select_related = ("season",)
    fields = (
        "name",
        ("season", "kind"),
        "slug",
        ("admission", "handout"),
        "daily_limit",
        "about",
    )
    inlines = (JudgeInline,)

    @admin.display(description=_("members"))
    def members(self, jury: Jury) -> int:
        """How many judge now."""
        return len([judge for judge in jury.judges.all() if judge.removed_at is None])

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("judges")

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """A new member comes through the service, which logs it."""
        for row in formset.save(commit=False):
            if row.pk is not None:
                row.save()
                continue
            made = add_judge(
                row.jury,
                row.user,
                by=request.user,  # type: ignore[arg-type]
                position=row.position,
                employer=row.employer,
                biography=row.biography,
                chair=row.chair,
                listed=row.listed,
            )
            if row.past_employers:
                made.past_employers = row.past_employers
                made.save(update_fields=["past_employers"])
            row.pk = made.pk
            tell_of_interests(request, made)
        formset.save_m2m()


@admin.register(Judge)
class JudgeAdmin(ReadableTexts, ScopedModelAdmin):
    """Members of juries, with those who were removed."""

    list_display = ("user", "jury", "position", "employer", "chair", "listed", "removed_at")
    list_filter = (("jury", ScopedRelatedFilter), "chair", "listed", "available", "background")
    list_select_related = ("user", "jury__season")
    search_fields = ("user__full_name", "user__email", "employer")
    fields = (
        ("user", "jury"),
        ("position", "employer"),
        "past_employers",
        ("chair", "listed"),
        ("background", "languages"),
        ("city", "areas"),
        ("load_limit", "available"),
        "biography",
        ("since", "removed_at", "violation"),
        "removal_reason",
    )
    readonly_fields = ("user", "jury", "since", "removed_at", "violation", "removal_reason")
    actions = ("remove_from_jury", "record_violation")
    may_add = False

    @admin.action(description=_("Remove from the jury…"), permissions=["change"])
    def remove_from_jury(self, request: HttpRequest, rows: Any) -> HttpResponse | None:
        """Access ends at once and the scorecards no longer count."""
        return act_with_reason(
            self,
            request,
            rows.filter(removed_at=None),
            action="remove_from_jury",
            title=_("Remove from the jury"),
            text=_("They lose access at once, and their scorecards no longer count."),
            act=lambda judge, reason: remove_judge(judge, by=request.user, reason=reason),  # type: ignore[arg-type]
            done=_("Removed: %(count)d."),
        )

    @admin.action(description=_("Record a violation of the agreement…"), permissions=["change"])
    def record_violation(self, request: HttpRequest, rows: Any) -> HttpResponse | None:
        """The member is removed and told why."""
        return act_with_reason(
            self,
            request,
            rows.filter(removed_at=None),
            action="record_violation",
            title=_("Record a violation of the agreement"),
            text=_(
                "They are removed from the jury at once, their scorecards no longer count, and they"
                " get a mail with the reason. The log keeps it for good."
            ),
            act=lambda judge, reason: record_violation(judge, by=request.user, reason=reason),  # type: ignore[arg-type]
            done=_("Recorded: %(count)d."),
        )


class ConsentInline(ScopedTabularInline):
    """Who accepted this version."""

    model = Consent
    fields = ("user", "language", "text_sha256", "given_at")
    readonly_fields = fields
    may_add = False
    may_change = False
    may_delete = False

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("user", "agreement__season")


@admin.register(Agreement)
class AgreementAdmin(ReadableTexts, ScopedModelAdmin):
    """Confidentiality agreements; the first consent locks one, a change is a new version."""

    change_form_before_template = "admin/judging/_above_agreement.html"
    list_display = ("version", "season", "since", "consents_given")
    list_filter = (("season", ScopedRelatedFilter),)
    list_select_related = ("season",)
    fields = (("season", "version"), "text")
    inlines = (ConsentInline,)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(signed)
        return [
            path("<int:pk>/signed/", view, name="judging_agreement_signed"),
            *super().get_urls(),
        ]

    @admin.display(description=_("consents"))
    def consents_given(self, agreement: Agreement) -> int:
        """How many accepted it."""
        return len(agreement.consents.all())

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("consents")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        locked = isinstance(obj, Agreement) and obj.consents.exists()
        return not locked and super().has_change_permission(request, obj)


@admin.register(Consent)
class ConsentAdmin(ReadOnlyAdmin):
    """Who accepted which words, in which language, when."""

    list_display = ("user", "agreement", "language", "given_at", "text_sha256")
    list_filter = (("agreement", ScopedRelatedFilter), "language")
    list_select_related = ("user", "agreement__season")
    search_fields = ("user__full_name", "user__email")
    fields = ("user", "agreement", "language", "given_at", "text_sha256")


class InForceFilter(admin.SimpleListFilter):
    """Conflicts that bar, or those that were lifted."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("bars", _("bars")), ("asked", _("asked to lift")), ("lifted", _("lifted"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        chosen: dict[str, dict[str, Any]] = {
            "bars": {"lifted_at": None},
            "asked": {"lifted_at": None, "lift_asked_by__isnull": False},
            "lifted": {"lifted_at__isnull": False},
        }
        return queryset.filter(**chosen.get(self.value() or "", {}))


@admin.register(Conflict)
class ConflictAdmin(ScopedModelAdmin):
    """Interests that bar a person; they bind organisers and superusers as well."""

    form = ConflictForm
    list_before_template = "admin/judging/_above_conflicts.html"
    list_display = ("user", "entry", "organisation", "applies", "reason", "declared_by", "state")
    list_filter = (InForceFilter,)
    list_select_related = (
        "user",
        "entry__organisation",
        "entry__nomination__season",
        "organisation",
        "declared_by",
        "lift_asked_by",
    )
    search_fields = ("user__full_name", "entry__number", "organisation__name")
    autocomplete_fields = ("user", "organisation")
    actions = ("ask", "confirm")
    may_change = False

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(interests)
        return [path("found/", view, name="judging_conflict_found"), *super().get_urls()]

    @admin.display(description=_("applies in"))
    def applies(self, conflict: Conflict) -> str:
        """A conflict with an organisation is the person's, whatever they judge."""
        if conflict.entry is None:
            return gettext("all seasons of all programmes")
        return str(conflict.entry.season.name)

    @admin.display(description=_("state"))
    def state(self, conflict: Conflict) -> str:
        """Whether it bars, and what happens to it."""
        if conflict.lifted_at is not None:
            return gettext("lifted")
        if conflict.lift_asked_by is not None:
            asked = {"name": str(conflict.lift_asked_by)}
            return gettext("bars; %(name)s asked to lift it") % asked
        return gettext("bars")

    @admin.action(description=_("Ask to lift…"), permissions=["view"])
    def ask(self, request: HttpRequest, rows: Any) -> HttpResponse | None:
        """The first of two people says why."""
        return act_with_reason(
            self,
            request,
            rows.filter(lifted_at=None),
            action="ask",
            title=_("Ask to lift conflicts"),
            text=_("Each bars on until another organiser confirms that it no longer holds."),
            act=lambda row, reason: ask_to_lift(row, by=request.user, reason=reason),  # type: ignore[arg-type]
            done=_("Asked: %(count)d."),
        )

    @admin.action(description=_("Confirm the lifting"), permissions=["view"])
    def confirm(self, request: HttpRequest, rows: Any) -> None:
        """The second of two people agrees."""
        for row in rows.filter(lifted_at=None):
            try:
                confirm_lifting(row, by=request.user)  # type: ignore[arg-type]
            except DomainError as error:
                messages.error(request, f"{row}: {error}")
            else:
                messages.success(request, gettext("Lifted: %(row)s.") % {"row": row})

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return ("user", "entry_number", "organisation", "reason")
        return (
            "user",
            "entry",
            "organisation",
            "reason",
            ("declared_by", "declared_at"),
            ("lift_asked_by", "lift_reason"),
            ("lifted_by", "lifted_at"),
        )

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        kwargs["fields"] = ("user", "organisation", "reason")
        made = super().get_form(request, obj, **kwargs)
        return type("ConflictFormOfOrganiser", (made,), {"organiser": request.user})

    def save_model(self, request: HttpRequest, obj: Conflict, form: Any, change: bool) -> None:
        made = declare_conflict(
            obj.user,
            by=request.user,  # type: ignore[arg-type]
            reason=obj.reason,
            entry=form.cleaned_data.get("entry_number"),
            organisation=obj.organisation,
        )
        obj.pk = made.pk
