"""The real season on today's dates, and the people of the story who do not walk through it themselves."""

from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import Organisation, User
from accounts.services import create_organisation
from blueprints.services import load_season
from judging.models import Assignment, Criterion, Judge, Jury, Round
from judging.services import (
    accept_agreement,
    add_judge,
    assign,
    open_scorecard,
    save_comment,
    save_mark,
    submit_scorecard,
)
from nominations.models import Entry, Nomination, PromptKind
from nominations.services import save_answer, start_entry, submit_entry
from results.models import Release
from seasons.models import Season, Stage
from seasons.services import move_stage
from tests.factories import PASSWORD, make_person

SLUG = "cx-award-2022"

__all__ = ["PASSWORD", "SLUG", "Story"]


def prose(words: int, about: str) -> str:
    """So many words of plain text."""
    sentence = f"We asked {about} what stood in the way and then we took it out of the way."
    found = (sentence.split() * (words // 10 + 1))[: words - 1]
    return " ".join(found) + " indeed."


class Story:
    """The season, and what happens in it beside the browser."""

    slug = SLUG

    def __init__(self) -> None:
        self.organiser = make_person("olga@example.org", "Olga Organiser", is_staff=True)
        self.second = make_person("stepan@example.org", "Stepan Second", is_staff=True)
        file = Path(settings.BASE_DIR, f"seasons/data/{self.slug}.yaml")
        load_season(file.read_bytes(), organisers=[self.organiser, self.second])
        # The journey of comments looks at them before nominees read them; here they are read at once.
        Season.objects.filter(slug=self.slug).update(moderate_comments=False)
        self.season = Season.objects.get(slug=self.slug)
        self.open_stage("entry")

    def open_stage(self, slug: str, *, before: timedelta = timedelta(days=1)) -> None:
        """Move all dates so that a stage opened a while ago; the clock of the server stays true."""
        self.set_opening(slug, timezone.now() - before)

    def set_opening(self, slug: str, moment: datetime) -> None:
        """Move all dates, planned releases too, so that a stage opens at a moment."""
        shift = moment - self.stage(slug).opens_at
        with transaction.atomic():
            for stage in Stage.objects.filter(season=self.season):
                move_stage(
                    stage,
                    by=self.organiser,
                    opens_at=stage.opens_at + shift,
                    closes_at=stage.closes_at + shift,
                )
            Release.objects.filter(rule__season=self.season, released_at=None).update(
                not_before=F("not_before") + shift
            )

    def stage(self, slug: str) -> Stage:
        """A stage as it stands now."""
        return Stage.objects.get(season=self.season, slug=slug)

    def round(self, slug: str) -> Round:
        """A round of the season."""
        return Round.objects.get(season=self.season, slug=slug)

    def nomination(self, number: int) -> Nomination:
        """A nomination by its number."""
        return Nomination.objects.get(season=self.season, number=number)

    def rival_enters(self) -> Entry:
        """Another company submits an entry in nomination 1."""
        rival = make_person("rita@example.org", "Rita Rival")
        company: Organisation = create_organisation("Rowan Bank", by=rival)
        nomination = self.nomination(1)
        entry = start_entry(nomination, company, by=rival, kind="organisation", title="Next door")
        for prompt in nomination.prompts.filter(kind=PromptKind.TEXT):
            save_answer(entry, prompt, prose(80, "our staff"), by=rival, base_version=0)
        submit_entry(entry, by=rival, key=uuid4())
        return entry

    def judge_joins(self, name: str, jury_slug: str = "expert") -> Judge:
        """A further member of a jury, who has accepted the agreement."""
        person = make_person(f"{name.split(maxsplit=1)[0].lower()}@example.org", name)
        jury = Jury.objects.get(season=self.season, slug=jury_slug)
        judge = add_judge(jury, person, by=self.organiser, employer="Far away")
        accept_agreement(self.season.agreements.get(), person, language="en")
        return judge

    def score(self, judge: Judge, entry: Entry, round_: Round, share: Decimal) -> None:
        """A judge marks an entry with the same share of each maximum, and submits."""
        assignment = Assignment.objects.filter(judge=judge, entry=entry, round=round_).first()
        assignment = assignment or assign(round_, judge, entry, by=self.organiser)
        by: User = judge.user
        card = open_scorecard(assignment, by=by)
        for criterion in Criterion.objects.filter(dimension__rubric=round_.rubric_id):
            value = (criterion.maximum * share).to_integral_value()
            save_mark(card, criterion, by=by, value=value, base_version=0)
        card = save_comment(
            card, by=by, comment="Measured well.", private_note="", base_version=card.version
        )
        submit_scorecard(card, by=by, key=uuid4())
