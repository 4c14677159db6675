"""No order of events lets a person with an interest see an entry, score it, or have a score count.

A small oracle remembers who has which tie; the portal is asked after every step.
"""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from accounts.models import Membership, Organisation
from common.errors import DomainError
from judging.barriers import barred_entries
from judging.lists import ballot_of, latest_revisions, rows_of_list, seen
from judging.models import (
    Assignment,
    AssignmentStatus,
    Conflict,
    ConflictRules,
    Criterion,
    Judge,
    Meeting,
    Purpose,
    Round,
    Scorecard,
)
from judging.permissions import can_read, can_score
from judging.seats import seat_of
from judging.services import (
    add_remark,
    assign,
    close_meeting,
    correct_scorecard,
    declare_conflict,
    give_leave,
    open_meeting,
    open_scorecard,
    recuse,
    remove_judge,
    save_mark,
    save_order,
    save_verdict,
    submit_list,
    submit_scorecard,
    submit_verdicts,
    withdraw_assignment,
)
from judging.services.conflicts import ask_to_lift, confirm_lifting
from judging.services.late import ask_review
from judging.services.objections import decide_objection, object_to_judge
from nominations.models import Entry, EntryShare, EntryStatus
from tests.factories import make_entry, make_judge, make_person

people = st.integers(0, 2)
entries = st.integers(0, 2)

WAYS = ("screening", "ranking")

# The third person runs the season as well: an interest binds organisers too.
ORGANISER = 2


