"""What the tests of accounts share."""

from decimal import Decimal
from uuid import uuid4

import pytest

from judging.services import open_scorecard, save_comment, save_mark, submit_scorecard


@pytest.fixture
def scored(assignment, judging_open, judge_user):
    """Submit the judge's scorecard with a mark and a comment."""

    def score(mark, comment):
        judging_open()
        card = open_scorecard(assignment, by=judge_user)
        for criterion in assignment.round.rubric.dimensions.get().criteria.all():
            save_mark(card, criterion, by=judge_user, value=Decimal(mark), base_version=0)
        card.refresh_from_db()
        card = save_comment(
            card, by=judge_user, comment=comment, private_note="", base_version=card.version
        )
        submit_scorecard(card, by=judge_user, key=uuid4())

    return score
