"""Proposals are looked at, checked again when they are confirmed, and never move started work."""

import pytest

from accounts.models import Membership
from audit.models import Event
from common.errors import DomainError
from judging.distribution import Wanted
from judging.models import (
    Assignment,
    AssignmentStatus,
    AvoidPair,
    Bid,
    Proposal,
    ProposalState,
    Scorecard,
)
from judging.services import (
    confirm_proposal,
    declare_conflict,
    propose,
    propose_file,
    work_out,
)
from nominations.models import EntryStatus
from outbox.jobs import run_due
from outbox.models import Message
from tests.factories import make_entry, make_judge, make_person


@pytest.fixture
def panel(jury, agreement, judge):
    """Three more judges beside Yuri."""
    people = [make_person(f"panel{n}@example.org", f"Panel {n}") for n in range(3)]
    return [judge, *(make_judge(jury, person, agreement) for person in people)]


def pairs_of(proposal):
    return {(entry, judge) for entry, judge, _why in proposal.result["pairs"]}


def test_a_proposal_assigns_nothing_and_its_confirmation_everything_once(
    essay_round, panel, more_entries, organiser
):
    more_entries(6)

    proposal = propose(essay_round, Wanted(2, 2), by=organiser)
    before = Assignment.objects.count()
    first = confirm_proposal(proposal, by=organiser)
    second = confirm_proposal(proposal, by=organiser)

    assert (before, first.made, second) == (0, 12, first)
    assert set(Assignment.objects.values_list("entry", "judge")) == pairs_of(proposal)
    assert Message.objects.filter(kind="judge-assigned").count() == 4
    assert Event.objects.filter(verb="assignments.distributed").count() == 1


def test_what_a_judge_knows_reads_and_wants_decides(
    essay_round, panel, more_entries, organiser, nomination
):
    reader, wisher = panel[1], panel[2]
    more_entries(1)
    for judge in (panel[0], panel[3]):
        judge.languages = "zh"
        judge.save()
    reader.languages = "en, ru"
    reader.areas.add(nomination.category)
    reader.save()
    Bid.objects.create(judge=wisher, nomination=nomination, wish="want")

    proposal = propose(essay_round, Wanted(2, 2, linked=False), by=organiser)

    assert {judge: why for _entry, judge, why in proposal.result["pairs"]} == {
        reader.pk: ["area", "reads:en"],
        wisher.pk: ["wanted"],
    }


def test_backgrounds_limits_and_pairs_kept_apart_hold(
    essay_round, panel, more_entries, organiser, season
):
    more_entries(4)
    for judge, background in zip(panel, ["academic", "academic", "", ""], strict=True):
        judge.background = background
        judge.save()
    panel[2].load_limit = 1
    panel[2].save()
    one, other = sorted(judge.user_id for judge in (panel[0], panel[3]))
    AvoidPair.objects.create(season=season, one_id=one, other_id=other)

    proposal = propose(essay_round, Wanted(2, 2, backgrounds=("academic",)), by=organiser)

    by_entry: dict[int, set[int]] = {}
    for entry, judge in pairs_of(proposal):
        by_entry.setdefault(entry, set()).add(judge)
    assert [len(judges) for judges in by_entry.values()] == [2] * 4
    assert all({panel[0].pk, panel[1].pk} & judges for judges in by_entry.values())
    assert not any({panel[0].pk, panel[3].pk} <= judges for judges in by_entry.values())
    assert proposal.result["facts"]["cost"] == proposal.result["facts"]["bound"]


def test_a_conflict_declared_before_the_confirmation_drops_that_pair_alone(
    essay_round, judge, admitted_entry, more_entries, organiser, judge_user
):
    more_entries(1)
    proposal = propose(essay_round, Wanted(1, 1), by=organiser)
    declare_conflict(judge_user, by=judge_user, reason="x", entry=admitted_entry)

    done = confirm_proposal(proposal, by=organiser)

    assert (done.made, done.dropped) == (1, [[admitted_entry.pk, judge.pk, "conflict"]])


def test_what_changed_since_the_preview_is_left_out_with_the_reason(
    essay_round, panel, more_entries, organiser, nomination, other_organisation, other_nominee
):
    gone, full, stays = more_entries(3)
    proposal = propose(essay_round, Wanted(1, 1, linked=False), by=organiser)
    chosen = dict(pairs_of(proposal))
    gone.become(EntryStatus.WITHDRAWN)
    gone.save()
    other = next(judge for judge in panel if judge.pk != chosen[full.pk])
    Assignment.objects.create(round=essay_round, judge=other, entry=full)

    done = confirm_proposal(proposal, by=organiser)

    assert sorted(done.dropped) == sorted(
        [[gone.pk, chosen[gone.pk], "entry"], [full.pk, chosen[full.pk], "enough"]]
    )
    assert Assignment.objects.filter(entry=stays).count() == 1


def test_an_entry_closed_to_the_organiser_is_left_to_another(
    essay_round, judge, admitted_entry, more_entries, organiser, second_organiser, organisation
):
    more_entries(1)
    Membership.objects.create(user=second_organiser, organisation=organisation)

    own = propose(essay_round, Wanted(1, 1), by=second_organiser)
    whole = propose(essay_round, Wanted(1, 1), by=organiser)
    done = confirm_proposal(whole, by=second_organiser)

    assert own.result["facts"]["hidden"] == 1
    assert admitted_entry.pk not in dict(pairs_of(own))
    assert (done.made, done.dropped) == (1, [[admitted_entry.pk, judge.pk, "entry"]])