class Conflicts(RuleBasedStateMachine):
    """Three judges, three entries of three applicants, and everything that ties them."""

    setting: dict[str, Any] = {}

    def __init__(self):
        super().__init__()
        self.point = transaction.atomic()
        self.point.__enter__()
        self.round = self.setting["round"]
        self.ways = self.setting["ways"]
        self.rounds = {"scorecard": self.round, **self.ways}
        self.staff = self.setting["staff"]
        self.judges = self.setting["judges"]
        self.entries = self.setting["entries"]
        self.declared: set[tuple[int, int]] = set()
        self.members: set[tuple[int, int]] = set()
        self.shares: set[tuple[int, int]] = set()
        self.removed: set[int] = set()

    def teardown(self):
        transaction.set_rollback(True)
        self.point.__exit__(None, None, None)

    def user(self, who):
        return self.judges[who].user

    def closed(self, who, entry):
        """The oracle: whoever has, or had while the season runs, a tie."""
        return bool({(who, entry)} & (self.declared | self.members | self.shares))

    def try_to(self, act, *args, **kwargs):
        try:
            with transaction.atomic():
                return act(*args, **kwargs)
        except DomainError:
            return None

    def assignment(self, who, entry, way="scorecard"):
        return Assignment.objects.filter(
            judge=self.judges[who], entry=self.entries[entry], round=self.rounds[way]
        ).first()

    @rule(who=people, entry=entries)
    def assigns(self, who, entry):
        made = self.try_to(
            assign,
            self.round,
            self.judges[who],
            self.entries[entry],
            by=self.staff[0],
        )
        assert made is None or not self.closed(who, entry)

    @rule(who=people, entry=entries, way=st.sampled_from(WAYS))
    def assigns_otherwise(self, who, entry, way):
        made = self.try_to(
            assign, self.ways[way], self.judges[who], self.entries[entry], by=self.staff[0]
        )
        assert made is None or not self.closed(who, entry)

    @rule(who=people, entry=entries)
    def asks_for_a_late_review(self, who, entry):
        before = Assignment.objects.count()
        self.try_to(
            ask_review,
            self.round,
            self.judges[who],
            self.entries[entry],
            purpose=Purpose.EXTRA,
            until=timezone.now() + timedelta(days=1),
            by=self.staff[0],
        )
        assert Assignment.objects.count() == before or not self.closed(who, entry)

    @rule(who=people, entry=entries, accept=st.booleans())
    def is_objected_to(self, who, entry, accept):
        owner = self.entries[entry].organisation.memberships.get(role="owner").user
        made = self.try_to(
            object_to_judge, self.entries[entry], self.judges[who], by=owner, reason="x"
        )
        if made and self.try_to(
            decide_objection, made, by=self.staff[0], accept=accept, answer="x"
        ):
            self.declared |= {(who, entry)} if accept else set()

    @rule(who=people, entry=entries)
    def says_a_word(self, who, entry):
        found = self.assignment(who, entry, "screening")
        if found is None:
            return
        made = self.try_to(
            save_verdict, found, by=self.user(who), answer="yes", comment="", base_version=0
        )
        assert made is None or not self.closed(who, entry)
        self.try_to(submit_verdicts, self.ways["screening"], by=self.user(who), key=uuid4())

    @rule(who=people)
    def orders_a_list(self, who):
        round_, user = self.ways["ranking"], self.user(who)
        order = [row.pk for row in Assignment.objects.filter(round=round_, judge__user=user)]
        saw = seen(latest_revisions(rows_of_list(user, round_, None)))
        with_nomination = self.entries[0].nomination
        ballot = ballot_of(user, round_, with_nomination)
        self.try_to(
            save_order,
            round_,
            with_nomination,
            by=user,
            order=order,
            base_version=ballot.version if ballot else 0,
        )
        self.try_to(submit_list, round_, with_nomination, by=user, key=uuid4(), saw=saw)

    @rule(who=people, entry=entries)
    def withdraws(self, who, entry):
        if found := self.assignment(who, entry):
            self.try_to(withdraw_assignment, found, by=self.staff[0], reason="x")

    @rule(who=people, entry=entries)
    def steps_back(self, who, entry):
        found = self.assignment(who, entry)
        if found and self.try_to(recuse, found, by=self.user(who), reason="x"):
            self.declared.add((who, entry))

    @rule(who=people, entry=entries, by_self=st.booleans())
    def declares(self, who, entry, by_self):
        by = self.user(who) if by_self else self.staff[0]
        if self.try_to(
            declare_conflict, self.user(who), by=by, reason="x", entry=self.entries[entry]
        ):
            self.declared.add((who, entry))

    @rule(who=people, entry=entries, first=st.integers(0, 2), second=st.integers(0, 2))
    def lifts(self, who, entry, first, second):
        """Two of the two organisers and the person itself try."""
        row = (
            Conflict.objects.in_force()
            .filter(user=self.user(who), entry=self.entries[entry])
            .first()
        )
        if row is None:
            return
        crowd = [*self.staff, self.user(who)]
        self.try_to(ask_to_lift, row, by=crowd[first], reason="x")
        if self.try_to(confirm_lifting, row, by=crowd[second]):
            assert first != second
            assert {first, second} == {0, 1}
            # What kept somebody barred who left is lifted with it.
            self.declared.discard((who, entry))

    @rule(who=people, entry=entries)
    def joins(self, who, entry):
        Membership.objects.get_or_create(
            user=self.user(who), organisation=self.entries[entry].organisation
        )
        self.members.add((who, entry))

    @rule(who=people, entry=entries)
    def leaves(self, who, entry):
        gone, _rows = Membership.objects.filter(
            user=self.user(who), organisation=self.entries[entry].organisation
        ).delete()
        if gone:
            self.members.discard((who, entry))
            self.declared.add((who, entry))

    @rule(who=people, entry=entries)
    def works_on(self, who, entry):
        EntryShare.objects.get_or_create(
            user=self.user(who), entry=self.entries[entry], defaults={"role": "edit"}
        )
        self.shares.add((who, entry))

    @rule(who=people, entry=entries)
    def stops_working(self, who, entry):
        gone, _rows = EntryShare.objects.filter(
            user=self.user(who), entry=self.entries[entry]
        ).delete()
        if gone:
            self.shares.discard((who, entry))
            self.declared.add((who, entry))

    @rule(who=people)
    def is_removed(self, who):
        remove_judge(self.judges[who], by=self.staff[0], reason="x")
        self.removed.add(who)

    @rule(who=people, entry=entries)
    def scores(self, who, entry):
        if found := self.assignment(who, entry):
            self.score(who, entry, found)

    def score(self, who, entry, found):
        user = self.user(who)
        card = self.try_to(open_scorecard, found, by=user)
        if card is not None and card.status == "draft":
            for criterion in Criterion.objects.filter(dimension__rubric=self.round.rubric):
                mark = card.marks.filter(criterion=criterion).first()
                self.try_to(
                    save_mark,
                    card,
                    criterion,
                    by=user,
                    value=Decimal(5),
                    base_version=mark.version if mark else 0,
                )
            card = self.try_to(submit_scorecard, card, by=user, key=uuid4())
            assert card is None or not self.closed(who, entry)
            return card
        return None

    @rule(who=people, entry=entries)
    def talks(self, who, entry):
        made = self.try_to(
            add_remark, self.round, self.entries[entry], by=self.user(who), text="x", key=uuid4()
        )
        assert made is None or not self.closed(who, entry)

    @rule(who=people, entry=entries)
    def calls_a_meeting(self, who, entry):
        made = self.try_to(open_meeting, self.round, self.entries[entry], by=self.user(who))
        assert made is None or (who == ORGANISER and not self.closed(who, entry))

    @rule(who=people, entry=entries)
    def ends_the_meeting(self, who, entry):
        running = Meeting.objects.open().filter(entry=self.entries[entry]).first()
        if running is not None and self.try_to(
            close_meeting, running, by=self.user(who), decision="x"
        ):
            assert who == ORGANISER
            assert not self.closed(who, entry)

    @rule(who=people, entry=entries, value=st.integers(0, 10), leave=st.booleans())
    def corrects(self, who, entry, value, leave):
        found = self.assignment(who, entry)
        card = Scorecard.objects.filter(assignment=found).first() if found else None
        if card is None:
            return
        if leave:
            self.try_to(give_leave, card, by=self.staff[0], reason="x")
        criterion = Criterion.objects.filter(dimension__rubric=self.round.rubric).first()
        made = self.try_to(
            correct_scorecard,
            card,
            by=self.user(who),
            marks={criterion.pk: Decimal(value)},
            reason="x",
        )
        assert made is None or not (self.closed(who, entry) or who in self.removed)

    @invariant()
    def nobody_with_a_tie_sits_at_the_table(self):
        for who in range(3):
            for at, entry in enumerate(self.entries):
                if self.closed(who, at):
                    assert seat_of(self.user(who), self.round, entry) is None

    @invariant()
    def nobody_with_a_tie_finds_the_entry_in_a_list(self):
        for who in range(3):
            for round_ in self.ways.values():
                found = {row.entry_id for row in rows_of_list(self.user(who), round_, None)}
                tied = {one.pk for at, one in enumerate(self.entries) if self.closed(who, at)}
                assert found & tied == set()

    @invariant()
    def nobody_with_a_tie_sees_or_scores(self):
        counted = set(
            Scorecard.objects.counted().values_list("assignment__judge", "assignment__entry")
        )
        barred = barred_entries([judge.user for judge in self.judges], self.entries)
        for who, judge in enumerate(self.judges):
            user = judge.user
            open_to = set(Assignment.objects.visible_to(user).values_list("entry", flat=True))
            run = set(Entry.objects.organised_by(user).values_list("pk", flat=True))
            for at, entry in enumerate(self.entries):
                closed = self.closed(who, at)
                assert (entry.pk in barred[user.pk]) == closed
                if who == ORGANISER:
                    assert (entry.pk in run) == (not closed)
                found = self.assignment(who, at)
                if closed or who in self.removed:
                    assert entry.pk not in open_to
                    assert (judge.pk, entry.pk) not in counted
                    assert found is None or not can_read(user, found)
                    assert found is None or not can_score(user, found)
                elif found is not None and found.status == AssignmentStatus.ACTIVE:
                    assert can_score(user, found)


