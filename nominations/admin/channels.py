"""The back office of coming in: codes, invitations by mail, posters."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext, ngettext, override
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from unfold.decorators import display

from accounts.models import User
from common.admin import ScopedModelAdmin, ScopedRelatedFilter, scopes
from common.errors import DomainError
from common.policy import STAFF, policy
from nominations.clock import entry_window
from nominations.models import EntryCode
from nominations.qr import qr_inline, qr_png, qr_svg
from nominations.services.codes import (
    MOST_INVITED,
    Invitee,
    change_code,
    code_problem,
    invite,
    join_link,
    make_poster_code,
    switch_code,
)
from seasons.models import Channel, Season

scopes[EntryCode] = lambda rows, user: rows.filter(season__in=Season.objects.organised_by(user))


def start_of(day: date | None, season: Season) -> datetime | None:
    """Midnight at the beginning of a day, in the season's zone."""
    return datetime.combine(day, time.min, season.zone) if day else None


def end_of(day: date | None, season: Season) -> datetime | None:
    """The first moment after a day, in the season's zone."""
    return start_of(day + timedelta(days=1), season) if day else None


def day_field(label: Any, help_text: Any = "") -> forms.DateField:
    """A day to choose, which may be left open."""
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class SeasonForm(forms.Form):
    """Whatever is done for one of the person's seasons that comes in by a channel."""

    season = forms.ModelChoiceField(label=_("Season"), queryset=Season.objects.none())

    def __init__(self, *args: Any, user: Any, channel: Channel, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seasons = [
            one for one in Season.objects.organised_by(user) if channel.value in one.channels
        ]
        self.seasons = seasons
        rows = Season.objects.filter(pk__in=[one.pk for one in seasons])
        self.fields["season"].queryset = rows  # type: ignore[attr-defined]
        if len(seasons) == 1:
            self.initial["season"] = seasons[0].pk


class InviteForm(SeasonForm):
    """Addresses to invite, one a line."""

    people = forms.CharField(
        label=_("E-mail addresses"),
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
        help_text=_(
            "One a line, up to %(count)d. A name may stand before or behind: "
            "Anna Karpova <anna@example.org>, or anna@example.org, Anna Karpova."
        )
        % {"count": MOST_INVITED},
    )
    last_day = day_field(_("Last day of the codes"), _("Empty: they work until entries close."))
    key = forms.UUIDField(widget=forms.HiddenInput())

    def clean_people(self) -> list[Invitee]:
        """Every line that is not blank, or which lines cannot be read."""
        found: list[Invitee] = []
        wrong: list[str] = []
        for number, line in enumerate(self.cleaned_data["people"].splitlines(), start=1):
            if not line.strip():
                continue
            invitee = read_invitee(line)
            if invitee is None:
                wrong.append(
                    gettext("Line %(number)d has no e-mail address: %(line)s")
                    % {"number": number, "line": line.strip()[:80]}
                )
            else:
                found.append(invitee)
        if wrong:
            raise ValidationError([ValidationError(message) for message in wrong[:10]])
        if len(found) > MOST_INVITED:
            raise ValidationError(
                gettext("These are %(found)d addresses; send %(most)d at a time.")
                % {"found": len(found), "most": MOST_INVITED}
            )
        return found


def read_invitee(line: str) -> Invitee | None:
    """Address and name of a line, in any order and with the usual signs between."""
    words = line.replace("<", " ").replace(">", " ").replace(";", " ").replace(",", " ").split()
    addresses = [word for word in words if "@" in word]
    if len(addresses) != 1:
        return None
    try:
        validate_email(addresses[0])
    except ValidationError:
        return None
    name = " ".join(word for word in words if word != addresses[0]).strip("\"' ")
    return Invitee(addresses[0], name[:150])


class PosterForm(SeasonForm):
    """A code for a poster."""

    label = forms.CharField(
        label=_("What it is for"),
        max_length=150,
        help_text=_("For your lists, for example: poster in the client centres."),
    )
    first_day = day_field(_("First day"), _("Empty: at once."))
    last_day = day_field(_("Last day"), _("Empty: until entries close."))
    max_uses = forms.IntegerField(
        label=_("Organisations"),
        min_value=1,
        max_value=100_000,
        required=False,
        help_text=_("How many may enter with it; empty means any number."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", gettext("A code ends after it begins."))
        return cleaned


@admin.register(EntryCode)
class EntryCodeAdmin(ScopedModelAdmin):
    """Codes with their uses; invitations and posters are made on pages of their own."""

    season_path = "season"
    may_add = False
    list_before_template = "admin/nominations/entrycode/above_list.html"
    list_display = ("shown_code", "label", "channel", "season", "used", "shown_state", "created_at")
    list_filter = (("season", ScopedRelatedFilter), "channel")
    list_select_related = ("season",)
    search_fields = ("code", "label", "email", "users__organisation__name")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "shown_code",
                    ("channel", "season"),
                    "what_to_do",
                    "label",
                    "email",
                    "max_uses",
                    "valid_from",
                    "valid_until",
                )
            },
        ),
        (_("Who came in with it"), {"fields": ("came_in",)}),
    )
    readonly_fields = (
        "shown_code",
        "channel",
        "season",
        "email",
        "what_to_do",
        "came_in",
    )

    @display(description=_("code"), ordering="code")
    def shown_code(self, code: EntryCode) -> str:
        """In groups of four, as one reads it aloud."""
        return grouped(code.code)

    @display(description=_("used"))
    def used(self, code: EntryCode) -> str:
        """By how many organisations, of how many."""
        if code.max_uses is None:
            return str(code.uses)
        return str(_("%(uses)d of %(most)d") % {"uses": code.uses, "most": code.max_uses})

    @display(description=_("state"), label={"works": "success", "over": "default", "off": "danger"})
    def shown_state(self, code: EntryCode) -> tuple[str, Any]:
        """Whether it lets anybody in now."""
        if code.disabled_at is not None:
            return "off", _("switched off")
        return ("over", _("lets nobody in")) if self.problem(code) else ("works", _("works"))

    @staticmethod
    def problem(code: EntryCode) -> str:
        """Why it lets nobody in, or nothing."""
        return code_problem(code, timezone.now())

    @display(description=_("what to do"))
    def what_to_do(self, code: EntryCode) -> str:
        """Its link and QR code, the poster, and the switch."""
        return render_to_string(
            "admin/nominations/entrycode/buttons.html",
            {"code": code, "link": join_link(code), "problem": self.problem(code)},
        )

    @display(description=_("organisations"))
    def came_in(self, code: EntryCode) -> str:
        """Who used it and when."""
        uses = code.users.select_related("organisation", "used_by").order_by("-used_at")
        return render_to_string(
            "admin/nominations/entrycode/uses.html", {"uses": uses, "season": code.season}
        )

    def save_model(self, request: HttpRequest, obj: EntryCode, form: Any, change: bool) -> None:
        try:
            change_code(obj, by=request.user)  # type: ignore[arg-type]
        except DomainError as error:
            messages.error(request, str(error))

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("invite/", view(self.invite_view), name="nominations_entrycode_invite"),
            path("poster/", view(self.poster_add_view), name="nominations_entrycode_poster_add"),
            path("<int:pk>/poster/", view(self.poster_view), name="nominations_entrycode_poster"),
            path("<int:pk>/qr.<slug:kind>", view(self.qr_view), name="nominations_entrycode_qr"),
            path(
                "<int:pk>/switch/<slug:how>/",
                view(self.switch_view),
                name="nominations_entrycode_switch",
            ),
            *super().get_urls(),
        ]

    def page(
        self, request: HttpRequest, template: str, *, status: int = 200, **context: Any
    ) -> HttpResponse:
        """A page of this admin."""
        base = {**self.admin_site.each_context(request), "opts": self.opts}
        return TemplateResponse(
            request, f"admin/nominations/{template}.html", {**base, **context}, status=status
        )

    def code_or_404(self, request: HttpRequest, pk: int) -> EntryCode:
        """A code of the person's seasons."""
        rows: QuerySet[EntryCode] = self.get_queryset(request)
        return get_object_or_404(rows.select_related("season__programme"), pk=pk)

    @policy(STAFF)
    def invite_view(self, request: HttpRequest) -> HttpResponse:
        """Mail a code to each of the addresses."""
        posted = request.method == "POST"
        form = InviteForm(
            request.POST if posted else None,
            user=request.user,
            channel=Channel.INVITATION,
            initial={"season": request.GET.get("season"), "key": uuid4()},
        )
        if posted and form.is_valid() and isinstance(request.user, User):
            values = form.cleaned_data
            try:
                codes = invite(
                    values["season"],
                    values["people"],
                    by=request.user,
                    key=values["key"],
                    valid_until=end_of(values["last_day"], values["season"]),
                )
            except DomainError as error:
                form.add_error("last_day" if error.field else None, str(error))
            else:
                self.say_invited(request, len(codes))
                return redirect("admin:nominations_entrycode_changelist")
        return self.page(
            request,
            "entrycode/invite",
            title=gettext("Invite by mail"),
            form=form,
            status=422 if posted else 200,
        )

    @staticmethod
    def say_invited(request: HttpRequest, count: int) -> None:
        """Say how many letters are on their way."""
        if not count:
            messages.info(request, gettext("These invitations were sent already."))
            return
        text = ngettext(
            "%(count)d invitation is on its way.", "%(count)d invitations are on their way.", count
        )
        messages.success(request, text % {"count": count})

    @policy(STAFF)
    def poster_add_view(self, request: HttpRequest) -> HttpResponse:
        """Make a code for a poster."""
        posted = request.method == "POST"
        form = PosterForm(
            request.POST if posted else None,
            user=request.user,
            channel=Channel.LINK,
            initial={"season": request.GET.get("season")},
        )
        if posted and form.is_valid() and isinstance(request.user, User):
            values = form.cleaned_data
            season = values["season"]
            try:
                code = make_poster_code(
                    season,
                    by=request.user,
                    label=" ".join(values["label"].split()),
                    valid_from=start_of(values["first_day"], season),
                    valid_until=end_of(values["last_day"], season),
                    max_uses=values["max_uses"],
                )
            except DomainError as error:
                form.add_error("last_day" if error.field else None, str(error))
            else:
                return redirect("admin:nominations_entrycode_change", code.pk)
        return self.page(
            request,
            "entrycode/poster_add",
            title=gettext("Poster link"),
            form=form,
            status=422 if posted else 200,
        )

    @policy(STAFF)
    @method_decorator(require_safe)
    def poster_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A sheet of A4 to print, in the season's main language."""
        code = self.code_or_404(request, pk)
        link = join_link(code)
        with override(code.season.language):
            page = render_to_string(
                "nominations/poster.html",
                {
                    "code": code,
                    "grouped": grouped(code.code),
                    "season": code.season,
                    "window": entry_window(code.season),
                    "link": link,
                    "qr": qr_inline(link),
                    "back": reverse("admin:nominations_entrycode_change", args=[pk]),
                },
                request,
            )
        return HttpResponse(page)

    @policy(STAFF)
    @method_decorator(require_safe)
    def qr_view(self, request: HttpRequest, pk: int, kind: str) -> HttpResponse:
        """The QR code as a file."""
        makers: dict[str, tuple[Callable[[str], bytes], str]] = {
            "svg": (qr_svg, "image/svg+xml"),
            "png": (qr_png, "image/png"),
        }
        if kind not in makers:
            raise Http404
        code = self.code_or_404(request, pk)
        make, content_type = makers[kind]
        response = HttpResponse(make(join_link(code)), content_type=content_type)
        response["Content-Disposition"] = f'attachment; filename="{code.season.slug}-qr.{kind}"'
        response["X-Content-Type-Options"] = "nosniff"
        return response

    @policy(STAFF)
    def switch_view(self, request: HttpRequest, pk: int, how: str) -> HttpResponse:
        """Ask, then switch a code off or on."""
        if how not in {"on", "off"} or not isinstance(request.user, User):
            raise Http404
        code = self.code_or_404(request, pk)
        if request.method == "POST":
            switch_code(code, by=request.user, on=how == "on")
            messages.success(
                request,
                gettext("The code works again.")
                if how == "on"
                else gettext("The code is switched off."),
            )
            return redirect("admin:nominations_entrycode_change", pk)
        return self.page(
            request,
            "entrycode/switch",
            title=gettext("Switch the code on") if how == "on" else gettext("Switch the code off"),
            code=code,
            grouped=grouped(code.code),
            how=how,
        )


def grouped(code: str) -> str:
    """A code in groups of four."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))
