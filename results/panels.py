"""Blocks of this room on the pages of the rooms below."""

from collections.abc import Sequence

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.models import User
from diplomas.models import Diploma
from judging.models import Advancement
from nominations.models import Entry
from nominations.panels import EntryNote, EntryStep
from results.appeals import appeal_counts, contestable
from results.models import Appeal, Feedback, OutcomeKind, PublishedResult
from results.public import expected, published, sections
from seasons.models import Season, Stage, StageKind


def season_results(request: HttpRequest, season: Season) -> SafeString | None:
    """What has been released, on the season's page; before that, nothing at all."""
    rows = published(season)
    if not rows:
        return None
    shown = [one for section in sections(rows) for one in section.nominations]
    return render_to_string(
        "results/_season_panel.html",
        {
            "season": season,
            "laureates": [row for one in shown for row in one.laureates],
            "finalists": len({row.entry_id for row in rows}),
            "nominations": len(shown),
            "expected": expected(season, rows),
            "appeals": appeal_counts(season),
        },
        request=request,
    )


def entry_results(request: HttpRequest, entry: Entry) -> SafeString | None:
    """Outcomes, diplomas and feedback of one entry; before a release there is nothing to say."""
    outcomes = list(PublishedResult.objects.filter(entry=entry).order_by("published_at"))
    own = Entry.objects.of_member(request.user).filter(pk=entry.pk).exists()
    feedback = (
        Feedback.objects.visible_to(request.user)
        .filter(entry=entry)
        .select_related("stage")
        .first()
    )
    appeals = list(Appeal.objects.filter(entry=entry).select_related("rule")) if own else []
    may_contest = contestable(request.user, entry) if own and isinstance(request.user, User) else []
    if not outcomes and feedback is None and not appeals and not may_contest:
        return None
    season = entry.nomination.season
    defence = (
        Stage.objects.filter(
            season=season, kind=StageKind.DEFENCE, closes_at__gt=timezone.now()
        ).first()
        if Advancement.objects.filter(entry=entry).exists()
        else None
    )
    return render_to_string(
        "results/_entry_panel.html",
        {
            "entry": entry,
            "season": season,
            "outcomes": outcomes,
            "own": own,
            "diplomas": Diploma.objects.visible_to(request.user)
            .filter(entry=entry)
            .order_by("issued_at"),
            "defence": defence,
            "feedback": feedback,
            "appeals": appeals,
            "contestable": may_contest,
            "feedback_open": feedback is not None and feedback.stage.opens_at <= timezone.now(),
        },
        request=request,
    )


def released_steps(user: User, entry: Entry) -> list[EntryStep]:
    """What was released of an entry; before that there is no row, and nothing to tell."""
    return [
        EntryStep(
            at=one.published_at,
            title=_("Released: %(outcome)s") % {"outcome": OutcomeKind(one.kind).label},
            icon="trophy",
        )
        for one in PublishedResult.objects.filter(entry=entry)
    ]


def entry_outcomes(user: User, entries: Sequence[Entry]) -> dict[int, EntryNote]:
    """Released outcomes and open feedback of one's own entries, for a list; two queries."""
    outcomes: dict[int, str] = {}
    rows = PublishedResult.objects.filter(entry__in=entries).values_list("entry", "kind")
    for entry, kind in rows:
        if outcomes.get(entry) != OutcomeKind.LAUREATE:
            outcomes[entry] = kind
    readable = set(
        Feedback.objects.visible_to(user)
        .filter(entry__in=entries, stage__opens_at__lte=timezone.now())
        .values_list("entry", flat=True)
    )
    return {
        entry: EntryNote(
            status=outcomes.get(entry, ""),
            label=OutcomeKind(outcomes[entry]).label.capitalize() if entry in outcomes else "",
            hint=_("The jury's marks and comments are open to you.")
            if entry in readable
            else _("Congratulations! Your diploma is on the entry's page."),
        )
        for entry in outcomes.keys() | readable
    }
