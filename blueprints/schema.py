"""The season file, key by key. docs/season-file.md says the same to people; keep the two together."""

# ruff: noqa: RUF009 - `has` and `may_have` make dataclass fields

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from blueprints.kinds import (
    SLUG,
    Amount,
    Choice,
    Day,
    Line,
    Many,
    Moment,
    Number,
    One,
    Part,
    Texts,
    Truth,
    Whole,
    has,
    may_have,
)
from blueprints.samples import Sample
from common.localized import Localized
from judging.models import (
    Admission,
    Calibration,
    Entrants,
    Handout,
    ItemKind,
    JuryKind,
    SeeOthers,
    Severity,
    Shows,
    Way,
)
from nominations.models import Aspect, EntryKind, MissingRule, ParticipantRole, PromptKind
from results.models import CHOICES, Method, Missing, OutcomeKind, QuotaMode, Scale, TieOrder
from seasons.models import Channel, DraftRule, StageKind

LANGUAGE = Line(r"[a-z]{2}(-[a-z]{2,4})?", _("A language is written as ru, en or zh-hans."))
CODE = Line(r"[A-Z0-9-]+", _("A code is made of capital Latin letters, digits and hyphens."), 12)
COLOUR = Line(r"#[0-9a-fA-F]{6}", _('Write a colour in quotes, as "#rrggbb".'))
PICTURE = Line(r"[A-Za-z0-9][A-Za-z0-9._-]*", _("This is the name of a picture, without a folder."))


# How the judges of a round say what they think; what they began by stays.
WAY_FIELDS = (
    "way",
    "one_list",
    "ties_allowed",
    "comment_on_no",
    "budget",
    "most_points",
    "comparisons_each",
)

# How places come about; what the file leaves out stays as it is.
RULES_SAID = ("method", "missing", "quota_mode", "ties", "seed")


@dataclass(kw_only=True)
class Programme(Part):
    """The award brand."""

    slug: str = has(SLUG)
    name: Localized = has(Texts())
    summary: Localized = may_have(Texts())


@dataclass(kw_only=True)
class Season(Part):
    """The edition itself."""

    slug: str = has(SLUG)
    name: Localized = has(Texts())
    language: str = has(LANGUAGE)
    languages: list[str] = has(Many(LANGUAGE))
    time_zone: str = has(Line())
    code: str = has(CODE)
    summary: Localized = may_have(Texts())
    about: Localized = may_have(Texts())
    rules: Localized = may_have(Texts())
    accent: str = may_have(COLOUR, "#1f5f8b")
    logo: str = may_have(PICTURE)
    contact_email: str = may_have(Line())
    channels: list[str] = may_have(Many(Choice(Channel.values)), [Channel.OPEN.value])
    draft_rule: str = may_have(Choice(DraftRule.values), DraftRule.STAY.value)
    moderate_comments: bool | None = may_have(Truth())
    discloses: list[str] = may_have(Many(Choice(CHOICES)))
    max_entries_per_applicant: int | None = may_have(Whole(1, 999))


@dataclass(kw_only=True)
class Stage(Part):
    """A dated step."""

    slug: str = has(SLUG)
    kind: str = has(Choice(StageKind.values))
    name: Localized = has(Texts())
    who: Localized = may_have(Texts())
    opens: datetime | None = has(Moment())
    closes: datetime | None = has(Moment())


@dataclass(kw_only=True)
class Agreement(Part):
    """What judges accept."""

    version: str = has(Line(most=20))
    text: Localized = has(Texts())


@dataclass(kw_only=True)
class Jury(Part):
    """A panel; its members are no matter of the file."""

    slug: str = has(SLUG)
    kind: str = has(Choice(JuryKind.values))
    name: Localized = has(Texts())
    admission: str = may_have(Choice(Admission.values), default="invited")
    handout: str = may_have(Choice(Handout.values), default="assigned")
    daily_limit: int | None = may_have(Whole(1, 1000))
    about: Localized = may_have(Texts())


@dataclass(kw_only=True)
class Interests(Part):
    """What the interests that the portal finds do, and whether entrants may object to judges."""

    email_domain: str = may_have(Choice(Severity.values), default="hard")
    employer: str = may_have(Choice(Severity.values), default="hard")
    past_employer: str = may_have(Choice(Severity.values), default="soft")
    competitor: str = may_have(Choice(Severity.values), default="soft")
    objections: bool | None = may_have(Truth(), default=False)
    objections_until: datetime | None = may_have(Moment())


