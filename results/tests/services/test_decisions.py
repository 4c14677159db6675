"""Confirming what the rules propose."""

import threading

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import MemberRole, Membership
from audit.models import Event
from common.errors import DomainError
from results.models import Decision
from results.services import (
    arm_release,
    cancel_release,
    compute_all,
    compute_standing,
    confirm_outcomes,
    confirm_proposals,
)
from results.services.freshness import today

pytestmark = pytest.mark.django_db


@pytest.fixture
def ranked(finalist_rule, essay_round, nomination, organiser, compete, score):
    """Aster 90, Birch 80, Cedar 70; the quota is two."""
    entries = [compete("Aster"), compete("Birch"), compete("Cedar")]
    for entry, total in zip(entries, [90, 80, 70], strict=True):
        score(entry, essay_round, total)
    compute_standing(finalist_rule, nomination, by=organiser)
    return entries


def decided(rule):
    return sorted(
        (decision.entry.organisation.name, decision.reason)
        for decision in rule.decisions.select_related("entry__organisation")
    )


def test_the_proposal_is_confirmed_without_a_reason(finalist_rule, nomination, organiser, ranked):
    confirm_outcomes(finalist_rule, nomination, ranked[:2], by=organiser)

    assert decided(finalist_rule) == [("Aster", ""), ("Birch", "")]


def test_departing_from_the_proposal_needs_a_reason_for_each_departure(
    finalist_rule, nomination, organiser, ranked
):
    aster, birch, cedar = ranked

    with pytest.raises(DomainError) as refused:
        confirm_outcomes(
            finalist_rule, nomination, [aster, cedar], by=organiser, reasons={cedar.pk: "Bold."}
        )

    assert refused.value.field == "reason"
    assert decided(finalist_rule) == []

    confirm_outcomes(
        finalist_rule,
        nomination,
        [aster, cedar],
        by=organiser,
        reasons={cedar.pk: "Bold.", birch.pk: "Its figures were withdrawn."},
    )

    assert decided(finalist_rule) == [("Aster", ""), ("Cedar", "Bold.")]
    assert Event.objects.get(verb="outcomes.confirmed").data["departures"] == {
        str(birch.pk): "Its figures were withdrawn.",
        str(cedar.pk): "Bold.",
    }


def test_no_reason_makes_room_for_more_than_the_limit(finalist_rule, nomination, organiser, ranked):
    with pytest.raises(DomainError, match="At most 2 entries"):
        confirm_outcomes(
            finalist_rule, nomination, ranked, by=organiser, reasons={ranked[2].pk: "All so good."}
        )

    assert decided(finalist_rule) == []


def test_a_later_decision_replaces_the_earlier_one(finalist_rule, nomination, organiser, ranked):
    aster, birch, _cedar = ranked
    confirm_outcomes(finalist_rule, nomination, [aster, birch], by=organiser)

    confirm_outcomes(
        finalist_rule, nomination, [aster], by=organiser, reasons={birch.pk: "Too close."}
    )

    assert decided(finalist_rule) == [("Aster", "")]


def test_without_a_standing_nothing_is_confirmed(finalist_rule, nomination, organiser, compete):
    with pytest.raises(DomainError, match="Compute the standing"):
        confirm_outcomes(finalist_rule, nomination, [compete("Aster")], by=organiser)


def test_a_standing_that_is_no_longer_true_is_not_confirmed(
    finalist_rule, nomination, organiser, ranked, essay_round, compete, score
):
    score(compete("Dahlia"), essay_round, 99)

    with pytest.raises(DomainError, match="changed since"):
        confirm_outcomes(finalist_rule, nomination, ranked[:2], by=organiser)


def test_an_entry_outside_the_standing_is_refused(
    finalist_rule, nomination, person_nomination, organiser, ranked, compete
):
    stranger = compete("Stranger", nomination=person_nomination, nominee_name="Ivan")

    with pytest.raises(DomainError, match="among the entries"):
        confirm_outcomes(
            finalist_rule,
            nomination,
            [stranger],
            by=organiser,
            reasons={entry.pk: "Because." for entry in [*ranked, stranger]},
        )


