"""The front page and the side menu of the back office: what each season needs next."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, Subquery, Value
from django.http import HttpRequest
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from diplomas.models import Diploma, DiplomaState
from judging.models import Assignment, ScorecardStatus
from nominations.models import Entry, EntryStatus, Recommendation, RecommendationState
from results.models import Release, ReleaseState
from results.waiting import waiting_lines
from seasons.models import Season, Stage

Link = dict[str, Any]
MOST_QUEUES = 5


def item(title: Any, icon: str, model: str) -> Link:
    """A line of the side menu that leads to a model's list."""
    return {"title": title, "icon": icon, "link": reverse_lazy(f"admin:{model}_changelist")}


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The side menu, in the order of a season; the last group is for superusers."""
    groups: list[dict[str, Any]] = [
        {
            "items": [
                {"title": _("Overview"), "icon": "home", "link": reverse_lazy("admin:index")}
            ],
        },
        {
            "title": _("Season"),
            "items": [
                item(_("Seasons"), "calendar_month", "seasons_season"),
                item(_("Stages and deadlines"), "schedule", "seasons_stage"),
                item(_("Extensions"), "more_time", "seasons_extension"),
                item(_("Programmes"), "workspace_premium", "seasons_programme"),
            ],
        },
        {
            "title": _("Entering"),
            "items": [
                item(_("Entries"), "description", "nominations_entry"),
                *vetting(request),
                item(_("Vetting team"), "how_to_reg", "nominations_vetter"),
                item(_("Nominations"), "format_list_numbered", "nominations_nomination"),
                item(_("Categories"), "category", "nominations_category"),
                item(_("Organisations"), "apartment", "accounts_organisation"),
                item(_("Codes and invitations"), "key", "nominations_entrycode"),
                item(_("Recommendations"), "recommend", "nominations_recommendation"),
                item(_("Prerequisites"), "verified", "nominations_prerequisite"),
            ],
        },
        {
            "title": _("Judging"),
            "items": [
                item(_("Rounds"), "sync", "judging_round"),
                item(_("Juries"), "groups", "judging_jury"),
                item(_("Invitations to juries"), "outgoing_mail", "judging_juryinvitation"),
                item(_("Assignments"), "assignment_ind", "judging_assignment"),
                item(_("Scorecards"), "fact_check", "judging_scorecard"),
                item(_("Paper sheets"), "edit_document", "judging_papersheet"),
                item(_("Rubrics"), "rule", "judging_rubric"),
                item(_("Consultations"), "forum", "judging_consultation"),
                item(_("Calibration samples"), "straighten", "judging_sample"),
                item(_("Defence slots"), "co_present", "judging_defenceslot"),
                item(_("Site visits"), "pin_drop", "judging_sitevisit"),
                item(_("Pairs kept apart"), "social_distance", "judging_avoidpair"),
                item(_("Preferences of judges"), "favorite", "judging_bid"),
                item(_("Conflicts of interest"), "block", "judging_conflict"),
                item(_("Confidentiality agreements"), "lock", "judging_agreement"),
                item(_("Consents"), "how_to_reg", "judging_consent"),
            ],
        },
        {
            "title": _("Results"),
            "items": [
                item(_("Outcomes and releases"), "emoji_events", "results_outcomerule"),
                item(_("Published results"), "public", "results_publishedresult"),
                item(_("Diplomas"), "military_tech", "diplomas_diploma"),
                item(_("Feedback"), "forum", "results_feedback"),
                item(_("Appeals"), "balance", "results_appeal"),
                item(_("Standings"), "leaderboard", "results_standing"),
                item(_("Decisions"), "gavel", "results_decision"),
                item(_("Releases"), "campaign", "results_release"),
            ],
        },
    ]
    user = request.user
    people = [item(_("People"), "person", "accounts_user")]
    if isinstance(user, User) and user.is_superuser:
        people += [
            item(_("Messages"), "mail", "outbox_message"),
            item(_("Jobs"), "settings", "outbox_job"),
            item(_("Log"), "history", "audit_event"),
        ]
    return [*groups, {"title": _("Portal"), "items": people}]


def vetting(request: HttpRequest) -> list[Link]:
    """The queues of vetting in which entries wait, with how many; without any, the newest season's."""
    user = request.user
    if not isinstance(user, User):
        return []
    organised = Season.objects.organised_by(user).order_by("-pk").values("pk")
    submitted = Entry.objects.filter(
        pk__in=Entry.objects.vetted_by(user).values("pk"),
        status=EntryStatus.SUBMITTED,
        nomination__season__in=organised,
    )
    season = "nomination__season"
    waiting = submitted.order_by().values_list(season, f"{season}__slug", f"{season}__code")
    newest = Season.objects.filter(pk=Subquery(organised[:1])).order_by()
    rows = waiting.annotate(waiting=Count("pk")).union(
        newest.values_list("pk", "slug", "code", Value(0)), all=True
    )
    found = sorted(rows, reverse=True)
    seasons = [row for row in found if row[-1]][:MOST_QUEUES] or found[:1]
    return [
        {
            "title": f"{_('Vetting')} · {code}" if len(seasons) > 1 else _("Vetting"),
            "icon": "checklist",
            "link": reverse("nominations:vetting", args=[slug]),
            "badge": number,
            "badge_variant": "warning",
        }
        for _pk, slug, code, number in seasons
    ]