@dataclass(kw_only=True)
class Band(Part):
    """What marks from `low` to `high` mean."""

    low: Decimal | None = has(Number(9999, 2, zero=True))
    high: Decimal | None = has(Number(9999, 2, zero=True))
    name: Localized = has(Texts())
    descriptor: Localized = may_have(Texts())


@dataclass(kw_only=True)
class Advice(Part):
    """A figure from `at_least` to under `below` suggests a mark from `low` to `high`."""

    at_least: Decimal | None = may_have(Amount())
    below: Decimal | None = may_have(Amount())
    low: Decimal | None = has(Number(9999, 2, zero=True))
    high: Decimal | None = has(Number(9999, 2, zero=True))


@dataclass(kw_only=True)
class Guidance(Part):
    """Which figure to look at, in which prompt of the form it stands, and what it suggests."""

    measure: Localized = has(Texts())
    prompt: str = may_have(SLUG)
    marks: list[Advice] = has(Many(One(Advice)))


@dataclass(kw_only=True)
class Item(Part):
    """What a judge marks."""

    slug: str = has(SLUG)
    name: Localized = has(Texts())
    description: Localized = may_have(Texts())
    phase: str = may_have(SLUG)
    max: Decimal | None = has(Number(9999, 2))
    weight: Decimal | None = may_have(Number(999, 3), Decimal(1))
    step: Decimal | None = may_have(Number(99, 2), Decimal(1))
    bands: list[Band] = has(Many(One(Band)))
    guidance: Guidance | None = may_have(One(Guidance))


@dataclass(kw_only=True)
class Criterion(Item):
    """A criterion: marked itself, or split into `items` that are. blueprints.rubrics checks which."""

    max: Decimal | None = may_have(Number(9999, 2))
    bands: list[Band] = may_have(Many(One(Band)))
    items: list[Item] = may_have(Many(One(Item)))

    def marked(self) -> list[Item]:
        """What judges mark: its sub-items, or itself."""
        return [*self.items] or [self]


@dataclass(kw_only=True)
class Dimension(Part):
    """A group of criteria."""

    name: Localized = has(Texts())
    criteria: list[Criterion] = has(Many(One(Criterion)))

    def marked(self) -> list[tuple[Item, Criterion | None]]:
        """What judges mark, each with the criterion it is a sub-item of."""
        return [
            (item, None if item is criterion else criterion)
            for criterion in self.criteria
            for item in criterion.marked()
        ]


@dataclass(kw_only=True)
class Phase(Part):
    """A step of a levelled standard; `reached_at` is the share that opens the next."""

    slug: str = has(SLUG)
    name: Localized = has(Texts())
    description: Localized = may_have(Texts())
    reached_at: Decimal | None = may_have(Number(100, 2), Decimal(100))


@dataclass(kw_only=True)
class Rubric(Part):
    """A scoring scheme."""

    slug: str = has(SLUG)
    version: int | None = has(Whole(1, 999))
    name: Localized = has(Texts())
    comment_at_or_below: int | None = may_have(Whole(0, 100), None)
    comment_at_or_above: int | None = may_have(Whole(0, 100), None)
    total: Decimal | None = may_have(Number(99_999, 2))
    valid_from: date | None = may_have(Day())
    valid_until: date | None = may_have(Day())
    phases: list[Phase] = may_have(Many(One(Phase)))
    dimensions: list[Dimension] = has(Many(One(Dimension)))

    def criteria(self) -> list[Item]:
        """What judges mark in all dimensions, in order."""
        return [item for dimension in self.dimensions for item, _split in dimension.marked()]


@dataclass(kw_only=True)
class Panel(Part):
    """What one jury of a round weighs in it."""

    jury: str = has(SLUG)
    weight: Decimal | None = has(Number(100, 2))


@dataclass(kw_only=True)
class Defence(Part):
    """How the defences of a round go."""

    presentation_minutes: int | None = may_have(Whole(1, 600), 15)
    question_minutes: int | None = may_have(Whole(0, 600), 10)
    pause_minutes: int | None = may_have(Whole(0, 600), 5)
    from_start: bool | None = may_have(Truth(), default=False)
    rooms: list[str] = may_have(Many(Line()))


