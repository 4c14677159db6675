"""A season of 2,000 entries and 20,000 scorecards, for measuring.

Answers and scorecards are written in bulk, because a judge's every click would take an hour; all
else goes through the services. A test compares the bulk rows with those of the services.
"""

# ruff: noqa: S311 - the seed makes every demo the same

from collections import defaultdict
from collections.abc import Iterable
from random import Random
from typing import Any

from django.utils import timezone

from audit.models import Event
from audit.services import label, lock_chain
from blueprints.demo import acts
from blueprints.demo.cast import Fate, Role, crowd
from blueprints.demo.clock import at
from blueprints.demo.essays import Essay
from blueprints.demo.people import many_companies
from blueprints.demo.story import Story
from judging.canonical import leaf_of
from judging.models import Assignment, Leaf, Mark, Scorecard, ScorecardStatus
from judging.services.ledger import contents_of
from judging.totals import Scored, total_of
from nominations.models import Answer, Entry, Nomination, Revision
from nominations.services import set_participants
from seasons.models import Season

ENTRIES, COMPANIES, JUDGES, PER_ENTRY = 2000, 200, 60, 10
LEFT_OPEN = 2
BATCH = 250
Submitted = tuple[Assignment, acts.Sheet]


class LargeStory(Story):
    """The same season with a crowd."""

    per_entry = PER_ENTRY

    def enter_all(self) -> None:
        """The small cast as ever, and the crowd."""
        super().enter_all()
        nominations = list(Nomination.objects.filter(season=self.season))
        companies = many_companies(COMPANIES)
        for start in range(0, len(companies), 20):
            with at(self.calendar.moment(self.start_days[0] - 2, 9, start // 20)):
                self.team.add(companies[start : start + 20])
        self.say(f"organisations: {len(companies)}")
        roles = crowd(ENTRIES - len(self.cast), nominations, companies, Random("crowd"))
        for start in range(0, len(roles), BATCH):
            day = self.start_days[0] + 1 + 20 * start // len(roles)
            with at(self.calendar.moment(day, 20)):
                for role in roles[start : start + BATCH]:
                    self.enter_one(role)
            self.say(f"entries: {len(self.cast) + start + len(roles[start : start + BATCH])}")

    def enter_one(self, role: Role) -> None:
        """Start, answer in bulk, submit."""
        writer = self.team.writers[role.company]
        entry = enter_in_bulk(role, self.season, self.team, self.random)
        self.qualities[entry.pk], self.fates[entry.pk] = role.quality, Fate.ADMITTED
        acts.send(entry, writer)

    def score_essays(self) -> None:
        """Everything is scored except the last few of each judge."""
        round_ = self.round("essay")
        criteria = self.criteria(round_)
        waiting: dict[int, list[Assignment]] = defaultdict(list)
        for assignment in self.active(round_):
            waiting[assignment.judge_id].append(assignment)
        todo = [row for rows in waiting.values() for row in rows[:-LEFT_OPEN]]
        last = min(self.calendar.today - 1, 34)
        for start in range(0, len(todo), BATCH):
            batch = [
                (row, self.sheet(row, criteria, f"large {row.pk}"))
                for row in todo[start : start + BATCH]
            ]
            day = 3 + max(last - 3, 0) * start // len(todo)
            with at(self.calendar.moment(day, 12)):
                score_in_bulk(self.season, batch)
            self.say(f"scorecards: {start + len(batch)}")


def enter_in_bulk(role: Role, season: Season, team: acts.Team, random: Random) -> Entry:
    """An entry with all its answers in one statement."""
    entry = acts.begin(role, season, team)
    nomination, writer = entry.nomination, team.writers[role.company]
    essay = Essay(nomination.slug, random, who=role.nominee)
    Answer.objects.bulk_create(
        Answer(
            entry=entry,
            prompt=prompt,
            text=essay.answer(prompt),
            version=1,
            updated_by=writer,
        )
        for prompt in nomination.prompts.all()
    )
    if nomination.requires_roles and not role.participants:
        set_participants(entry, [(entry.organisation.name, "client")], by=writer)
    return entry


def score_in_bulk(season: Season, submitted: Iterable[Submitted]) -> None:
    """Submitted scorecards with their marks and their places in the log."""
    pairs = list(submitted)
    now = timezone.now()
    revisions: dict[int, Revision] = {}
    entries = {assignment.entry_id for assignment, _sheet in pairs}
    for revision in Revision.objects.filter(entry__in=entries).order_by("number"):
        revisions[revision.entry_id] = revision
    cards = Scorecard.objects.bulk_create(
        Scorecard(
            assignment=assignment,
            revision=revisions[assignment.entry_id],
            status=ScorecardStatus.SUBMITTED,
            comment=sheet.comment,
            private_note=sheet.private_note,
            version=1,
            total=total_of(
                Scored(value, criterion.weight, criterion.maximum)
                for criterion, value, _said in sheet.marks
            ),
            idempotency_key=acts.submission_key(assignment),
            submitted_at=now,
        )
        for assignment, sheet in pairs
    )
    marks = [
        [
            Mark(
                scorecard=card,
                criterion=criterion,
                value=value,
                abstained=value is None,
                comment=said,
                version=1,
            )
            for criterion, value, said in sheet.marks
        ]
        for card, (_assignment, sheet) in zip(cards, pairs, strict=True)
    ]
    Mark.objects.bulk_create([mark for row in marks for mark in row], batch_size=1000)
    rubrics = {card.assignment.round.rubric for card in cards}
    drawn = contents_of(cards, {row[0].scorecard_id: row for row in marks}, rubrics)
    events = record_in_bulk(
        season,
        [
            {
                "actor_id": card.assignment.judge.user_id,
                "about": label(card),
                "data": {
                    "round": card.assignment.round.slug,
                    "assignment": card.assignment_id,
                    "leaf": leaf_of(salt, content),
                },
            }
            for card, content, salt in drawn
        ],
    )
    Leaf.objects.bulk_create(
        (
            Leaf(
                scorecard=card,
                event=event,
                content=content,
                salt=salt,
                sha256=event.data["leaf"],
            )
            for (card, content, salt), event in zip(drawn, events, strict=True)
        ),
        batch_size=500,
    )


def record_in_bulk(season: Season, events: list[dict[str, Any]]) -> list[Event]:
    """Append many submissions to the season's chain at once, each with the hash of the one before."""
    chain = f"season:{season.slug}"
    last = lock_chain(chain)
    position, previous = (last.position, last.hash) if last else (0, "")
    rows = []
    for values in events:
        position += 1
        event = Event(
            chain=chain,
            position=position,
            at=timezone.now(),
            verb="scorecard.submitted",
            previous_hash=previous,
            **values,
        )
        event.hash = previous = event.digest()
        rows.append(event)
    return Event.objects.bulk_create(rows, batch_size=500)