@dataclass
class SeasonCard:
    """What one season's organiser sees first."""

    season: Season
    stages: list[Stage]
    drafts: int
    to_admit: int
    admitted: int
    assigned: int
    scored: int
    failed_diplomas: int
    tasks: list[tuple[str, str]]


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Add a card per season to the front page, counted over what the person may see."""
    user = request.user
    seasons = list(
        Season.objects.organised_by(user)
        .select_related("programme")
        .prefetch_related("stages__extensions")[:12]
    )
    entries = tallies(
        Entry.objects.organised_by(user).filter(nomination__season__in=seasons),
        "nomination__season",
        drafts=Q(status=EntryStatus.DRAFT),
        to_admit=Q(status=EntryStatus.SUBMITTED),
        admitted=Q(status=EntryStatus.ADMITTED),
    )
    work = tallies(
        Assignment.objects.organised_by(user).active().filter(round__season__in=seasons),
        "round__season",
        assigned=Q(),
        scored=Q(scorecard__status=ScorecardStatus.SUBMITTED),
    )
    diplomas = tallies(
        Diploma.objects.visible_to(user).filter(season__in=seasons),
        "season",
        failed_diplomas=Q(state=DiplomaState.FAILED),
    )
    recommended = tallies(
        Recommendation.objects.filter(season__in=seasons),
        "season",
        recommended=Q(state=RecommendationState.WAITING),
    )
    waiting = waiting_releases(user, seasons)
    asked_for = waiting_lines(user, seasons) if isinstance(user, User) else {}
    context["cards"] = []
    for season in seasons:
        numbers = {
            "drafts": 0,
            "to_admit": 0,
            "admitted": 0,
            "assigned": 0,
            "scored": 0,
            "failed_diplomas": 0,
            **entries.get(season.pk, {}),
            **work.get(season.pk, {}),
            **diplomas.get(season.pk, {}),
        }
        context["cards"].append(
            SeasonCard(
                season=season,
                stages=[stage for stage in season.stages.all() if stage.is_open()],
                tasks=tasks(
                    season,
                    {**numbers, **recommended.get(season.pk, {})},
                    waiting.get(season.pk, []),
                )
                + asked_for.get(season.pk, []),
                **numbers,
            )
        )
    return context


def tallies(rows: Any, by: str, **conditions: Q) -> dict[int, dict[str, int]]:
    """Count rows per season under several conditions, in one query."""
    counts = {
        name: Count("pk", filter=condition) if condition else Count("pk")
        for name, condition in conditions.items()
    }
    return {row.pop(by): row for row in rows.order_by().values(by).annotate(**counts)}


def waiting_releases(user: Any, seasons: list[Season]) -> dict[int, list[Release]]:
    """Releases that wait for a second person, and not for the one who prepared them."""
    found: dict[int, list[Release]] = {}
    rows = Release.objects.filter(rule__season__in=seasons, state=ReleaseState.ARMED)
    for release in rows.exclude(armed_by=user).select_related("rule__season"):
        found.setdefault(release.rule.season_id, []).append(release)
    return found


def tasks(season: Season, numbers: dict[str, int], waiting: list[Release]) -> list[tuple[str, str]]:
    """What waits for an organiser: words and address, most pressing first."""
    lines: list[tuple[str, str]] = [
        (
            str(_("Confirm the release: %(outcome)s") % {"outcome": row.rule.get_kind_display()}),
            reverse("admin:results_outcomerule_console", args=[row.rule_id]),
        )
        for row in waiting
    ]
    if numbers["failed_diplomas"]:
        text = ngettext(
            "%(count)d diploma could not be made",
            "%(count)d diplomas could not be made",
            numbers["failed_diplomas"],
        )
        lines.append(
            (
                text % {"count": numbers["failed_diplomas"]},
                reverse("admin:diplomas_diploma_changelist") + "?state__exact=failed",
            )
        )
    if numbers["to_admit"]:
        text = ngettext(
            "%(count)d entry to check and admit",
            "%(count)d entries to check and admit",
            numbers["to_admit"],
        )
        lines.append(
            (
                text % {"count": numbers["to_admit"]},
                reverse("nominations:vetting", args=[season.slug]),
            )
        )
    if count := numbers.get("recommended"):
        text = ngettext(
            "%(count)d recommendation to decide", "%(count)d recommendations to decide", count
        )
        address = reverse("admin:nominations_recommendation_changelist")
        lines.append((text % {"count": count}, f"{address}?state__exact=waiting"))
    if numbers["admitted"] and not numbers["assigned"]:
        lines.append((str(_("Distribute the entries among the judges")), rounds_of(season)))
    return lines


def rounds_of(season: Season) -> str:
    """The address of a season's rounds."""
    return reverse("admin:judging_round_changelist") + f"?season__id__exact={season.pk}"