@pytest.fixture
def setting(
    open_round, season, programme, jury, agreement, nomination, organiser, second_organiser
):
    """Fresh people of no organisation."""
    judges, made = [], []
    for number in range(3):
        person = make_person(f"judge{number}@example.org", f"Judge {number}", is_staff=number == 2)
        judges.append(make_judge(jury, person, agreement, chair=number == ORGANISER))
        owner = make_person(f"owner{number}@example.org", f"Owner {number}")
        organisation = Organisation.objects.create(name=f"Garden {number}")
        Membership.objects.create(user=owner, organisation=organisation, role="owner")
        made.append(make_entry(nomination, organisation, owner, EntryStatus.ADMITTED))
    season.programme.organiser_rows.create(user=judges[ORGANISER].user)
    assert Judge.objects.filter(since__lte=timezone.now()).count() == 3
    ConflictRules.objects.create(
        season=season, objections=True, objections_until=timezone.now() + timedelta(hours=1)
    )
    for way in WAYS:
        made_round = Round.objects.create(
            season=season,
            slug=way,
            name={"en": way},
            stage=open_round.stage,
            rubric=open_round.rubric,
            way=way,
            weight=Decimal(50),
        )
        made_round.juries.add(jury)
    Round.objects.update(see_others="own", discussion_until=timezone.now() + timedelta(hours=1))
    return {
        "round": Round.objects.select_related("stage", "season").get(pk=open_round.pk),
        "ways": {
            way: Round.objects.select_related("stage", "season").get(slug=way) for way in WAYS
        },
        "staff": [organiser, second_organiser],
        "judges": judges,
        "entries": made,
    }


def test_no_sequence_of_acts_lets_a_conflicted_person_see_or_score(setting):
    machine = type("Here", (Conflicts,), {"setting": setting})

    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=6,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