@dataclass(kw_only=True)
class VisitLine(Part):
    """A line of the check list of visits."""

    slug: str = has(SLUG)
    text: Localized = has(Texts())
    kind: str = has(Choice(ItemKind.values))
    unit: Localized = may_have(Texts(), {})
    required: bool | None = may_have(Truth(), default=True)


@dataclass(kw_only=True)
class Visits(Part):
    """How the entries of a round are visited, and what the team answers on site."""

    names_shown: bool | None = may_have(Truth(), default=False)
    report_for_all: bool | None = may_have(Truth(), default=False)
    photos: int | None = may_have(Whole(0, 20), 6)
    check_list: list[VisitLine] = may_have(Many(One(VisitLine), least=0))


@dataclass(kw_only=True)
class Round(Part):
    """A pass of judging; the rubric is the newest version of that short name in the file."""

    slug: str = has(SLUG)
    stage: str = has(SLUG)
    rubric: str = has(SLUG)
    juries: list[str] = has(Many(SLUG))
    weight: Decimal | None = has(Number(100, 2))
    quorum: int | None = has(Whole(1, 99))
    name: Localized = has(Texts())
    entrants: str = has(Choice(Entrants.values))
    nominations: list[int] = may_have(Many(Whole(1, 999)))
    shows: str = may_have(Choice(Shows.values), Shows.EVERYTHING.value)
    see_others: str = may_have(Choice(SeeOthers.values), SeeOthers.NEVER.value)
    others_named: bool | None = may_have(Truth(), default=False)
    discussion_until: datetime | None = may_have(Moment())
    way: str = may_have(Choice(Way.values), Way.SCORECARD.value)
    question: Localized = may_have(Texts(), {})
    one_list: bool | None = may_have(Truth(), default=False)
    ties_allowed: bool | None = may_have(Truth(), default=False)
    comment_on_no: bool | None = may_have(Truth(), default=False)
    budget: int | None = may_have(Whole(1, 9999), 100)
    most_points: int | None = may_have(Whole(1, 9999), 40)
    comparisons_each: int | None = may_have(Whole(1, 99), 6)
    panels: list[Panel] = may_have(Many(One(Panel)))
    calibration: str = may_have(Choice(Calibration.values), Calibration.NONE.value)
    samples: list[Sample] = may_have(Many(One(Sample)))
    visits: Visits | None = may_have(One(Visits))
    defence: Defence | None = may_have(One(Defence))

    def judges(self, number: int | None) -> bool:
        """Whether it judges the nomination; a round that names none judges them all."""
        return not self.nominations or number in self.nominations


@dataclass(kw_only=True)
class ResultPart(Part):
    """A part of a result: a round, one jury of it, or a group of parts."""

    slug: str = has(SLUG)
    under: str = may_have(SLUG)
    name: Localized = may_have(Texts())
    weight: Decimal | None = has(Number(1000, 2))
    round: str = may_have(SLUG)
    jury: str = may_have(SLUG)
    scale: str = may_have(Choice(Scale.values))
    method: str = may_have(Choice(Method.values))
    quorum: int | None = may_have(Whole(1, 99))
    decimals: int | None = may_have(Whole(0, 6))


@dataclass(kw_only=True)
class Outcome(Part):
    """What is announced."""

    kind: str = has(Choice(OutcomeKind.values))
    stage: str = has(SLUG)
    rounds: list[str] = has(Many(SLUG))
    quota: int | None = has(Whole(1, 999))
    least_score: Decimal | None = may_have(Number(100, 2))
    diploma: bool | None = has(Truth())
    appeal_days: int | None = may_have(Whole(1, 365))
    method: str = may_have(Choice(Method.values))
    missing: str = may_have(Choice(Missing.values))
    quota_mode: str = may_have(Choice(QuotaMode.values))
    ties: str = may_have(Choice([one for one in TieOrder.values if one]))
    priority: str = may_have(SLUG)
    seed: str = may_have(Line(most=64))
    parts: list[ResultPart] = may_have(Many(One(ResultPart)))


@dataclass(kw_only=True)
class Hint(Part):
    """Where to look instead."""

    nomination: int | None = has(Whole(1, 999))
    text: Localized = has(Texts())


