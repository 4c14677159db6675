"""Planning site visits: when, where, who of the jury goes, and who is elsewhere at that time."""

from typing import Any

from django.contrib import admin
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.admin import ScopedModelAdmin, ScopedRelatedFilter
from common.moments import home_zone, in_zone
from judging.admin.common import act_with_reason
from judging.barriers import barred_entries
from judging.forms.visits import TeamForm, VisitForm
from judging.models import Entrants, Judge, SiteVisit
from judging.services.visits import cancel_visit, move_visit, plan_visit, set_team
from judging.visit_pages import Clash, clashes_of

TIMES = ("starts_at", "ends_at", "place", "note")


@admin.register(SiteVisit)
class SiteVisitAdmin(ScopedModelAdmin):
    """Visits to applicants; each change is mailed to the applicant and the team."""

    list_display = ("starts_at", "entry", "round", "place", "state", "who_goes")
    list_filter = (("round", ScopedRelatedFilter), "status")
    list_select_related = ("entry__organisation", "round__season")
    search_fields = ("entry__number", "entry__organisation__name", "place")
    season_path = "round.season"
    actions = ("cancel",)

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = super().get_queryset(request)
        return rows.select_related("entry__organisation", "round__season", "round__stage")

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Read the teams of the page's rows at once."""
        changelist = super().get_changelist_instance(request)
        rows = list(changelist.result_list)
        prefetch_related_objects(rows, "members__judge__user")
        changelist.result_list = rows
        return changelist

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return ("round", "entry_number", *TIMES)
        if obj.is_over:
            return ("round", "entry", *TIMES, "state", "who_goes", "cancel_reason", "report")
        return ("state", "round", "entry", *TIMES, "clashes", "team", "leader", "report")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return ()
        always = ("round", "entry", "state", "who_goes", "clashes", "report")
        return (*always, *TIMES, "cancel_reason") if obj.is_over else always

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        over = obj is not None and obj.is_over
        return not over and super().has_change_permission(request, obj)

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        over = obj is not None and obj.is_over
        kwargs["form"] = VisitForm if obj is None or over else TeamForm
        kwargs["fields"] = ("round", *TIMES) if obj is None else () if over else TIMES
        made = super().get_form(request, obj, **kwargs)
        attributes: dict[str, Any] = {"organiser": request.user}
        if obj is not None:
            attributes["entry_number"] = None
        if obj is not None and not over:
            self.learn(request, obj)
            attributes["judges"], attributes["notes"] = obj.free, obj.notes
        return type("VisitFormOfOrganiser", (made,), attributes)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None and db_field.name == "round":
            visiting = field.queryset.filter(entrants=Entrants.VISITED)
            field.queryset = visiting.select_related("season")
        return field

    def free_judges(self, visit: SiteVisit) -> list[Judge]:
        """Active members of the round's juries, without those an interest bars from the entry."""
        seats = Judge.objects.active().filter(jury__rounds=visit.round)
        rows = list(
            seats.select_related("user", "jury").order_by("user__full_name", "pk").distinct()
        )
        closed = barred_entries({seat.user_id: seat.user for seat in rows}.values(), [visit.entry])
        return [seat for seat in rows if not closed[seat.user_id]]

    def learn(self, request: HttpRequest, visit: Any) -> None:
        """Who may go, and who is elsewhere then; the page asks for its form more than once."""
        if hasattr(visit, "free"):
            return
        user: Any = request.user
        visit.free = self.free_judges(visit)
        team = list(visit.members.select_related("judge__user"))
        visit.known_clashes = clashes_of(
            visit.entry,
            {one.user_id for one in visit.free} | {one.judge.user_id for one in team},
            starts_at=visit.starts_at,
            ends_at=visit.ends_at,
            but=visit.pk,
            by=user,
        )
        found: dict[int | None, list[str]] = {}
        for clash in visit.known_clashes:
            found.setdefault(clash.person, []).append(clash_in_words(clash, visit))
        visit.notes = {
            one.pk: "; ".join(found[one.user_id]) for one in visit.free if one.user_id in found
        }
        visit.names = {one.judge.user_id: one.judge.user.full_name for one in team}

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        user: Any = request.user
        said = {name: getattr(obj, name) for name in TIMES}
        if not change:
            made = plan_visit(obj.round, form.cleaned_data["entry_number"], by=user, **said)
            obj.pk, obj.entry = made.pk, made.entry
            return
        move_visit(obj, by=user, **said)
        set_team(obj, form.cleaned_data["team"], leader=form.cleaned_data["leader"], by=user)

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        """The team is picked next."""
        self.message_user(request, _("The visit is planned. Now say who goes."))
        return redirect("admin:judging_sitevisit_change", obj.pk)

    @admin.display(description=gettext_lazy("status"), ordering="status")
    def state(self, visit: SiteVisit) -> str:
        """How far it is, and whether the applicant asks for another time."""
        words = str(visit.get_status_display())
        if visit.move_reason and not visit.is_over:
            asked = _("asks to move it")
            return f"{words} · {asked}: {visit.move_reason}"
        return words

    @admin.display(description=gettext_lazy("team"))
    def who_goes(self, visit: SiteVisit) -> str:
        """The team, its leader first."""
        return ", ".join(one.judge.user.full_name for one in visit.members.all()) or "—"

    @admin.display(description=gettext_lazy("elsewhere at that time"))
    def clashes(self, visit: SiteVisit) -> str:
        """The applicant and members of the team who have something else then."""
        names = {None: _("The applicant"), **getattr(visit, "names", {})}
        rows = [
            (f"{names[clash.person]}: {clash_in_words(clash, visit)}",)
            for clash in getattr(visit, "known_clashes", [])
            if clash.person in names
        ]
        return format_html_join(SafeString("<br>"), "{}", rows) or "—"

    @admin.display(description=gettext_lazy("check list and findings"))
    def report(self, visit: SiteVisit) -> str:
        """The way to what the team noted."""
        url = visit.get_absolute_url()
        return format_html('<a class="underline" href="{}">{}</a>', url, _("Read what was noted"))

    @admin.action(description=gettext_lazy("Cancel the visit…"), permissions=["view"])
    def cancel(self, request: HttpRequest, rows: Any) -> HttpResponse | None:
        """Call visits off; the applicant and the team get a mail."""
        user: Any = request.user
        return act_with_reason(
            self,
            request,
            rows.select_related("entry", "round__season"),
            action="cancel",
            title=_("Cancel the visit"),
            text=_(
                "The applicant and the team are told the reason. The entry leaves the round unless"
                " somebody has scored it there."
            ),
            act=lambda row, reason: cancel_visit(row, by=user, reason=reason),
            done=gettext_lazy("Cancelled: %(count)d."),
        )


def clash_in_words(clash: Clash, visit: SiteVisit) -> str:
    """Where somebody is then, in the zone of the visit's season."""
    text = (
        _("presents or hears entry %(number)s, %(when)s")
        if clash.defence
        else _("visit to entry %(number)s, %(when)s")
    )
    zone = home_zone(visit.round.season.time_zone)
    return text % {"number": clash.number, "when": in_zone(clash.starts_at, zone)}