def test_a_person_with_a_conflict_decides_nothing_in_that_nomination(
    finalist_rule, nomination, organiser, superuser, ranked
):
    Membership.objects.create(
        user=superuser, organisation=ranked[2].organisation, role=MemberRole.VIEWER
    )

    with pytest.raises(DomainError, match="conflict of interest"):
        confirm_outcomes(finalist_rule, nomination, ranked[:2], by=superuser)
    assert decided(finalist_rule) == []


def test_decisions_stand_still_once_a_release_is_prepared(
    finalist_rule, nomination, organiser, ranked
):
    confirm_outcomes(finalist_rule, nomination, ranked[:2], by=organiser)
    release = arm_release(finalist_rule, by=organiser)

    with pytest.raises(DomainError, match="Cancel it first"):
        confirm_outcomes(finalist_rule, nomination, ranked[:2], by=organiser)

    cancel_release(release, by=organiser, reason="A mark was late.")
    confirm_outcomes(finalist_rule, nomination, ranked[:2], by=organiser)
    assert decided(finalist_rule) == [("Aster", ""), ("Birch", "")]


def test_decisions_stand_still_once_released(finalist_rule, nomination, organiser, ranked, publish):
    publish(finalist_rule, *ranked[:2])

    with pytest.raises(DomainError, match="can no longer be changed"):
        confirm_outcomes(finalist_rule, nomination, ranked[:2], by=organiser)


def test_all_proposals_are_confirmed_except_where_somebody_decided_or_may_not(
    finalist_rule, nomination, person_nomination, organiser, ranked, essay_round, compete, score
):
    own = compete("Own", nomination=person_nomination, nominee_name="Ivan")
    score(own, essay_round, 50)
    compute_all(finalist_rule, by=organiser)  # both nominations share their judges
    Membership.objects.create(user=organiser, organisation=own.organisation, role=MemberRole.VIEWER)

    done, refused = confirm_proposals(finalist_rule, by=organiser)

    assert done == [nomination]
    assert [one for one, _why in refused] == [person_nomination]
    assert confirm_proposals(finalist_rule, by=organiser)[0] == []


def test_what_counts_is_looked_at_once_for_all_proposals(
    finalist_rule, nomination, person_nomination, organiser, ranked, essay_round, compete, score
):
    score(compete("Ivan", nomination=person_nomination, nominee_name="Ivan"), essay_round, 50)
    compute_all(finalist_rule, by=organiser)
    today(finalist_rule)

    with CaptureQueriesContext(connection) as asked:
        confirm_proposals(finalist_rule, by=organiser)

    assert sum('FROM "judging_mark"' in one["sql"] for one in asked) <= 1
    assert sum('"judging_scorecard"."total"' in one["sql"] for one in asked) == 1
    assert len(decided(finalist_rule)) == 3


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_people_who_confirm_at_once_leave_one_whole_decision(
    finalist_rule, nomination, organiser, second_organiser, ranked
):
    aster, birch, cedar = ranked
    barrier = threading.Barrier(2)
    errors = []

    def confirm(by, entries, reasons):
        try:
            barrier.wait(timeout=10)
            confirm_outcomes(finalist_rule, nomination, entries, by=by, reasons=reasons)
        except Exception as error:  # noqa: BLE001
            errors.append(error)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=confirm, args=(organiser, [aster, birch], {})),
        threading.Thread(
            target=confirm,
            args=(second_organiser, [aster, cedar], {birch.pk: "No.", cedar.pk: "Yes."}),
        ),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert errors == []
    people = {decision.confirmed_by for decision in Decision.objects.all()}
    assert len(people) == 1
    assert decided(finalist_rule) in (
        [("Aster", ""), ("Birch", "")],
        [("Aster", ""), ("Cedar", "Yes.")],
    )
