"""The standings behind what is public: their fingerprints, and their protocols where a season shows them."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.http import HttpResponse, JsonResponse

from results.models import Decision, Release, ReleaseState, Standing, StandingBasis
from results.services.protocol import protocol
from seasons.models import Season

# A protocol stays inside where fewer judges stand behind a score.
LEAST = 3
# What a protocol tells besides the standing.
RELATED = ("basis", "lock", "previous", "nomination", "rule__season")
# By the SHA-256 of scorecards, which never change under it: the fewest behind one score.
_FEWEST: dict[str, int] = {}


@dataclass(frozen=True)
class Offered:
    """A standing behind a public outcome, and whether its protocol may be shown."""

    standing: Standing
    open: bool


def standings_behind(season: Season) -> list[Standing]:
    """By released outcome and nomination: what the decisions rest on, or else the last before the release.

    As many queries whatever the number of nominations; what the standings hold is left unread.
    """
    releases = Release.objects.filter(rule__season=season, state=ReleaseState.RELEASED)
    released = {rule: at for rule, at in releases.values_list("rule_id", "released_at") if at}
    rows = (
        Standing.objects.filter(rule__in=released, basis__isnull=False)
        .annotate(decided=Exists(Decision.objects.filter(standing=OuterRef("pk"))))
        .select_related("rule", "nomination", "lock", "basis")
        .defer("results", "inputs", "changes", "basis__inputs", "lock__content")
        .order_by("computed_at", "pk")
    )
    found: dict[tuple[int, int], Standing] = {}
    for row in rows:
        key = (row.rule_id, row.nomination_id)
        before = found.get(key)
        in_time = row.computed_at <= released[row.rule_id]
        if row.decided or (in_time and not getattr(before, "decided", False)):
            found[key] = row
    return sorted(found.values(), key=lambda row: (row.rule.kind, row.nomination.number))


def offered(season: Season) -> list[Offered]:
    """The same, each with whether three judges at least stand behind every score it holds."""
    rows = standings_behind(season)
    fewest = fewest_behind({row.basis.sha256 for row in rows if row.basis is not None})
    return [
        Offered(row, row.basis is not None and fewest[row.basis.sha256] >= LEAST) for row in rows
    ]


def fewest_behind(bases: set[str]) -> dict[str, int]:
    """How many scorecards stand behind the score that rests on the fewest, by basis."""
    unread = bases - _FEWEST.keys()
    for sha256, inputs in StandingBasis.objects.filter(sha256__in=unread).values_list(
        "sha256", "inputs"
    ):
        counts = Counter(
            (leaf, card[0]) for leaf, cards in inputs["scorecards"].items() for card in cards
        )
        _FEWEST[sha256] = min(counts.values(), default=0)
    return {sha256: _FEWEST[sha256] for sha256 in bases}


def file_name(standing: Standing, ending: str) -> str:
    """What a protocol is called when it is kept."""
    rule = standing.rule
    return f"protocol-{rule.season.code}-{rule.kind}-{standing.nomination.number}.{ending}"


def download(standing: Standing) -> HttpResponse:
    """The protocol of one standing (read with ``RELATED``) as JSON, to be recomputed."""
    answer = JsonResponse(
        protocol(standing), json_dumps_params={"indent": 1, "ensure_ascii": False}
    )
    name = file_name(standing, "json")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
