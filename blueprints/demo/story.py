"""A season from its first entry to the last feedback, as far as its calendar has come."""

# ruff: noqa: S311 - the seed makes every demo the same

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from random import Random

from accounts.models import User
from blueprints.demo import acts, extras
from blueprints.demo.calendar import Calendar
from blueprints.demo.cast import Fate, Role
from blueprints.demo.clock import at
from blueprints.demo.people import CONFLICTED, EXPERTS, JUDGE, NEWCOMER, RECUSED, Expert
from judging.models import Assignment, Criterion, Judge, Round
from judging.services import assign, declare_conflict, distribute, plan_defence, recuse
from judging.services.ledger import seal_closed_rounds
from nominations.models import Entry, Nomination
from nominations.services import admit_entry, disqualify_entry, withdraw_entry
from outbox.services import run_due
from results.models import Feedback, JuryComment, OutcomeKind, OutcomeRule, PublishedResult
from results.services import (
    arm_release,
    choose_disclosure,
    compute_all,
    confirm_outcomes,
    confirm_proposals,
    confirm_release,
    mark_read,
    open_feedback,
    show_comments,
)
from results.services.questions import answer_question, ask_question
from results.services.ranking import latest_standing
from seasons.models import Season, StageKind
from seasons.services import extend

PASS_SCORE = 58
FIRST_SCORING, LAST_SCORING = 3, 34
FIRST_SLOT, LAST_SLOT = 50, 70
FINALISTS_DAY = 39
BETTER_LIVE = 0.04
CEREMONY = 89
PAST = "cx-award-2022"
QUESTION = "Какие данные убедили бы жюри сильнее: опрос клиентов или сравнение с прошлым годом?"
ANSWER = "Сравнение с прошлым годом: по нему видно, что именно изменил ваш проект. Опрос его хорошо дополнит."
Step = tuple[int, Callable[[], None]]


