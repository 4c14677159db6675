"""A result with a visit on site: what becomes of entries that nobody visited."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from common.errors import DomainError
from judging.models import Assignment, Scorecard, ScorecardStatus
from judging.tests.visits import make_visited_round
from results.models import Method, Missing, ResultPart
from results.services import compute_standing
from seasons.models import StageKind
from tests.factories import make_rubric

pytestmark = pytest.mark.django_db


@pytest.fixture
def visits(season, jury):
    rubric = make_rubric(season, "on-site")
    return make_visited_round(season, rubric, jury, season.stages.get(kind=StageKind.JUDGING))


@pytest.fixture
def entries(laureate_rule, essay_round, visits, judges, compete, score):
    """Aster and Birch are visited, each by a judge of its own; Cedar is not."""
    laureate_rule.rounds.set([essay_round, visits])
    laureate_rule.quota = 3
    laureate_rule.save()
    found = [compete(name) for name in ("Aster", "Birch", "Cedar")]
    for entry, totals in zip(found, [(60, 62, 64), (70, 72, 74), (80, 82, 84)], strict=True):
        score(entry, essay_round, *totals)
    for entry, judge, total in zip(found, judges[3:], [95, 40], strict=False):
        Scorecard.objects.create(
            assignment=Assignment.objects.create(round=visits, judge=judge, entry=entry),
            revision=entry.revisions.get(),
            status=ScorecardStatus.SUBMITTED,
            total=total,
            submitted_at=timezone.now(),
        )
    return found


@pytest.fixture
def compose(laureate_rule, essay_round, visits, nomination, organiser):
    """The standing of essay 80 and visit 20, the visit by a method of its own."""

    def act(missing, method=Method.MEAN):
        laureate_rule.missing = missing
        laureate_rule.save()
        for round_, weight, own in ((essay_round, 80, ""), (visits, 20, method)):
            ResultPart.objects.create(
                rule=laureate_rule, slug=round_.slug, weight=weight, round=round_, method=own
            )
        return compute_standing(laureate_rule, nomination, by=organiser)

    return act


@pytest.mark.parametrize(
    ("missing", "wanted", "said"),
    [
        (Missing.SHARED, [(68.6, 2), (65.6, 3), (82.0, 1)], "weight shared"),
        (Missing.ZERO, [(68.6, 1), (65.6, 2), (65.6, 2)], "counts as zero"),
        (Missing.NO_PLACE, [(68.6, 1), (65.6, 2), (None, None)], "0 / 1"),
    ],
)
def test_an_entry_that_was_not_visited_stands_where_the_rule_says_and_the_table_says_which(
    missing, wanted, said, entries, compose, laureate_rule, organiser, client_of
):
    rows = {row.entry: row for row in compose(missing).rows.select_related("entry")}
    page = client_of(organiser).get(
        reverse("admin:results_outcomerule_nomination", args=[laureate_rule.pk, 1])
    )

    found = [(rows[entry].score, rows[entry].place) for entry in entries]
    assert found == [
        (None if score is None else Decimal(str(score)), place) for score, place in wanted
    ]
    text = page.content.decode()
    told = ("weight shared", "counts as zero", "0 / 1")
    assert [text.count(f">{one}</span>") for one in told] == [one == said for one in told]


def test_teams_that_visit_different_entries_cannot_be_compared_and_the_remedy_is_named(
    entries, compose
):
    with pytest.raises(DomainError, match="choose the plain mean"):
        compose(Missing.SHARED, method="")
