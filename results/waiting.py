"""What of the results waits for an organiser: appeals, questions about feedback, pages of nominees."""

from typing import Any

from django.db.models import Count, Max
from django.urls import reverse
from django.utils.translation import ngettext

from accounts.models import User
from nominations.models import Entry
from results.models import Appeal, Feedback, LaureatePage, PageState
from seasons.models import Season

Line = tuple[str, str]
QUESTIONS = "?asked=waiting"
SEASON = "entry__nomination__season"


def waiting_lines(user: User, seasons: list[Season]) -> dict[int, list[Line]]:
    """By season: words and address of each kind of thing that waits, without what a conflict hides."""
    mine = Entry.objects.organised_by(user).filter(nomination__season__in=seasons).values("pk")
    found: dict[int, list[Line]] = {}
    for season, count in counted(Appeal.objects.waiting().filter(entry__in=mine)):
        text = ngettext("%(count)d appeal to see to", "%(count)d appeals to see to", count)
        address = reverse("admin:results_appeal_changelist")
        found.setdefault(season, []).append((text % {"count": count}, address))
    asked = Feedback.objects.filter(entry__in=mine, asked_at__isnull=False)
    for season, count in counted(asked.filter(answered_at__isnull=True)):
        text = ngettext(
            "%(count)d question about feedback to answer",
            "%(count)d questions about feedback to answer",
            count,
        )
        address = reverse("admin:results_feedback_changelist") + QUESTIONS
        found.setdefault(season, []).append((text % {"count": count}, address))
    pages = LaureatePage.objects.filter(entry__in=mine, state=PageState.APPROVED)
    rows = (
        pages.order_by()
        .values_list(SEASON)
        .annotate(Count("pk", distinct=True), Max(f"{SEASON}__outcome_rules"))
    )
    for season, count, rule in rows:
        text = ngettext(
            "%(count)d nominee's page to look at", "%(count)d nominees' pages to look at", count
        )
        address = reverse("admin:results_outcomerule_laureate_pages", args=[rule])
        found.setdefault(season, []).append((text % {"count": count}, address))
    return found


def counted(rows: Any) -> Any:
    """Season and number of each."""
    return rows.order_by().values_list(SEASON).annotate(Count("pk"))
