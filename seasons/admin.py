"""The back office of programmes, seasons and their clocks."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from accounts.models import User
from common.admin import (
    ScopedModelAdmin,
    ScopedRelatedFilter,
    ScopedTabularInline,
    scopes,
)
from common.errors import DomainError
from seasons.models import (
    Channel,
    Extension,
    Organiser,
    Programme,
    Season,
    Stage,
)
from seasons.services import (
    add_organiser,
    ask_two_people,
    check_extension,
    check_two_people,
    extend,
    move_stage,
    remove_organiser,
)

scopes[Season] = lambda rows, user: rows.filter(
    pk__in=Season.objects.organised_by(user).values("pk")
)
scopes[Programme] = lambda rows, user: (
    rows if user.is_superuser else rows.filter(organiser_rows__user=user)
)
scopes[Stage] = lambda rows, user: rows.filter(season__in=Season.objects.organised_by(user))
scopes[Extension] = lambda rows, user: rows.filter(
    stage__season__in=Season.objects.organised_by(user)
)
scopes[Organiser] = lambda rows, user: rows.filter(
    programme__in=scopes[Programme](Programme.objects.all(), user)
)


class OrganiserInline(ScopedTabularInline):
    """Who runs the programme; only a superuser changes it."""

    model = Organiser
    autocomplete_fields = ("user",)
    superusers_only = True


@admin.register(Programme)
class ProgrammeAdmin(ScopedModelAdmin):
    """Award brands."""

    list_display = ("name", "slug")
    inlines = (OrganiserInline,)
    may_add = False

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Who runs a programme is a right: it is given and taken by services, which log it."""
        by: Any = request.user
        changed = formset.save(commit=False)
        gone = {row.pk for row in [*formset.deleted_objects, *changed] if row.pk is not None}
        for row in Organiser.objects.filter(pk__in=gone).select_related("user", "programme"):
            remove_organiser(row, by=by)
        for row in changed:
            add_organiser(row.programme, row.user, by=by)
        formset.save_m2m()

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return isinstance(request.user, User) and request.user.is_superuser


class StageInline(ScopedTabularInline):
    """A season's clock; names and the rest are on the page of each stage."""

    model = Stage
    fields = ("title", "opens_at", "closes_at")
    readonly_fields = ("title",)
    ordering = ("opens_at",)
    show_change_link = True
    hide_title = True
    may_add = False
    may_delete = False

    @admin.display(description=_("stage"))
    def title(self, stage: Stage) -> str:
        """What the stage is called."""
        return str(stage.name)


class SeasonForm(forms.ModelForm[Season]):
    """The ways in as boxes to tick instead of JSON to type."""

    channels = forms.MultipleChoiceField(
        label=_("how applicants come in"),
        choices=Channel.choices,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=_("Unless it is open to everybody, an organisation needs a code to enter."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if two_people := self.fields.get("two_person_release"):
            two_people.help_text = _(
                "One organiser prepares a release, an appeal's decision or taking a release back; another "
                "confirms it. A change is logged, and waits while something needs its second person."
            )

    def clean_channels(self) -> list[str]:
        """One way in at least, in a fixed order."""
        chosen = self.cleaned_data["channels"]
        return [value for value in Channel.values if value in chosen]

    def clean_two_person_release(self) -> bool:
        """What waits for a second person is not left to the first one."""
        wanted = bool(self.cleaned_data["two_person_release"])
        if self.instance.pk:
            try:
                check_two_people(Season.objects.get(pk=self.instance.pk), wanted=wanted)
            except DomainError as error:
                raise forms.ValidationError(str(error)) from error
        return wanted


@admin.register(Season)
class SeasonAdmin(ScopedModelAdmin):
    """A season and its stages; moving a deadline is logged."""

    form = SeasonForm
    season_path = ""

    list_display = ("name", "programme", "code", "published", "now")
    list_select_related = ("programme",)
    inlines = (StageInline,)
    fieldsets = (
        (None, {"fields": ("name", "programme", "slug", "code", "summary")}),
        (_("Texts"), {"fields": ("about", "rules"), "classes": ("tab",)}),
        (
            _("Look and language"),
            {"fields": ("language", "time_zone", "accent", "logo"), "classes": ("tab",)},
        ),
        (
            _("Running it"),
            {
                "fields": (
                    "published",
                    "two_person_release",
                    "moderate_comments",
                    "contact_email",
                ),
                "classes": ("tab",),
            },
        ),
        (
            _("Entering"),
            {
                "fields": ("channels", "max_entries_per_applicant", "draft_rule"),
                "classes": ("tab",),
            },
        ),
    )

    @admin.display(description=_("stage now"))
    def now(self, season: Season) -> str:
        """The stages whose clock runs."""
        running = [str(stage.name) for stage in season.stages.all() if stage.is_open()]
        return ", ".join(running) or "—"

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("stages__extensions")

    def save_model(self, request: HttpRequest, obj: Season, form: Any, change: bool) -> None:
        by: Any = request.user
        if change:
            ask_two_people(obj, wanted=obj.two_person_release, by=by)
        super().save_model(request, obj, form, change)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Let the service move stages that stood before, so that the log has the old instants."""
        for row in formset.save(commit=False):
            if row.pk is not None:
                move_stage(row, by=request.user, opens_at=row.opens_at, closes_at=row.closes_at)  # type: ignore[arg-type]
            row.save()
        for row in formset.deleted_objects:
            row.delete()
        formset.save_m2m()


@admin.register(Stage)
class StageAdmin(ScopedModelAdmin):
    """Every dated step; here deadlines move."""

    season_path = "season"

    list_display = ("name", "season", "kind", "opens_at", "closes_at", "state_now")
    list_filter = (("season", ScopedRelatedFilter), "kind")
    list_select_related = ("season",)
    fields = ("season", ("slug", "kind"), "name", "who", "opens_at", "closes_at")

    @admin.display(description=_("state"))
    def state_now(self, stage: Stage) -> str:
        """Over, running or coming."""
        return str({"past": _("over"), "now": _("running"), "next": _("coming")}[stage.state()])

    def save_model(self, request: HttpRequest, obj: Stage, form: Any, change: bool) -> None:
        if change:
            move_stage(obj, by=request.user, opens_at=obj.opens_at, closes_at=obj.closes_at)  # type: ignore[arg-type]
        super().save_model(request, obj, form, change)


class ExtensionForm(forms.ModelForm[Extension]):
    """A later deadline; one that is none is refused beside its field."""

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or {}
        if not self.errors:
            try:
                check_extension(data["stage"], data["until"])
            except DomainError as error:
                self.add_error(error.field, str(error))
        return data


@admin.register(Extension)
class ExtensionAdmin(ScopedModelAdmin):
    """Later deadlines: who allowed it, why, until when; never changed, only added to."""

    form = ExtensionForm
    list_display = ("stage", "organisation", "until", "reason", "granted_by", "granted_at")
    list_select_related = ("stage__season", "organisation", "granted_by")
    list_filter = (("stage__season", ScopedRelatedFilter),)
    fields = ("stage", "organisation", "until", "reason")
    may_change = False

    def save_model(self, request: HttpRequest, obj: Extension, form: Any, change: bool) -> None:
        made = extend(
            obj.stage,
            by=request.user,  # type: ignore[arg-type]
            until=obj.until,
            reason=obj.reason,
            organisation=obj.organisation,
        )
        obj.pk = made.pk