@dataclass(kw_only=True)
class Option(Part):
    """A choice, or a column of a table."""

    slug: str = has(SLUG)
    label: Localized = has(Texts())


@dataclass(kw_only=True)
class Condition(Part):
    """The earlier prompt, and the choice in it, that a prompt waits for."""

    prompt: str = has(SLUG)
    value: str = may_have(SLUG)


@dataclass(kw_only=True)
class Prompt(Part):
    """A question of the essay; blueprints.prompts says which keys go with which kind."""

    slug: str = has(SLUG)
    kind: str = has(Choice(PromptKind.values))
    label: Localized = has(Texts())
    help: Localized = may_have(Texts())
    required: bool | None = has(Truth())
    jury_sees: bool | None = may_have(Truth(), default=True)
    min_words: int | None = may_have(Whole(1, 100_000))
    max_words: int | None = may_have(Whole(1, 100_000))
    unit: Localized = may_have(Texts())
    decimals: int | None = may_have(Whole(0, 4), 0)
    minimum: Decimal | None = may_have(Amount())
    maximum: Decimal | None = may_have(Amount())
    minimum_message: Localized = may_have(Texts())
    options: list[Option] = may_have(Many(One(Option), least=2))
    columns: list[Option] = may_have(Many(One(Option)))
    shown_if: Condition | None = may_have(One(Condition))


@dataclass(kw_only=True)
class CheckLine(Part):
    """A line of the check list of vetting."""

    slug: str = has(SLUG)
    aspect: str = has(Choice(Aspect.values))
    text: Localized = has(Texts())


@dataclass(kw_only=True)
class Nomination(Part):
    """What is competed for."""

    number: int | None = has(Whole(1, 999))
    slug: str = has(SLUG)
    name: Localized = has(Texts())
    summary: Localized = may_have(Texts())
    kinds: list[str] = has(Many(Choice(EntryKind.values)))
    requires_roles: list[str] = may_have(Many(Choice(ParticipantRole.values), least=0))
    hints: list[Hint] = may_have(Many(One(Hint), least=0))
    max_per_applicant: int | None = may_have(Whole(1, 999))
    max_entries: int | None = may_have(Whole(1, 99_999))
    essay_upload: bool | None = may_have(Truth(), default=False)
    check_list: list[CheckLine] = may_have(Many(One(CheckLine), least=0))
    prompts: list[Prompt] = has(Many(One(Prompt)))


@dataclass(kw_only=True)
class Prerequisite(Part):
    """A document an applicant must hold; without `nominations` in all of them."""

    slug: str = has(SLUG)
    name: Localized = has(Texts())
    help: Localized = may_have(Texts())
    missing: str = has(Choice(MissingRule.values))
    needs_proof: bool | None = may_have(Truth(), default=True)
    nominations: list[int] = may_have(Many(Whole(1, 999)))


@dataclass(kw_only=True)
class Category(Part):
    """A group of nominations."""

    slug: str = has(SLUG)
    number: int | None = has(Whole(1, 999))
    name: Localized = has(Texts())
    description: Localized = may_have(Texts())
    nominations: list[Nomination] = has(Many(One(Nomination)))


@dataclass(kw_only=True)
class Blueprint(Part):
    """A whole season file."""

    format: int | None = has(Whole(1, 1))
    programme: Programme | None = has(One(Programme))
    season: Season | None = has(One(Season))
    stages: list[Stage] = has(Many(One(Stage)))
    agreement: Agreement | None = has(One(Agreement))
    juries: list[Jury] = has(Many(One(Jury)))
    interests: Interests | None = may_have(One(Interests))
    rubrics: list[Rubric] = has(Many(One(Rubric)))
    rounds: list[Round] = has(Many(One(Round)))
    outcomes: list[Outcome] = has(Many(One(Outcome)))
    prerequisites: list[Prerequisite] = may_have(Many(One(Prerequisite), least=0))
    categories: list[Category] = has(Many(One(Category)))

    def newest_rubric(self, slug: str) -> Rubric | None:
        """The version that a round of this short name is judged by."""
        versions = [one for one in self.rubrics if one.slug == slug]
        return max(versions, key=lambda one: one.version or 0, default=None)

    def nominations(self) -> list[Nomination]:
        """Those of all categories, in order."""
        return [nomination for category in self.categories for nomination in category.nominations]


BLUEPRINT = One(Blueprint)
