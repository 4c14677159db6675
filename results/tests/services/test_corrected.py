"""Results take the marks as they stand now."""

from decimal import Decimal

import pytest
from django.utils import timezone

from judging.models import CorrectedMark, Correction, Criterion, Meeting
from judging.services.ledger import append_scorecard
from results.models import Feedback
from results.services.collecting import collect
from results.services.feedback import create_feedback

pytestmark = pytest.mark.django_db


@pytest.fixture
def corrected(essay_round, compete, score, organiser):
    """A scorecard of 70 points that came to 50 in a meeting, with 5 on every criterion, as another has."""
    entry = compete("Aster")
    card, _other = score(entry, essay_round, 70, 50)
    meeting = Meeting.objects.create(
        round=essay_round, entry=entry, opened_by=organiser, opened_at=timezone.now()
    )
    made = Correction.objects.create(
        scorecard=card,
        number=1,
        kind="consensus",
        total=Decimal(50),
        reason="x",
        by=organiser,
        made_at=timezone.now(),
        meeting=meeting,
    )
    for criterion in Criterion.objects.filter(dimension__rubric=essay_round.rubric):
        CorrectedMark.objects.create(correction=made, criterion=criterion, value=Decimal(5))
    return card


def test_a_standing_and_the_feedback_hold_the_corrected_marks(
    corrected, finalist_rule, nomination, season
):
    leaves = [append_scorecard(corrected, by=None) for _each in range(2)]
    pool = collect(finalist_rule).pool_of(nomination)
    create_feedback(season)

    (round_,) = Feedback.objects.get().content["rounds"]
    cards = pool.inputs["scorecards"]["essay"]
    assert [card[2] for card in cards] == ["50.000000"] * 2
    assert {card[3] for card in cards} == {"", leaves[-1].sha256}
    assert round_["average"] == "50"
    assert {one["average"] for part in round_["dimensions"] for one in part["criteria"]} == {"5"}
