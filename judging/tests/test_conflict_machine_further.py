"""The same machine on site, on paper, and before samples: a tie closes these ways into an entry too.

A judge who has not scored the samples a round asks for is refused there as well, by screen and by paper.
"""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test

from judging.comparing import own_rows
from judging.models import (
    Calibration,
    Criterion,
    Entrants,
    PaperSheet,
    ReferenceMark,
    Round,
    Sample,
    Scorecard,
    ScorecardStatus,
    Secretary,
    SiteVisit,
    VisitItem,
)
from judging.paper import can_see, rows_of, waiting_in
from judging.permissions import readable_visit
from judging.services import advance, assign
from judging.services.calibration import save_trial, submit_trial
from judging.services.paper import Written, countersign, enter_sheet
from judging.services.visiting import add_finding, answer_item, finish_visit
from judging.services.visits import plan_visit, set_team
from judging.tests import test_conflict_machine
from judging.tests.test_conflict_machine import ORGANISER, Conflicts, entries, people
from judging.tests.visits import make_visited_round
from judging.totals import Given
from tests.factories import make_person

setting = test_conflict_machine.setting

ELSEWHERE = [
    "assigns",
    "assigns_otherwise",
    "asks_for_a_late_review",
    "calls_a_meeting",
    "corrects",
    "ends_the_meeting",
    "is_objected_to",
    "lifts",
    "nobody_with_a_tie_finds_the_entry_in_a_list",
    "nobody_with_a_tie_sits_at_the_table",
    "orders_a_list",
    "says_a_word",
    "scores",
    "steps_back",
    "stops_working",
    "talks",
    "withdraws",
    "works_on",
]


