"""Invitations to juries, registrations for public ones, objections to judges, who has signed."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from accounts.models import User
from accounts.names import name_key
from common.admin import ScopedRelatedFilter, scopes
from common.errors import DomainError
from common.http import UserRequest
from common.policy import STAFF, policy
from judging.admin.common import ReadOnlyAdmin, act_with_reason, of_seasons
from judging.barriers import interests_of
from judging.models import Agreement, Jury, JuryInvitation, Objection, Registration
from judging.services.agreements import remind_unsigned, signatures
from judging.services.inviting import (
    invite_judge,
    resend_jury_invitation,
    revoke_jury_invitation,
)
from judging.services.objections import decide_objection
from judging.services.registering import decide_registration
from nominations.models import Entry
from seasons.models import Season

NOBODY = 0
SHOWN = 30

scopes[JuryInvitation] = of_seasons("jury__season", "jury__season", "invited_by")
scopes[Registration] = of_seasons("jury__season", "jury__season", "user")
scopes[Objection] = lambda rows, user: rows.filter(
    pk__in=Objection.objects.organised_by(user).values("pk")
)


class InviteForm(forms.Form):
    """Whom to ask onto which jury, and how."""

    jury = forms.ModelChoiceField(
        Jury.objects.none(), label=_("Jury"), widget=UnfoldAdminSelectWidget
    )
    email = forms.EmailField(label=_("E-mail"), widget=UnfoldAdminTextInputWidget)
    language = forms.ChoiceField(
        label=_("Language of the letter"),
        choices=settings.LANGUAGES,
        widget=UnfoldAdminSelectWidget,
    )
    text = forms.CharField(
        label=_("Personal words"),
        required=False,
        max_length=2000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
    )
    employer = forms.CharField(
        label=_("Employer"),
        required=False,
        max_length=200,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("For the check of interests; the person may correct it."),
    )
    past_employers = forms.CharField(
        label=_("Earlier employers, one a line"),
        required=False,
        max_length=2000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
    )
    chair = forms.BooleanField(label=_("As chair"), required=False, widget=UnfoldBooleanWidget)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["jury"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - for the type checker
        mine = Season.objects.organised_by(user).values("pk")
        field.queryset = Jury.objects.filter(season__in=mine).select_related("season")


def interests_before(said: dict[str, Any], organiser: User) -> dict[str, Any]:
    """What would be closed to somebody, among the entries the organiser may see."""
    season = said["jury"].season_id
    entries = list(
        Entry.objects.organised_by(organiser)
        .filter(nomination__season=season)
        .exclude(status="withdrawn")
    )
    known = User.objects.filter(email__iexact=said["email"]).first()
    person = known or User(pk=NOBODY, email=said["email"])
    keys = {
        (person.pk, False): {name_key(said["employer"])} - {""},
        (person.pk, True): {name_key(one) for one in said["past_employers"].splitlines()} - {""},
    }
    found = interests_of([person], entries, said=keys)
    numbers = {entry.pk: entry.number for entry in entries}
    bars = sorted({numbers[one.entry_id] for one in found if one.hard})
    warns = sorted({numbers[one.entry_id] for one in found if not one.hard} - set(bars))
    return {
        "total": len(entries),
        "bars": bars,
        "bars_shown": bars[:SHOWN],
        "warns": warns,
        "warns_shown": warns[:SHOWN],
        "kinds": sorted({one.words for one in found}),
    }


@policy(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: UserRequest) -> HttpResponse:
    """Ask somebody onto a jury: first what interests would bar, then the letter."""
    form = InviteForm(
        request.POST or None, user=request.user, initial={"jury": request.GET.get("jury")}
    )
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": gettext("Invite to a jury"),
        "form": form,
        "opts": JuryInvitation._meta,
    }
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            said = dict(form.cleaned_data)
            if "confirmed" not in request.POST:
                context["check"] = interests_before(said, request.user)
                return TemplateResponse(request, "admin/judging/invite.html", context)
            try:
                made = invite_judge(said.pop("jury"), by=request.user, **said)
            except DomainError as error:
                form.add_error(error.field if error.field in form.fields else None, str(error))
            else:
                told = (
                    gettext("The invitation is sent.") if made else gettext("It was sent already.")
                )
                messages.success(request, told)
                return redirect("admin:judging_juryinvitation_changelist")
    return TemplateResponse(request, "admin/judging/invite.html", context, status=status)


@admin.register(JuryInvitation)
class JuryInvitationAdmin(ReadOnlyAdmin):
    """Who was asked, and what they said."""

    list_before_template = "admin/judging/_above_invitations.html"
    list_display = ("email", "jury", "how", "chair", "sent_at", "expires_at", "invited_by")
    list_filter = (("jury", ScopedRelatedFilter),)
    search_fields = ("email",)
    fields = (
        "email",
        "jury",
        ("language", "chair"),
        "text",
        ("employer", "past_employers"),
        ("sent_at", "expires_at"),
        ("accepted_at", "declined_at", "revoked_at"),
        "decline_reason",
    )
    actions = ("send_again", "revoke")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(invite)
        return [path("invite/", view, name="judging_juryinvitation_invite"), *super().get_urls()]

    @admin.display(description=_("state"))
    def how(self, invitation: JuryInvitation) -> str:
        """Whether it was accepted, declined, taken back, or ran out."""
        return {
            "accepted": gettext("accepted"),
            "declined": gettext("declined"),
            "revoked": gettext("taken back"),
            "waiting": gettext("waits for an answer"),
            "expired": gettext("ran out"),
        }[invitation.state]

    @admin.action(description=_("Send again"), permissions=["view"])
    def send_again(self, request: HttpRequest, rows: Any) -> None:
        """A new link, another 14 days; the old link is dead."""
        self.each(request, rows, resend_jury_invitation, _("Sent again: %(count)d."))

    @admin.action(description=_("Take back"), permissions=["view"])
    def revoke(self, request: HttpRequest, rows: Any) -> None:
        """The link stops working."""
        self.each(request, rows, revoke_jury_invitation, _("Taken back: %(count)d."))

    def each(self, request: HttpRequest, rows: Any, act: Any, done: Any) -> None:
        """Do it to every chosen row, and say what was refused."""
        count = 0
        for row in rows:
            try:
                act(row, by=request.user)
                count += 1
            except DomainError as error:
                messages.error(request, f"{row}: {error}")
        if count:
            messages.success(request, done % {"count": count})


@admin.register(Registration)
class RegistrationAdmin(ReadOnlyAdmin):
    """Who asks onto a public jury; the same mailbox twice is flagged."""

    list_display = ("user", "jury", "profile", "employer", "status", "twice", "made_at")
    list_filter = (("jury", ScopedRelatedFilter), "status", "profile")
    search_fields = ("user__full_name", "user__email", "employer")
    fields = (
        ("user", "jury"),
        ("profile", "employer"),
        "about",
        ("status", "made_at"),
        ("decided_by", "decided_at"),
        "answer",
    )
    actions = ("confirm", "decline")
    change_form_outer_before_template = "admin/judging/_decide.html"

    def get_queryset(self, request: HttpRequest) -> Any:
        same = Registration.objects.filter(
            jury=OuterRef("jury"), email_key=OuterRef("email_key")
        ).exclude(pk=OuterRef("pk"))
        return super().get_queryset(request).annotate(is_twice=Exists(same))

    @admin.display(description=_("same mailbox twice"), boolean=True)
    def twice(self, registration: Any) -> bool:
        """Another registration came from what may be the same mailbox."""
        return bool(registration.is_twice)

    @admin.action(description=_("Confirm"), permissions=["view"])
    def confirm(self, request: HttpRequest, rows: Any) -> None:
        """They may judge at once."""
        count = 0
        for row in rows:
            try:
                decide_registration(row, by=request.user, accept=True)  # type: ignore[arg-type]
                count += 1
            except DomainError as error:
                messages.error(request, f"{row}: {error}")
        if count:
            messages.success(request, gettext("Confirmed: %(count)d.") % {"count": count})

    @admin.action(description=_("Decline…"), permissions=["view"])
    def decline(self, request: HttpRequest, rows: Any) -> HttpResponse | None:
        """The person reads the reason."""
        return act_with_reason(
            self,
            request,
            rows,
            action="decline",
            title=_("Decline registrations"),
            text=_("Each person gets a mail with the reason."),
            act=lambda row, reason: decide_registration(
                row,
                by=request.user,  # type: ignore[arg-type]
                accept=False,
                reason=reason,
            ),
            done=_("Declined: %(count)d."),
        )


@admin.register(Objection)
class ObjectionAdmin(ReadOnlyAdmin):
    """What entrants say against judges; closed to whoever may not see the entry, and to the judge."""

    list_display = ("entry", "judge", "status", "reason", "made_at", "decided_by")
    list_filter = ("status",)
    list_select_related = (
        "entry__organisation",
        "entry__nomination__season",
        "judge__user",
        "decided_by",
    )
    search_fields = ("entry__number", "judge__user__full_name")
    fields = (
        ("entry", "judge"),
        "reason",
        ("made_by", "made_at"),
        "status",
        ("decided_by", "decided_at"),
        "answer",
    )
    actions = ("accept", "decline")
    change_form_outer_before_template = "admin/judging/_decide.html"

    @admin.action(description=_("Accept: bar the judge from the entry…"), permissions=["view"])
    def accept(self, request: HttpRequest, rows: Any) -> HttpResponse | None:
        """The judge is barred from the entry at once."""
        return self.decide(request, rows, accept=True)

    @admin.action(description=_("Decline…"), permissions=["view"])
    def decline(self, request: HttpRequest, rows: Any) -> HttpResponse | None:
        """The entrant reads why."""
        return self.decide(request, rows, accept=False)

    def decide(self, request: HttpRequest, rows: Any, *, accept: bool) -> HttpResponse | None:
        """Ask for the answer to the entrant, then decide."""
        return act_with_reason(
            self,
            request,
            rows.filter(status="open"),
            action="accept" if accept else "decline",
            title=_("Accept objections") if accept else _("Decline objections"),
            text=_(
                "The judge loses the entry at once and is not told who objected. The entrant reads what you write."
            )
            if accept
            else _("The judge keeps the entry. The entrant reads what you write."),
            act=lambda row, reason: decide_objection(
                row,
                by=request.user,  # type: ignore[arg-type]
                accept=accept,
                answer=reason,
            ),
            done=_("Decided: %(count)d."),
        )


@policy(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def signed(request: UserRequest, pk: int) -> HttpResponse:
    """Who has signed a version of the agreement and who has not, with a reminder."""
    mine = Season.objects.organised_by(request.user).values("pk")
    rows = Agreement.objects.filter(season__in=mine).select_related("season")
    agreement = get_object_or_404(rows, pk=pk)
    if request.method == "POST":
        try:
            count = remind_unsigned(agreement, by=request.user)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            told = ngettext("%(count)d reminder is sent.", "%(count)d reminders are sent.", count)
            messages.success(request, told % {"count": count})
        return redirect("admin:judging_agreement_signed", agreement.pk)
    consents, waiting = signatures(agreement)
    context = {
        **admin.site.each_context(request),
        "title": gettext("Who has signed"),
        "agreement": agreement,
        "consents": consents,
        "waiting": waiting,
        "opts": Agreement._meta,
    }
    return TemplateResponse(request, "admin/judging/signed.html", context)