class Story:
    """Plays a season; steps beyond the calendar's today do not happen."""

    per_entry = 3

    def __init__(
        self,
        season: Season,
        calendar: Calendar,
        cast: list[Role],
        organisers: tuple[User, User],
        *,
        start_days: tuple[int, int],
        experts: list[Expert] = EXPERTS,
        say: Callable[[str], None] = lambda _text: None,
    ) -> None:
        self.season = season
        self.calendar = calendar
        self.cast = cast
        self.organiser, self.second = organisers
        self.start_days = start_days
        self.experts = experts
        self.say = say
        self.random = Random(f"{season.slug} entries")
        self.team = acts.Team.gathered()
        self.qualities: dict[int, float] = {}
        self.fates: dict[int, Fate] = {}
        self.turns: Counter[tuple[int, int]] = Counter()
        self.leniency = {expert.person.email: expert.leniency for expert in [*experts, NEWCOMER]}

    def play(self) -> None:
        """Do every step whose day has come, in the order of the days."""
        for day, step in self.steps():
            if day <= self.calendar.today:
                step()

    def steps(self) -> Iterator[Step]:
        """The days of the season with what happens on each."""
        yield self.start_days[0] - 1, self.seat_jury
        yield self.start_days[0], self.enter_all
        yield -24, self.offer_sample
        yield -23, self.extend_for_one
        yield -22, self.vet_first
        yield -1, self.vet_rest
        yield 0, self.hand_out_essays
        yield 2, self.step_back
        yield FIRST_SCORING, self.score_essays
        yield 39, lambda: self.seal(39)
        yield 39, lambda: self.decide(OutcomeKind.FINALIST, 39)
        yield 39, lambda: self.release(OutcomeKind.FINALIST, 39)
        yield 43, self.plan_defences
        yield FIRST_SLOT, self.score_defences
        yield 55, self.plan_visits
        yield 73, lambda: self.seal(73)
        yield 74, lambda: self.decide(OutcomeKind.LAUREATE, 74)
        # On the day itself the organisers of the demo still have to do it.
        yield CEREMONY + 1, lambda: self.release(OutcomeKind.LAUREATE, CEREMONY)
        yield CEREMONY + 1, self.write_pages
        yield CEREMONY + 2, self.contest
        yield self.feedback_day(), self.give_feedback
        yield self.feedback_day() + 1, self.ask

    # --- Entries ---

    def seat_jury(self) -> None:
        """Put the experts on the jury; they accept the agreement in the days that follow."""
        self.say("jury")
        jury = self.season.juries.get(slug="expert")
        day = self.start_days[0] - 1
        with at(self.calendar.moment(day, 11)):
            judges = [acts.seat(expert, jury, by=self.organiser) for expert in self.experts]
        for index, judge in enumerate(judges):
            # At the start of the current season one judge has still to accept, to be tried.
            agrees = max(day + 2 + index, -20 if judge.user.email == JUDGE.email else day)
            if agrees <= self.calendar.today:
                with at(self.calendar.moment(agrees, 18, 10)):
                    acts.agree(judge)

    def enter_all(self) -> None:
        """Everybody enters; one after another over the weeks."""
        first, last = self.start_days
        for index, role in enumerate(self.cast):
            day = first + (last - first) * index // max(len(self.cast) - 1, 1)
            writer = self.team.writers[role.company]
            with at(self.calendar.moment(day, 9 + index % 8, index * 7 % 60)):
                entry = acts.enter(role, self.season, self.team, self.random)
            self.qualities[entry.pk], self.fates[entry.pk] = role.quality, role.fate
            if role.fate.is_sent:
                with at(self.calendar.moment(day, 18 + index % 5, index * 11 % 60)):
                    acts.send(entry, writer)
            if index % 10 == 9:
                self.say(f"entries: {index + 1}")

    def entries(self, *fates: Fate) -> list[Entry]:
        """Entries of the cast with these fates, by number."""
        chosen = [pk for pk, fate in self.fates.items() if fate in fates]
        rows = Entry.objects.filter(pk__in=chosen).select_related("nomination", "organisation")
        return list(rows.order_by("number"))

    def extend_for_one(self) -> None:
        """One organisation is given three days more."""
        stage = self.season.stages.get(kind=StageKind.ENTRY)
        with at(self.calendar.moment(-23, 12)):
            extend(
                stage,
                by=self.organiser,
                until=stage.closes_at + timedelta(days=3),
                reason="Сбой на складе перед праздниками: команда просила три дня, согласовано с жюри.",
                organisation=self.team.organisations["courier"],
            )

    def vet_first(self) -> None:
        """Admit what is ready, disqualify one, and see one withdrawn."""
        for index, entry in enumerate(self.entries(Fate.ADMITTED)):
            if entry.latest_revision() is not None:
                with at(self.calendar.moment(-22, 10) + timedelta(seconds=7 * index)):
                    admit_entry(entry, by=self.organiser)
        for entry in self.entries(Fate.DISQUALIFIED):
            with at(self.calendar.moment(-22, 16)):
                disqualify_entry(
                    entry,
                    by=self.second,
                    reason="По письму клиента, технология работает с 2018 года, а номинация"
                    " принимает внедрённые с 2020 года. Если это ошибка, напишите нам.",
                )
        for entry in self.entries(Fate.WITHDRAWN):
            with at(self.calendar.moment(-22, 17)):
                withdraw_entry(
                    entry,
                    by=self.team.writers["shop"],
                    reason="Проект объединили с другим, подадим его целиком в следующем сезоне.",
                )

    def vet_rest(self) -> None:
        """Admit what was submitted later."""
        for index, entry in enumerate(self.entries(Fate.SUBMITTED)):
            with at(self.calendar.moment(-1, 15, index % 60)):
                admit_entry(entry, by=self.second)

    # --- Essays ---

    def round(self, slug: str) -> Round:
        return Round.objects.select_related("season", "stage", "rubric").get(
            season=self.season, slug=slug
        )

    def criteria(self, round_: Round) -> list[Criterion]:
        return list(
            Criterion.objects.filter(dimension__rubric=round_.rubric).order_by(
                "dimension__position", "position"
            )
        )

    def judge(self, mailbox: str) -> Judge:
        return Judge.objects.select_related("user", "jury__season").get(
            jury__season=self.season, user__email__startswith=f"{mailbox}@"
        )

    def hand_out_essays(self) -> None:
        """Note the known conflict, then share the essays among the judges."""
        mailbox, company = CONFLICTED
        if any(expert.person.mailbox == mailbox for expert in self.experts):
            with at(self.calendar.moment(0, 9)):
                declare_conflict(
                    self.judge(mailbox).user,
                    by=self.organiser,
                    reason="Работает в этой компании.",
                    organisation=self.team.organisations[company],
                )
        with at(self.calendar.moment(0, 10)):
            distribute(self.round("essay"), per_entry=self.per_entry, by=self.organiser)

    def step_back(self) -> None:
        """A judge recuses; the organiser asks another, and while essays are scored a new member joins."""
        mailbox, company = RECUSED
        round_ = self.round("essay")
        assignments = round_.assignments.select_related("judge__user", "entry")
        own = assignments.filter(judge__user__email__startswith=f"{mailbox}@")
        recused = own.filter(entry__organisation=self.team.organisations[company]).first()
        if recused is None:
            recused = own.order_by("-pk").first()
        if recused is not None:
            with at(self.calendar.moment(2, 13)):
                recuse(
                    recused,
                    by=recused.judge.user,
                    reason="Консультировала эту команду в прошлом году.",
                )
            busy = assignments.filter(entry=recused.entry).values("judge")
            free = Judge.objects.filter(jury__season=self.season).exclude(pk__in=busy)
            conflicted = f"{CONFLICTED[0]}@"
            other = free.exclude(user__email__startswith=conflicted).order_by("pk").first()
            if other is not None:
                with at(self.calendar.moment(2, 15)):
                    assign(round_, other, recused.entry, by=self.organiser)
        if self.calendar.today < FINALISTS_DAY:
            with at(self.calendar.moment(2, 16)):
                jury = self.season.juries.get(slug="expert")
                newcomer = acts.seat(NEWCOMER, jury, by=self.organiser)
                for entry in self.entries(Fate.ADMITTED)[:3]:
                    assign(round_, newcomer, entry, by=self.organiser)

    def active(self, round_: Round) -> list[Assignment]:
        """Assignments still to score, in an order that mixes judges and entries."""
        rows = round_.assignments.active().select_related("judge__user", "entry")
        newcomer = NEWCOMER.person.email
        return sorted(
            rows.exclude(judge__user__email=newcomer),
            key=lambda row: (row.entry_id * 7919 + row.judge_id * 104_729) % 1009,
        )

    def sheet(
        self, assignment: Assignment, criteria: list[Criterion], seed: str, *, live: bool = False
    ) -> acts.Sheet:
        """What the judge of an assignment writes about its entry."""
        self.turns[assignment.round_id, assignment.entry_id] += 1
        return acts.sheet_for(
            criteria,
            self.qualities.get(assignment.entry_id, 0.6) + (BETTER_LIVE if live else 0),
            self.leniency[assignment.judge.user.email],
            Random(f"{self.season.slug} {seed}"),
            turn=self.turns[assignment.round_id, assignment.entry_id] - 1,
            live=live,
        )

    def score_essays(self) -> None:
        """Each scorecard on its day; the one of today is begun but not finished."""
        round_ = self.round("essay")
        criteria = self.criteria(round_)
        assignments = self.active(round_)
        span = LAST_SCORING - FIRST_SCORING
        begun: set[int] = set()
        for index, assignment in enumerate(assignments):
            day = FIRST_SCORING + span * index // max(len(assignments) - 1, 1)
            late = day >= self.calendar.today
            if late and assignment.judge_id in begun:
                continue
            if late:
                begun.add(assignment.judge_id)
            moment = self.calendar.moment(
                min(day, self.calendar.today - 1), 10 + index % 9, index % 60
            )
            sheet = self.sheet(assignment, criteria, f"essay {index}")
            with at(moment):
                acts.score(assignment, sheet, submit=not late)
            if index % 25 == 24:
                self.say(f"scorecards: {index + 1}")

    def seal(self, day: int) -> None:
        """The clock has stopped: what counts gets its public fingerprint."""
        with at(self.calendar.moment(day, 0, 5)):
            seal_closed_rounds()

    # --- Outcomes ---

    def rule(self, kind: OutcomeKind) -> OutcomeRule:
        return OutcomeRule.objects.select_related("stage", "season").get(
            season=self.season, kind=kind
        )

    def decide(self, kind: OutcomeKind, day: int) -> None:
        """Compute every standing and confirm; essays below the mark are left out, with the reason."""
        self.say(f"{kind.value}s")
        rule = self.rule(kind)
        with at(self.calendar.moment(day, 9)):
            compute_all(rule, by=self.organiser)
        with at(self.calendar.moment(day, 9, 30)):
            if kind == OutcomeKind.FINALIST:
                for nomination in Nomination.objects.filter(season=self.season):
                    self.choose_finalists(rule, nomination)
            confirm_proposals(rule, by=self.organiser)

    def choose_finalists(self, rule: OutcomeRule, nomination: Nomination) -> None:
        standing = latest_standing(rule, nomination)
        if standing is None:
            return
        proposed = list(standing.rows.filter(proposed=True).select_related("entry"))
        weak = [row for row in proposed if row.score is not None and row.score < PASS_SCORE]
        chosen = [row.entry for row in proposed if row not in weak]
        if weak and chosen:
            reasons = {
                row.entry_id: "Оценка заметно ниже остальных: жюри не рекомендует к защите."
                for row in weak
            }
            confirm_outcomes(rule, nomination, chosen, by=self.organiser, reasons=reasons)

    def release(self, kind: OutcomeKind, day: int) -> None:
        """One organiser prepares, the other confirms, the clock publishes; then diplomas are drawn."""
        rule = self.rule(kind)
        moment = self.calendar.moment(day, 12)
        with at(self.calendar.moment(day, 10)):
            release = arm_release(rule, by=self.organiser, not_before=moment)
        with at(self.calendar.moment(day, 11)):
            confirm_release(release, by=self.second)
        with at(moment):
            run_due(kinds=["release-results"])
            run_due(kinds=["make-feedback"])
        self.say("diplomas")
        with at(moment + timedelta(minutes=5)):
            run_due(kinds=["make-diploma"])

    # --- Defence ---

    def plan_defences(self) -> None:
        """Give each finalist a time, and share them among the judges."""
        round_ = self.round("defence")
        finalists = list(round_.entries().select_related("organisation").order_by("number"))
        days = LAST_SLOT - FIRST_SLOT
        with at(self.calendar.moment(43, 10)):
            for index, entry in enumerate(finalists):
                day = FIRST_SLOT + days * index // max(len(finalists), 1)
                plan_defence(
                    round_,
                    entry,
                    by=self.second,
                    starts_at=self.calendar.moment(day, 10 + index % 7, 30 * (index % 2)),
                    minutes=20,
                    place="Зал «Переговоры», 3-й этаж" if index % 3 else "",
                    video_link="" if index % 3 else "https://video.example.org/defence",
                )
        with at(self.calendar.moment(43, 16)):
            distribute(round_, per_entry=3, by=self.organiser)

    def score_defences(self) -> None:
        """The judges of a defence score it the same evening."""
        round_ = self.round("defence")
        criteria = self.criteria(round_)
        slots = {slot.entry_id: slot.starts_at for slot in round_.slots.all()}
        for index, assignment in enumerate(
            sorted(self.active(round_), key=lambda row: (slots[row.entry_id], row.pk))
        ):
            evening = slots[assignment.entry_id] + timedelta(hours=3, minutes=index % 40)
            if evening >= self.calendar.moment(self.calendar.today):
                break
            sheet = self.sheet(assignment, criteria, f"defence {index}", live=True)
            with at(evening):
                acts.score(assignment, sheet)

    # --- Beside the plain course ---

    def offer_sample(self) -> None:
        """Judges of the current season may practise before essays come."""
        if self.calendar.today < FINALISTS_DAY:
            extras.offer_sample(self.round("essay"))

    def plan_visits(self) -> None:
        """Where the season visits its finalists: one visit was yesterday, one is still to be confirmed."""
        round_ = self.season.rounds.filter(slug="visit").select_related("season", "stage").first()
        if round_ is None:
            return
        entries = Entry.objects.filter(nomination__season=self.season).admitted()
        seen = entries.get(nomination__number=18, organisation=self.team.organisations["hotel"])
        next_ = entries.get(nomination__number=19, organisation=self.team.organisations["bank"])
        days = {seen: self.calendar.today - 1, next_: self.calendar.today + 4}
        with at(self.calendar.moment(55, 12)):
            for entry, day in days.items():
                extras.plan_team_visit(
                    round_,
                    entry,
                    by=self.organiser,
                    confirmed_by=entry.created_by if entry == seen else None,
                    starts_at=self.calendar.moment(day, 11),
                    ends_at=self.calendar.moment(day, 13),
                    place="Москва, Лесная улица, 5, второй этаж",
                )

    def write_pages(self) -> None:
        """Laureates tell of themselves in the afternoon of their day."""
        with at(self.calendar.moment(CEREMONY, 16)):
            extras.write_pages(self.season, by=self.second)

    def contest(self) -> None:
        """Where the season takes appeals, one has come."""
        rule = self.rule(OutcomeKind.LAUREATE)
        if rule.appeal_days:
            with at(self.calendar.moment(CEREMONY + 2, 11)):
                extras.contest(rule)

    def ask(self) -> None:
        """One nominee asks about its feedback; in a season that is over it has its answer."""
        day = self.feedback_day() + 1
        won = PublishedResult.objects.filter(season=self.season, kind=OutcomeKind.LAUREATE)
        rows = Feedback.objects.filter(entry__nomination__season=self.season)
        feedback = rows.exclude(entry__in=won.values("entry")).select_related("entry").first()
        if feedback is None:
            return
        with at(self.calendar.moment(day, 11)):
            ask_question(feedback, text=QUESTION, by=feedback.entry.created_by)
        if self.season.slug == PAST:
            with at(self.calendar.moment(day, 15)):
                answer_question(feedback, text=ANSWER, by=self.second)
            with at(self.calendar.moment(day, 16)):
                choose_disclosure(
                    self.season, by=self.organiser, chosen=["marks", "votes", "counts"]
                )

    # --- Feedback ---

    def feedback_day(self) -> int:
        """The day the stage of feedback opens."""
        stage = self.season.stages.get(kind=StageKind.FEEDBACK)
        opens = stage.opens_at.astimezone(self.calendar.zone).date()
        return (opens - self.calendar.deadline).days

    def give_feedback(self) -> None:
        """Tell everybody; some have read it."""
        day = self.feedback_day()
        with at(self.calendar.moment(day, 0, 5)):
            open_feedback()
            run_due(kinds=["announce-feedback", "collect-comments"])
            waiting = JuryComment.objects.filter(round__season=self.season)
            show_comments(self.season, set(waiting.values_list("pk", flat=True)), by=self.organiser)
        stage = self.season.stages.get(kind=StageKind.FEEDBACK)
        for index, feedback in enumerate(stage.feedback.select_related("entry").order_by("pk")):
            writer = feedback.entry.created_by
            if index % 3 == 0 and writer.pk not in {
                self.team.writers[key].pk for key in ("bank", "grocer")
            }:
                with at(self.calendar.moment(day, 12, index % 60)):
                    mark_read(feedback, by=writer)