class FurtherConflicts(Conflicts):
    """Visits with their check list, sheets from paper with two secretaries, and a sample before it."""

    # What the other machine does already; here it would only take the place of what is new.
    locals().update(dict.fromkeys(ELSEWHERE))

    def __init__(self):
        super().__init__()
        self.rounds |= {"visits": self.setting["visits"], "paper": self.setting["paper"]}
        self.secretaries = self.setting["secretaries"]
        self.sample = self.setting["sample"]
        self.calibrated = {ORGANISER}
        self.looked = 0

    def refused(self, who, entry):
        return self.closed(who, entry) or who in self.removed

    def visit(self, entry):
        return SiteVisit.objects.filter(entry=self.entries[entry]).first()

    @rule(who=people, entry=entries)
    def is_sent(self, who, entry):
        starts = timezone.now() - timedelta(minutes=5)
        self.try_to(
            plan_visit,
            self.rounds["visits"],
            self.entries[entry],
            by=self.setting["staff"][0],
            starts_at=starts,
            ends_at=starts + timedelta(hours=2),
            place="x",
        )
        if visit := self.visit(entry):
            judge = self.judges[who]
            self.try_to(set_team, visit, [judge], leader=judge, by=self.setting["staff"][0])
            if self.refused(who, entry):
                assert readable_visit(self.user(who), visit.pk) is None

    @rule(who=people, entry=entries)
    def notes(self, who, entry):
        if (visit := self.visit(entry)) is None:
            return
        by = self.user(who)
        for item in VisitItem.objects.filter(round=visit.round, required=True):
            stored = visit.answers.filter(item=item).first()
            made = self.try_to(
                answer_item,
                visit,
                item,
                by=by,
                value="unseen",
                comment=str(uuid4()),
                base_version=stored.version if stored else 0,
            )
            assert made is None or not self.refused(who, entry)
        made = self.try_to(add_finding, visit, by=by, key=uuid4(), text="x")
        assert made is None or not self.refused(who, entry)

    @rule(who=people, entry=entries)
    def ends_the_visit(self, who, entry):
        visit = self.visit(entry)
        if visit is None or visit.status == "done":
            return
        made = self.try_to(finish_visit, visit, by=self.user(who))
        assert made is None or not self.refused(who, entry)

    @rule(who=people, entry=entries)
    def scores_the_visit(self, who, entry):
        if found := self.assignment(who, entry, "visits"):
            made = self.score(who, entry, found)
            assert made is None or not self.refused(who, entry)

    @rule(who=people)
    def scores_the_sample(self, who):
        criteria = Criterion.objects.filter(dimension__rubric=self.round.rubric)
        marks = {one.pk: Given(Decimal(5), False, "", 0) for one in criteria}
        self.try_to(save_trial, self.sample, marks, by=self.user(who))
        if self.try_to(submit_trial, self.sample, by=self.user(who)):
            assert who not in self.removed or who in self.calibrated
            self.calibrated.add(who)

    @rule(who=people, entry=entries)
    def scores_on_paper_by_screen(self, who, entry):
        self.try_to(
            assign,
            self.rounds["paper"],
            self.judges[who],
            self.entries[entry],
            by=self.setting["staff"][0],
        )
        if found := self.assignment(who, entry, "paper"):
            made = self.score(who, entry, found)
            assert made is None or (who in self.calibrated and not self.refused(who, entry))

    @rule(who=people, entry=entries, by=st.integers(0, 4))
    def is_typed_in(self, who, entry, by):
        """One of the judges or secretaries types in the judge's sheet."""
        if (found := self.assignment(who, entry, "paper")) is None:
            return
        marks = {
            one.pk: Written(Decimal(5))
            for one in Criterion.objects.filter(dimension__rubric=self.round.rubric)
        }
        made = self.try_to(enter_sheet, found, by=self.person(by), key=uuid4(), marks=marks)
        assert made is None or not self.is_kept_from_paper(who, entry, by)
        assert made is None or by != who

    @rule(who=people, entry=entries, by=st.integers(0, 4))
    def is_countersigned(self, who, entry, by):
        found = self.assignment(who, entry, "paper")
        sheet = PaperSheet.objects.waiting().filter(assignment=found).first() if found else None
        if sheet is None:
            return
        made = self.try_to(countersign, sheet, by=self.person(by))
        assert made is None or not self.is_kept_from_paper(who, entry, by)
        assert made is None or made.entered_by_id != self.person(by).pk

    def person(self, at):
        return self.user(at) if at < len(self.judges) else self.secretaries[at - len(self.judges)]

    def is_kept_from_paper(self, who, entry, by):
        """Whose paper it is, and whoever has it in hand, are both free of ties; the judge knows the samples."""
        tied = by < len(self.judges) and self.closed(by, entry)
        return tied or self.refused(who, entry) or who not in self.calibrated

    @invariant()
    def nobody_with_a_tie_sees_or_scores(self):
        """Lists are long to look at: after every fifth step, and every act is checked by itself."""
        self.looked += 1
        if self.looked % 5 == 0:
            super().nobody_with_a_tie_sees_or_scores()
            self.nobody_with_a_tie_compares_or_keeps_the_paper_of_the_entry()

    def nobody_with_a_tie_compares_or_keeps_the_paper_of_the_entry(self):
        paper = self.rounds["paper"]
        for who, judge in enumerate(self.judges):
            user = judge.user
            tied = {one.pk for at, one in enumerate(self.entries) if self.closed(who, at)}
            for round_ in (self.rounds["visits"], paper):
                mine = set(own_rows(user, round_).values_list("entry", flat=True))
                assert mine & tied == set()
                assert not mine or who not in self.removed
            assert set(rows_of(user, paper).values_list("entry", flat=True)) & tied == set()
            for sheet in PaperSheet.objects.filter(assignment__entry__in=tied):
                assert not can_see(user, sheet.assignment)
            if len(tied) == len(self.entries):
                assert waiting_in(user, [paper.pk]) == {}

    @invariant()
    def nobody_with_a_tie_reads_a_visit(self):
        for at in range(3):
            if visit := self.visit(at):
                for who in range(3):
                    read = readable_visit(self.user(who), visit.pk)
                    assert read is None or not self.closed(who, at)

    @invariant()
    def nobody_counts_who_has_not_scored_the_sample(self):
        cards = Scorecard.objects.filter(
            assignment__round=self.rounds["paper"], status=ScorecardStatus.SUBMITTED
        )
        at = {judge.pk: who for who, judge in enumerate(self.judges)}
        counted = {at[pk] for pk in cards.values_list("assignment__judge", flat=True)}
        assert counted <= self.calibrated


@pytest.fixture
def further(setting, season, rubric, jury, organiser):
    """A round of visits and one that takes paper after a sample; every entry has come into the latter."""
    stage = setting["round"].stage
    visits = make_visited_round(season, setting["round"].rubric, jury, stage)
    paper = Round.objects.create(
        season=season,
        slug="paper",
        name={"en": "Paper"},
        stage=stage,
        rubric=setting["round"].rubric,
        entrants=Entrants.FINALISTS,
        calibration=Calibration.REQUIRED,
        weight=Decimal(50),
    )
    paper.juries.add(jury)
    advance(paper, setting["entries"], by=organiser)
    sample = Sample.objects.create(round=paper, slug="calm", title={"en": "Calm"})
    for one in Criterion.objects.filter(dimension__rubric=paper.rubric):
        ReferenceMark.objects.create(
            sample=sample, criterion=one, value=Decimal(5), reason={"en": "x"}
        )
    secretaries = [make_person(f"desk{n}@example.org", f"Desk {n}") for n in range(2)]
    for person in secretaries:
        Secretary.objects.create(round=paper, user=person)
    rounds = Round.objects.select_related("stage", "season").in_bulk([visits.pk, paper.pk])
    return setting | {
        "visits": rounds[visits.pk],
        "paper": rounds[paper.pk],
        "sample": sample,
        "secretaries": secretaries,
    }


@pytest.mark.slow
def test_no_sequence_of_acts_on_site_or_on_paper_lets_a_conflicted_person_in(further):
    machine = type("Here", (FurtherConflicts,), {"setting": further})

    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=3,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
