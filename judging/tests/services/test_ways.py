"""Screening, ranking, points and pairs: what is kept, what is refused, and what standings make of it."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from common.errors import DomainError
from judging.distribution import Wanted
from judging.lists import latest_revisions, rows_of_list, seen, standing_comparisons
from judging.models import Assignment, Comparison, Leaf, Scorecard, Verdict
from judging.scoring.ways import next_pair
from judging.services import (
    ListConflict,
    VerdictConflict,
    compare,
    confirm_proposal,
    declare_conflict,
    open_scorecard,
    propose,
    propose_file,
    recuse,
    save_mark,
    save_order,
    save_points,
    save_verdict,
    submit_list,
    submit_scorecard,
    submit_verdicts,
)
from judging.verification import verify
from results.models import OutcomeKind, OutcomeRule
from results.services import compute_standing
from tests.factories import make_judge, make_person


@pytest.fixture
def way(work, more_entries) -> Any:
    """The round in another way, with four entries of the judge."""

    def make(name: str, **fields: Any) -> list[Assignment]:
        type(work.round).objects.filter(pk=work.round_id).update(way=name, **fields)
        work.round.refresh_from_db()
        for entry in more_entries(3):
            Assignment.objects.create(round=work.round, judge=work.judge, entry=entry)
        return list(Assignment.objects.order_by("pk"))

    return make


@pytest.fixture
def saw(work, nomination, judge_user) -> Any:
    """What a page of the list shows now."""
    return lambda: seen(latest_revisions(rows_of_list(judge_user, work.round, nomination)))


@pytest.fixture
def standing(season, nomination) -> Any:
    """Compute a standing over a round: entry and points, best first."""

    def compute(round_: Any) -> list[tuple[int | None, float]]:
        rule = OutcomeRule.objects.create(
            season=season,
            kind=OutcomeKind.FINALIST,
            stage=season.stages.get(kind="finalists"),
            quota=2,
        )
        rule.rounds.add(round_)
        made = compute_standing(rule, nomination, by=None)
        return [(row.place, float(row.score)) for row in made.rows.order_by("place", "entry")]

    return compute


def faults(season) -> list[Any]:
    return [one for one in verify(season) if not isinstance(one, int)]


def totals() -> list[float | None]:
    cards = Scorecard.objects.order_by("assignment")
    return [None if card.total is None else round(float(card.total), 2) for card in cards]


def test_a_screening_counts_100_50_and_0(way, judge_user, season, standing):
    rows = way("screening")
    for row, answer in zip(rows, ["yes", "maybe", "no", "yes"], strict=True):
        save_verdict(row, by=judge_user, answer=answer, comment="", base_version=0)
    key = uuid4()

    assert submit_verdicts(rows[0].round, by=judge_user, key=key) == 4
    assert submit_verdicts(rows[0].round, by=judge_user, key=key) == 4

    assert totals() == [100.0, 50.0, 0.0, 100.0]
    assert Leaf.objects.count() == 4
    assert faults(season) == []
    assert standing(rows[0].round) == [(1, 100.0), (1, 100.0), (3, 50.0), (4, 0.0)]


def test_a_verdict_may_change_until_it_is_submitted_but_not_from_an_old_page(way, judge_user):
    row, *_others = way("screening")
    save_verdict(row, by=judge_user, answer="no", comment="", base_version=0)

    with pytest.raises(VerdictConflict):
        save_verdict(row, by=judge_user, answer="yes", comment="", base_version=0)
    save_verdict(row, by=judge_user, answer="maybe", comment="Hm.", base_version=1)

    assert Verdict.objects.get().answer == "maybe"


def test_a_no_needs_a_comment_where_the_round_says_so(way, judge_user):
    row, *_others = way("screening", comment_on_no=True)

    with pytest.raises(DomainError, match=row.entry.number):
        save_verdict(row, by=judge_user, answer="no", comment="", base_version=0)
    save_verdict(row, by=judge_user, answer="no", comment="No figures.", base_version=0)

    assert submit_verdicts(row.round, by=judge_user, key=uuid4()) == 1


def test_a_ranking_counts_the_share_of_the_others_below(
    way, judge_user, nomination, saw, season, standing
):
    rows = way("ranking")
    order = [rows[at].pk for at in (2, 0, 3, 1)]
    ballot = save_order(rows[0].round, nomination, by=judge_user, order=order, base_version=0)
    key = uuid4()

    submit_list(rows[0].round, nomination, by=judge_user, key=key, saw=saw())
    submit_list(rows[0].round, nomination, by=judge_user, key=key, saw="")

    assert totals() == [66.67, 0.0, 100.0, 33.33]
    assert ballot.version == 1
    assert faults(season) == []
    assert [place for place, _score in standing(rows[0].round)] == [1, 2, 3, 4]


def test_equals_share_their_places_only_where_the_round_allows_it(way, judge_user, nomination):
    rows = way("ranking")
    order, equal = [row.pk for row in rows], {rows[1].pk}
    save_order(rows[0].round, nomination, by=judge_user, order=order, equal=equal, base_version=0)
    strict = [float(one.place) for one in Verdict.objects.order_by("scorecard__assignment")]
    type(rows[0].round).objects.update(ties_allowed=True)

    save_order(rows[0].round, nomination, by=judge_user, order=order, equal=equal, base_version=1)

    shared = [float(one.place) for one in Verdict.objects.order_by("scorecard__assignment")]
    assert (strict, shared) == ([1, 2, 3, 4], [1.5, 1.5, 3, 4])


def test_an_old_page_does_not_overwrite_the_order(way, judge_user, nomination):
    rows = way("ranking")
    order = [row.pk for row in rows]
    save_order(rows[0].round, nomination, by=judge_user, order=order, base_version=0)

    with pytest.raises(ListConflict):
        save_order(rows[0].round, nomination, by=judge_user, order=order[::-1], base_version=0)


def test_an_entry_that_a_conflict_takes_out_leaves_the_order_of_the_others(
    way, judge_user, nomination, saw
):
    rows = way("ranking")
    order = [rows[at].pk for at in (2, 0, 3, 1)]
    save_order(rows[0].round, nomination, by=judge_user, order=order, base_version=0)
    before = saw()
    recuse(rows[0], by=judge_user, reason="A friend.")

    with pytest.raises(DomainError, match="not as you saw it"):
        submit_list(rows[0].round, nomination, by=judge_user, key=uuid4(), saw=before)
    submit_list(rows[0].round, nomination, by=judge_user, key=uuid4(), saw=saw())

    assert totals() == [None, 0.0, 100.0, 50.0]


def test_points_are_spent_to_the_last(way, judge_user, nomination, saw, season, standing):
    rows = way("points", budget=20, most_points=10)
    give = dict(zip([row.pk for row in rows], [10, 4, 5, 0], strict=True))
    save_points(rows[0].round, nomination, by=judge_user, points=give, base_version=0)

    with pytest.raises(DomainError, match="1 are left"):
        submit_list(rows[0].round, nomination, by=judge_user, key=uuid4(), saw=saw())
    with pytest.raises(DomainError, match="from 0 to 10"):
        save_points(
            rows[0].round, nomination, by=judge_user, points={rows[0].pk: 11}, base_version=1
        )
    save_points(rows[0].round, nomination, by=judge_user, points={rows[3].pk: 1}, base_version=1)
    submit_list(rows[0].round, nomination, by=judge_user, key=uuid4(), saw=saw())

    assert totals() == [100.0, 40.0, 50.0, 10.0]
    assert faults(season) == []
    assert standing(rows[0].round)[0] == (1, 100.0)


def test_pairs_give_points_and_stay_as_they_were_said(
    way, judge_user, nomination, saw, season, standing
):
    rows = way("pairwise")
    with pytest.raises(DomainError, match="6 to go"):
        submit_list(rows[0].round, nomination, by=judge_user, key=uuid4(), saw=saw())
    version = 0
    for one in range(4):
        for two in range(one + 1, 4):
            say = {"first": rows[one].pk, "second": rows[two].pk, "base_version": version}
            compare(rows[0].round, nomination, by=judge_user, outcome="first", **say)
            version += 1
    say = {"first": rows[1].pk, "second": rows[0].pk, "base_version": version}
    compare(rows[0].round, nomination, by=judge_user, outcome="first", **say)
    with pytest.raises(ListConflict):
        compare(rows[0].round, nomination, by=judge_user, outcome="second", **say)

    submit_list(rows[0].round, nomination, by=judge_user, key=uuid4(), saw=saw())

    first, second, third, fourth = totals()
    assert sorted(totals(), key=lambda one: one or 0.0) == [fourth, third, first, second]
    assert sum(one or 0.0 for one in totals()) == pytest.approx(200.0, abs=0.05)
    assert Comparison.objects.count() == 7
    assert faults(season) == []
    assert [place for place, _score in standing(rows[0].round)] == [1, 2, 3, 4]


def test_a_submitted_list_gets_no_entry_by_a_distribution_or_a_file(
    way, judge_user, nomination, saw, organiser, more_entries, agreement
):
    rows = way("ranking")
    round_, order = rows[0].round, [row.pk for row in rows]
    make_judge(rows[0].judge.jury, make_person("free@example.org", "Free"), agreement)
    late = more_entries(1)[0]
    planned = propose(round_, Wanted(2, 2), by=organiser)
    save_order(round_, nomination, by=judge_user, order=order, equal=set(), base_version=0)
    submit_list(round_, nomination, by=judge_user, key=uuid4(), saw=saw())

    done = confirm_proposal(planned, by=organiser)
    again = propose(round_, Wanted(2, 2), by=organiser)
    line = f"entry,judge\n{late.number},{judge_user.email}"
    filed = propose_file(round_, line, by=organiser)

    judge = rows[0].judge_id
    assert done.dropped == [[late.pk, judge, "submitted"]]
    assert judge not in {one for _entry, one, _why in again.result["pairs"]}
    assert [row["fate"] for row in filed.result["lines"]] == ["submitted"]
    assert not Assignment.objects.filter(judge=judge, entry=late).exists()


def test_a_conflicted_judge_never_compares(way, judge_user, nomination):
    rows = way("pairwise")
    say = {"by": judge_user, "first": rows[0].pk, "outcome": "first"}
    compare(rows[0].round, nomination, second=rows[1].pk, base_version=0, **say)
    declare_conflict(judge_user, by=judge_user, reason="A friend.", entry=rows[0].entry)

    with pytest.raises(DomainError, match="no longer in your list"):
        compare(rows[0].round, nomination, second=rows[2].pk, base_version=1, **say)

    left = rows_of_list(judge_user, rows[0].round, nomination)
    ballot = Comparison.objects.get().ballot
    assert [row.pk for row in left] == [row.pk for row in rows[1:]]
    assert standing_comparisons(ballot, left) == []
    assert next_pair(len(left), []) == (0, 1)


@pytest.mark.parametrize("name", ["screening", "ranking", "points", "pairwise"])
def test_nothing_is_taken_after_the_close(name, way, judge_user, nomination, close_round):
    rows = way(name)
    say: dict[str, Any] = {"by": judge_user, "base_version": 0}
    both = {"first": rows[0].pk, "second": rows[1].pk}
    act = {
        "screening": lambda: save_verdict(rows[0], answer="yes", comment="", **say),
        "ranking": lambda: save_order(rows[0].round, nomination, order=[], **say),
        "points": lambda: save_points(rows[0].round, nomination, points={}, **say),
        "pairwise": lambda: compare(rows[0].round, nomination, outcome="first", **both, **say),
    }[name]
    close_round()

    with pytest.raises(DomainError, match="The round closed"):
        act()


def test_a_screening_takes_no_marks_and_no_scorecard(way, judge_user, criteria):
    row, *_others = way("screening")
    card = open_scorecard(row, by=judge_user)

    with pytest.raises(DomainError, match="not judged by scorecards"):
        save_mark(card, criteria[0], by=judge_user, value=None, base_version=0)
    with pytest.raises(DomainError, match="not judged by scorecards"):
        submit_scorecard(card, by=judge_user, key=uuid4())


def test_both_databases_keep_what_was_said(way, judge_user, nomination, saw, season):
    rows = way("ranking")
    order = [row.pk for row in rows]
    ballot = save_order(rows[0].round, nomination, by=judge_user, order=order, base_version=0)
    submit_list(rows[0].round, nomination, by=judge_user, key=uuid4(), saw=saw())
    said = Comparison.objects.create(ballot=ballot, first=rows[0], second=rows[1], outcome="first")

    for change in (
        lambda: Verdict.objects.update(place=1),
        lambda: type(ballot).objects.update(submitted_at=timezone.now()),
        lambda: Comparison.objects.filter(pk=said.pk).update(outcome="second"),
        lambda: Comparison.objects.filter(pk=said.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()

    assert {one.table for one in faults(season)} == {"judging_comparison"}
