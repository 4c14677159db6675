"""The back office of entries: watch, read what was submitted, admit or disqualify."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import display

from accounts.models import User
from common.admin import (
    ScopedModelAdmin,
    ScopedRelatedFilter,
)
from common.errors import DomainError
from common.policy import STAFF, policy
from nominations.admin.people import AccessPanel
from nominations.conditions import conditions_of
from nominations.content import readable
from nominations.errors import NotInOrder
from nominations.fields import as_lines
from nominations.models import (
    CheckItem,
    Entry,
    EntryStatus,
    Prerequisite,
    Revision,
)
from nominations.permissions import EDITABLE
from nominations.services import admit_entry, disqualify_entry

LONGEST_ID = 19  # digits; beyond them no database has a key
VERBS = {"admit": _("Admit to judging"), "disqualify": _("Disqualify")}
POSSIBLE = {
    EntryStatus.SUBMITTED: ["admit", "disqualify"],
    EntryStatus.RETURNED: ["admit", "disqualify"],
    EntryStatus.ADMITTED: ["disqualify"],
    EntryStatus.DISQUALIFIED: ["admit"],
}
# Pages outside the back office, which the vetting team shares.
PAGES = {
    "vetting_entry": _("Check list"),
    "vetting_return": _("Return for changes"),
    "vetting_reopen": _("Open for changes"),
}
PAGES_FOR = {
    "vetting_entry": set(EntryStatus),
    "vetting_return": {EntryStatus.SUBMITTED, EntryStatus.ADMITTED},
    "vetting_reopen": {*EDITABLE, EntryStatus.WITHDRAWN},
}
STATUS_COLOURS = {
    EntryStatus.DRAFT: "warning",
    EntryStatus.SUBMITTED: "info",
    EntryStatus.RETURNED: "warning",
    EntryStatus.ADMITTED: "success",
    EntryStatus.DISQUALIFIED: "danger",
    EntryStatus.WITHDRAWN: "default",
}


@admin.register(Entry)
class EntryAdmin(AccessPanel, ScopedModelAdmin):
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
        (_("What was submitted"), {"fields": ("documents", "submitted", "earlier_revisions")}),
        (_("People"), {"fields": ("access",)}),
    )
    readonly_fields = (
        "progress",
        "what_to_do",
        "documents",
        "submitted",
        "earlier_revisions",
        "access",
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

        def page_url(token: str, number: int) -> str:
            return reverse("nominations:attachment_page", args=[entry.pk, token, number])

        content = readable(revision.content, file_url, page_url)
        if essay := content["essay"]:
            args = [entry.pk, essay["token"]]
            essay["retry"] = reverse("nominations:attachment_pages", args=args)
            essay["back"] = reverse("admin:nominations_entry_change", args=[entry.pk])
        for shown, kept in zip(content["answers"], revision.content["answers"], strict=True):
            shown["lines"] = as_lines(kept)
        context = {"revision": revision, "season": entry.season, "content": content}
        return render_to_string("admin/nominations/entry/submitted.html", context)

    @display(description=_("documents"))
    def documents(self, entry: Entry) -> str:
        """What the applicant must hold, with buttons that lead to pages that ask."""
        conditions = conditions_of(entry) if list(entry.revisions.all()) else []
        back = reverse("admin:nominations_entry_change", args=[entry.pk])
        return render_to_string(
            "admin/nominations/entry/documents.html", {"conditions": conditions, "back": back}
        )

    @display(description=_("earlier revisions"))
    def earlier_revisions(self, entry: Entry) -> str:
        """Links to the receipts of all revisions."""
        revisions = list(entry.revisions.all())
        context = {
            "entry": entry,
            "revisions": revisions[1:],
            "latest": revisions[0].number if revisions else 0,
            "season": entry.season,
        }
        return render_to_string("admin/nominations/entry/revisions.html", context)

    @display(description=_("vetting"))
    def what_to_do(self, entry: Entry) -> str:
        """Buttons for the moves that are open to an organiser."""
        status = EntryStatus(entry.status)
        buttons = [
            {"label": VERBS[verb], "url": f"{self.vet_url(verb)}?ids={entry.pk}", "verb": verb}
            for verb in POSSIBLE.get(status, [])
        ]
        buttons += [
            {"label": label, "url": reverse(f"nominations:{page}", args=[entry.pk]), "verb": page}
            for page, label in PAGES.items()
            if status in PAGES_FOR[page]
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
            "may_need_reason": CheckItem.objects.filter(
                nomination__in={entry.nomination_id for entry in entries}
            ).exists()
            or Prerequisite.objects.filter(
                season__in={entry.nomination.season_id for entry in entries}
            ).exists(),
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
                    admit_entry(entry, by=by, reason=reason)
                else:
                    disqualify_entry(entry, by=by, reason=reason)
                done += 1
            except DomainError as error:
                lines = error.lines if isinstance(error, NotInOrder) else []
                messages.error(request, " ".join([f"{entry.number}: {error}", *lines]))
        if done:
            text = (
                ngettext("%(count)d entry is admitted.", "%(count)d entries are admitted.", done)
                if verb == "admit"
                else ngettext(
                    "%(count)d entry is disqualified.", "%(count)d entries are disqualified.", done
                )
            )
            messages.success(request, text % {"count": done})
