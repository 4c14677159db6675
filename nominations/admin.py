"""The back office of nominations and entries: watch, read what was submitted, admit or disqualify."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from accounts.models import Organisation, User
from audit.models import Event
from common.admin import (
    ScopedModelAdmin,
    ScopedRelatedFilter,
    ScopedStackedInline,
    ScopedTabularInline,
    changeable,
    scopes,
)
from common.errors import DomainError
from common.policy import STAFF, policy
from nominations.barriers import barred
from nominations.content import readable
from nominations.models import (
    Category,
    Entry,
    EntryKind,
    EntryStatus,
    Hint,
    Nomination,
    ParticipantRole,
    Prompt,
    Revision,
)
from nominations.services import admit_entry, disqualify_entry
from outbox.models import Message
from seasons.models import Season


def own_organisations(rows: QuerySet[Organisation], user: Any) -> QuerySet[Organisation]:
    """Organisations that enter one's seasons and nobody else's; others change theirs themselves."""
    if user.is_superuser:
        return rows
    seasons = Season.objects.organised_by(user).values("pk")
    elsewhere = Entry.objects.exclude(nomination__season__in=seasons).values("organisation")
    here = Entry.objects.organised_by(user).values("organisation")
    return rows.filter(pk__in=here).exclude(pk__in=elsewhere)


def events_shown(rows: QuerySet[Event], user: Any) -> QuerySet[Event]:
    """The log, without the seasons in which a conflict hides an entry: it names the chosen ones."""
    hidden = Season.objects.filter(nominations__entries__in=Entry.objects.filter(barred(user)))
    chains = [f"season:{slug}" for slug in hidden.values_list("slug", flat=True).distinct()]
    return rows.exclude(chain__in=chains) if user.is_superuser else rows.none()


def messages_shown(rows: QuerySet[Message], user: Any) -> QuerySet[Message]:
    """Mails, without those about entries that a conflict hides."""
    hidden = Entry.objects.filter(barred(user)).values_list("pk", flat=True).distinct()
    about = [f"nominations.entry:{pk}" for pk in hidden]
    return rows.exclude(about__in=about) if user.is_superuser else rows.none()


changeable[Organisation] = own_organisations
scopes[Event] = events_shown
scopes[Message] = messages_shown
scopes[Category] = lambda rows, user: rows.filter(season__in=Season.objects.organised_by(user))
scopes[Nomination] = lambda rows, user: rows.filter(season__in=Season.objects.organised_by(user))
scopes[Prompt] = lambda rows, user: rows.filter(
    nomination__season__in=Season.objects.organised_by(user)
)
scopes[Hint] = lambda rows, user: rows.filter(
    nomination__season__in=Season.objects.organised_by(user)
)
scopes[Entry] = lambda rows, user: rows.filter(pk__in=Entry.objects.organised_by(user).values("pk"))

LONGEST_ID = 19  # digits; beyond them no database has a key
VERBS = {"admit": _("Admit to judging"), "disqualify": _("Disqualify")}
STATUS_COLOURS = {
    EntryStatus.DRAFT: "warning",
    EntryStatus.SUBMITTED: "info",
    EntryStatus.RETURNED: "warning",
    EntryStatus.ADMITTED: "success",
    EntryStatus.DISQUALIFIED: "danger",
    EntryStatus.WITHDRAWN: "default",
}


@admin.register(Category)
class CategoryAdmin(ScopedModelAdmin):
    """Groups of nominations."""

    list_display = ("number", "name", "season")
    list_display_links = ("name",)
    list_filter = (("season", ScopedRelatedFilter),)
    list_select_related = ("season",)
    ordering = ("season", "number")


class NominationForm(forms.ModelForm[Nomination]):
    """Kinds and roles as boxes to tick instead of JSON to type."""

    kinds = forms.MultipleChoiceField(
        label=_("who may enter"),
        choices=EntryKind.choices,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )
    requires_roles = forms.MultipleChoiceField(
        label=_("roles an entry must name"),
        choices=ParticipantRole.choices,
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=_("Leave empty when there is no such rule."),
    )

    class Meta:
        model = Nomination
        fields = (
            "season",
            "category",
            "number",
            "slug",
            "name",
            "summary",
            "kinds",
            "requires_roles",
        )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        season, category = cleaned.get("season"), cleaned.get("category")
        if season and category and category.season_id != season.pk:
            self.add_error("category", _("Choose a category of the same season."))
        return cleaned


class PromptInline(ScopedStackedInline):
    """What the essay answers."""

    model = Prompt
    ordering = ("position",)
    fields = (
        ("position", "slug", "kind", "required"),
        "label",
        "help",
        ("min_words", "max_words", "minimum"),
        "minimum_message",
    )


class HintInline(ScopedTabularInline):
    """Where to look instead."""

    model = Hint
    fk_name = "nomination"
    fields = ("better", "text")


@admin.register(Nomination)
class NominationAdmin(ScopedModelAdmin):
    """What is competed for."""

    form = NominationForm
    list_display = ("number", "name", "category", "season")
    list_display_links = ("name",)
    list_filter = (("season", ScopedRelatedFilter), ("category", ScopedRelatedFilter))
    list_select_related = ("season", "category")
    search_fields = ("slug", "number")
    ordering = ("season", "number")
    inlines = (PromptInline, HintInline)


@admin.register(Entry)
class EntryAdmin(ScopedModelAdmin):
    """Entries as organisers see them: how far each is, and what was submitted; drafts stay closed."""

    may_add = False
    may_change = False
    list_display = (
        "number",
        "applicant",
        "nomination",
        "shown_status",
        "progress",
        "revision",
        "changed_at",
    )
    list_filter = (
        ("nomination__season", ScopedRelatedFilter),
        "status",
        ("nomination", ScopedRelatedFilter),
    )
    list_select_related = ("nomination", "organisation")
    search_fields = ("number", "organisation__name", "revisions__content__title")
    ordering = ("-nomination__season", "number")
    actions = ("admit", "disqualify")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("number", "status", "progress"),
                    "nomination",
                    "organisation",
                    "status_reason",
                    ("created_by", "created_at", "changed_at"),
                    "what_to_do",
                )
            },
        ),
        (_("What was submitted"), {"fields": ("submitted", "earlier_revisions")}),
    )
    readonly_fields = (
        "progress",
        "what_to_do",
        "submitted",
        "earlier_revisions",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: Any = super().get_queryset(request)
        revisions = Revision.objects.select_related("submitted_by")
        found: QuerySet[Any] = rows.with_progress().select_related(
            "nomination__season", "organisation"
        )
        return (
            found.prefetch_related(Prefetch("revisions", revisions)) if self.one(request) else found
        )

    class Media:
        css = {"all": ("css/nominations-admin.css",)}

    @staticmethod
    def one(request: HttpRequest) -> bool:
        """Whether the page shows one entry, not the list."""
        match = request.resolver_match
        return match is not None and "object_id" in match.kwargs

    @display(description=_("applicant"), ordering="organisation__name")
    def applicant(self, entry: Entry) -> str:
        """The person or team, or the organisation."""
        return entry.display_name

    @display(description=_("status"), ordering="status", label=STATUS_COLOURS)
    def shown_status(self, entry: Entry) -> tuple[str, str]:
        """The status as a coloured label."""
        return entry.status, entry.get_status_display()

    @display(description=_("answered"))
    def progress(self, entry: Any) -> str:
        """How many of the required questions have an answer."""
        return str(
            _("%(answered)d of %(asked)d") % {"answered": entry.answered, "asked": entry.asked}
        )

    @display(description=_("revision"))
    def revision(self, entry: Any) -> str:
        """The number of the latest revision."""
        return str(entry.revision_number or "—")

    @display(description=_("latest revision"))
    def submitted(self, entry: Entry) -> str:
        """The essay of the latest revision, read-only."""
        revision = next(iter(entry.revisions.all()), None)
        if revision is None:
            return str(_("Nothing is submitted yet. The draft belongs to the nominee."))

        def file_url(token: str) -> str:
            return reverse("nominations:attachment", args=[entry.pk, token])

        context = {
            "revision": revision,
            "season": entry.season,
            "content": readable(revision.content, file_url),
        }
        return render_to_string("admin/nominations/entry/submitted.html", context)

    @display(description=_("earlier revisions"))
    def earlier_revisions(self, entry: Entry) -> str:
        """Links to the receipts of all revisions."""
        context = {"entry": entry, "revisions": entry.revisions.all()[1:], "season": entry.season}
        return render_to_string("admin/nominations/entry/revisions.html", context)

    @display(description=_("vetting"))
    def what_to_do(self, entry: Entry) -> str:
        """Buttons for the moves that are open to an organiser."""
        possible = {
            EntryStatus.SUBMITTED: ["admit", "disqualify"],
            EntryStatus.ADMITTED: ["disqualify"],
            EntryStatus.DISQUALIFIED: ["admit"],
        }.get(EntryStatus(entry.status), [])
        buttons = [
            {"label": VERBS[verb], "url": f"{self.vet_url(verb)}?ids={entry.pk}", "verb": verb}
            for verb in possible
        ]
        return render_to_string("admin/nominations/entry/buttons.html", {"buttons": buttons})

    @staticmethod
    def vet_url(verb: str) -> str:
        """The page that asks before it acts."""
        return reverse("admin:nominations_entry_vet", args=[verb])

    def ask(self, queryset: QuerySet[Entry], verb: str) -> HttpResponse:
        """Lead from the list to the page that asks."""
        ids = ",".join(str(pk) for pk in queryset.values_list("pk", flat=True)[:200])
        return HttpResponseRedirect(f"{self.vet_url(verb)}?ids={ids}")

    @admin.action(description=_("Admit to judging…"), permissions=["view"])
    def admit(self, request: HttpRequest, queryset: QuerySet[Entry]) -> HttpResponse:
        """Ask, then admit the chosen entries."""
        return self.ask(queryset, "admit")

    @admin.action(description=_("Disqualify…"), permissions=["view"])
    def disqualify(self, request: HttpRequest, queryset: QuerySet[Entry]) -> HttpResponse:
        """Ask for the reason, then disqualify the chosen entries."""
        return self.ask(queryset, "disqualify")

    def get_urls(self) -> list[Any]:
        own = path(
            "vet/<slug:verb>/",
            self.admin_site.admin_view(self.vet_view),
            name="nominations_entry_vet",
        )
        return [own, *super().get_urls()]

    @policy(STAFF)
    def vet_view(self, request: HttpRequest, verb: str) -> HttpResponse:
        """Show what will happen to which entries; do it when confirmed."""
        if verb not in VERBS or not isinstance(request.user, User):
            raise Http404
        parts = request.GET.get("ids", "").split(",")
        ids = [part for part in parts if part.isdecimal() and len(part) < LONGEST_ID]
        entries = list(self.get_queryset(request).filter(pk__in=ids[:200]).order_by("number"))
        if not entries:
            raise Http404
        reason = request.POST.get("reason", "").strip()
        error = ""
        if request.method == "POST":
            if verb == "disqualify" and not reason:
                error = str(_("Give the reason; the nominee will read it."))
            else:
                self.vet(request, request.user, entries, verb=verb, reason=reason)
                return HttpResponseRedirect(
                    reverse("admin:nominations_entry_change", args=[entries[0].pk])
                    if len(entries) == 1
                    else reverse("admin:nominations_entry_changelist")
                )
        context = {
            **self.admin_site.each_context(request),
            "title": VERBS[verb],
            "opts": self.opts,
            "entries": entries,
            "verb": verb,
            "reason": reason,
            "error": error,
        }
        return TemplateResponse(request, "admin/nominations/entry/vet.html", context)

    def vet(
        self, request: HttpRequest, by: User, entries: list[Entry], *, verb: str, reason: str
    ) -> None:
        """Act on each entry by the same service as everywhere, and say how it went."""
        done = 0
        for entry in entries:
            try:
                if verb == "admit":
                    admit_entry(entry, by=by)
                else:
                    disqualify_entry(entry, by=by, reason=reason)
                done += 1
            except DomainError as error:
                messages.error(request, f"{entry.number}: {error}")
        if done:
            text = (
                ngettext("%(count)d entry is admitted.", "%(count)d entries are admitted.", done)
                if verb == "admit"
                else ngettext(
                    "%(count)d entry is disqualified.", "%(count)d entries are disqualified.", done
                )
            )
            messages.success(request, text % {"count": done})