def test_only_an_organiser_of_the_season_proposes_and_confirms(
    essay_round, judge, admitted_entry, organiser, other_organiser
):
    proposal = propose(essay_round, Wanted(1, 1), by=organiser)

    for act in [
        lambda: propose(essay_round, Wanted(1, 1), by=other_organiser),
        lambda: confirm_proposal(proposal, by=other_organiser),
        lambda: propose_file(essay_round, "entry,judge\na,b", by=other_organiser),
    ]:
        with pytest.raises(DomainError):
            act()

    assert Assignment.objects.count() == 0


def test_who_drops_out_is_replaced_and_no_started_scorecard_moves(
    essay_round, panel, more_entries, organiser
):
    more_entries(4)
    confirm_proposal(propose(essay_round, Wanted(2, 2), by=organiser), by=organiser)
    away = panel[0]
    begun, *untouched = Assignment.objects.filter(judge=away).order_by("pk")
    Scorecard.objects.create(assignment=begun, revision=begun.entry.revisions.get())
    before = set(Assignment.objects.exclude(judge=away).values_list("pk", flat=True))
    away.available = False
    away.save()

    repair = propose(essay_round, Wanted(2, 2, replace=True), by=organiser)
    done = confirm_proposal(repair, by=organiser)

    active = Assignment.objects.active()
    assert (done.made, done.released) == (len(untouched), len(untouched))
    assert list(active.filter(judge=away)) == [begun]
    assert before <= set(active.values_list("pk", flat=True))
    assert all(active.filter(entry=entry).count() == 2 for entry in essay_round.entries())
    assert set(
        Assignment.objects.filter(pk__in=[one.pk for one in untouched]).values_list(
            "status", flat=True
        )
    ) == {AssignmentStatus.WITHDRAWN}


def test_a_large_one_is_worked_out_in_the_background_once(
    essay_round, judge, admitted_entry, organiser, monkeypatch
):
    monkeypatch.setattr("judging.services.distributing.MOST_AT_ONCE", 0)

    proposal = propose(essay_round, Wanted(1, 1), by=organiser)
    with pytest.raises(DomainError):
        confirm_proposal(proposal, by=organiser)
    run_due(kinds=["work-out-distribution"])
    proposal.refresh_from_db()
    again = work_out(Proposal.objects.get())

    assert (proposal.state, again.result) == (ProposalState.READY, proposal.result)
    assert len(proposal.result["pairs"]) == 1


def test_each_line_of_a_file_gets_its_fate_and_the_good_ones_are_made(
    essay_round, panel, conflicted_judge, admitted_entry, organiser, jury, agreement
):
    make_judge(jury, make_person("twin@example.org", "Panel 1"), agreement)
    number = admitted_entry.number
    text = "\n".join(
        [
            "Entry,Judge",
            f"{number.lower()},judge@example.org",
            f"{number},Panel 0",
            f"{number},Panel 1",
            f"{number},{conflicted_judge.user.email}",
            f"{number},nobody@example.org",
            "CX22-9999,judge@example.org",
            f"{number},judge@example.org",
        ]
    )

    proposal = propose_file(essay_round, text, by=organiser)
    done = confirm_proposal(proposal, by=organiser)

    assert [line["fate"] for line in proposal.result["lines"]] == [
        "made",
        "made",
        "two-judges",
        "conflict",
        "unknown-judge",
        "unknown-entry",
        "known",
    ]
    assert (done.made, Assignment.objects.count()) == (2, 2)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,b\n", "The first line must be: entry,judge"),
        ("entry,judge\nCX22-1,x\n\nCX22-2", "Line 4 must have an entry and a judge."),
        ('entry,judge\nCX22-1,"x', "Line 2 cannot be read."),
        ("entry,judge\n", "There is no line with an entry and a judge."),
    ],
)
def test_a_malformed_line_is_refused_by_its_number(essay_round, organiser, text, message):
    with pytest.raises(DomainError) as refusal:
        propose_file(essay_round, text, by=organiser)

    assert str(refusal.value) == message


def test_a_round_that_is_over_takes_no_proposal(open_round, organiser, close_round):
    close_round()
    open_round.stage.refresh_from_db()

    with pytest.raises(DomainError):
        propose(open_round, Wanted(1, 1), by=organiser)


def test_one_person_on_two_juries_is_asked_once(
    essay_round, judge, season, admitted_entry, organiser, judge_user
):
    second = type(judge.jury).objects.create(season=season, slug="second", name={"en": "Second"})
    essay_round.juries.add(second)
    make_judge(second, judge_user)
    make_entry(admitted_entry.nomination, admitted_entry.organisation, organiser)

    proposal = propose(essay_round, Wanted(2, 2), by=organiser)

    assert pairs_of(proposal) == {(admitted_entry.pk, judge.pk)}
    assert proposal.result["short"] == [[admitted_entry.pk, 1]]
