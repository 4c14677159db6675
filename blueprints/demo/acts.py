"""What people do in the demo: every act goes through the service a person's click would call."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from uuid import UUID, uuid5

from accounts.models import MemberRole, Organisation, User
from accounts.services import add_member, create_organisation, register_person
from blueprints.demo.cast import Fate, Role
from blueprints.demo.essays import Essay
from blueprints.demo.people import COMPANIES, PASSWORD, Company, Expert, Person
from blueprints.demo.remarks import note, overall, remark
from judging.models import Assignment, Criterion, Judge, Jury
from judging.services import (
    accept_agreement,
    add_judge,
    open_scorecard,
    save_comment,
    save_mark,
    submit_scorecard,
)
from nominations.models import Entry, Nomination
from nominations.services import save_answer, set_participants, start_entry, submit_entry
from seasons.models import Season

NAMESPACE = UUID("8a3a2f3c-1d55-4b5e-9f2b-6a1b8f1f2c11")


def person(who: Person) -> User:
    """The account, made at the first need."""
    return User.objects.filter(email=who.email).first() or register_person(
        who.email, who.name, password=PASSWORD, language=who.language, time_zone=who.zone
    )


def organisation(company: Company) -> Organisation:
    """The organisation with its people, made at the first need."""
    known = Organisation.objects.filter(name=company.name).first()
    if known is not None:
        return known
    owner = person(company.owner)
    made = create_organisation(
        company.name,
        by=owner,
        industry=company.industry,
        city=company.city,
        country="Россия",
        about=f"{company.name}: {company.industry.lower()}, {company.city}.",
    )
    for people, role in [
        (company.editors, MemberRole.EDITOR),
        (company.viewers, MemberRole.VIEWER),
    ]:
        for other in people:
            add_member(made, person(other), role, by=owner)
    return made


@dataclass
class Team:
    """Organisations by their key, each with the person who writes for it."""

    organisations: dict[str, Organisation]
    writers: dict[str, User]

    @classmethod
    def gathered(cls) -> "Team":
        team = cls({}, {})
        team.add(COMPANIES)
        return team

    def add(self, companies: Iterable[Company]) -> None:
        """Let more companies take part."""
        for company in companies:
            self.organisations[company.key] = organisation(company)
            self.writers[company.key] = person(company.owner)


def begin(role: Role, season: Season, team: Team) -> Entry:
    """Start an entry and name who took part."""
    nomination = Nomination.objects.get(season=season, number=role.nomination)
    writer = team.writers[role.company]
    entry = start_entry(
        nomination,
        team.organisations[role.company],
        by=writer,
        kind=role.kind,
        title=role.title,
        nominee_name=role.nominee,
    )
    if role.participants:
        set_participants(entry, role.participants, by=writer)
    return entry


def enter(role: Role, season: Season, team: Team, random: Random) -> Entry:
    """Start an entry and write as much as its fate allows."""
    entry = begin(role, season, team)
    if role.fate == Fate.EMPTY:
        return entry
    nomination, writer = entry.nomination, team.writers[role.company]
    prompts = list(nomination.prompts.all())
    essay = Essay(nomination.slug, random, who=role.nominee)
    for index, prompt in enumerate(prompts):
        if role.fate == Fate.PARTLY and index >= (len(prompts) + 1) // 2:
            break
        save_answer(entry, prompt, essay.answer(prompt), by=writer, base_version=0)
    if nomination.requires_roles and not role.participants:
        set_participants(entry, [(entry.organisation.name, "client")], by=writer)
    return entry


def send(entry: Entry, by: User) -> None:
    """Submit the essay."""
    submit_entry(entry, by=by, key=uuid5(NAMESPACE, f"submit {entry.number}"))


def seat(expert: Expert, jury: Jury, *, by: User) -> Judge:
    """Put an expert on the jury."""
    return add_judge(
        jury,
        person(expert.person),
        by=by,
        position=expert.position,
        employer=expert.employer,
        biography={"ru": expert.ru, "en": expert.en},
        chair=expert.chair,
    )


def agree(judge: Judge) -> None:
    """Accept the agreement in the judge's own language."""
    agreement = judge.jury.season.agreements.order_by("-pk").first()
    if agreement is not None:
        accept_agreement(agreement, judge.user, language=judge.user.language)


@dataclass(frozen=True)
class Sheet:
    """What a judge is going to write: a mark and a remark per criterion, and the words on the whole."""

    marks: list[tuple[Criterion, Decimal | None, str]]
    comment: str
    private_note: str


def sheet_for(
    criteria: Iterable[Criterion],
    quality: float,
    leniency: float,
    random: Random,
    *,
    turn: int = 0,
    live: bool = False,
) -> Sheet:
    """Think up a scorecard: the entry's quality, the judge's leniency, and chance.

    `turn` counts the judges of an entry, so that no two say the same; `live` is a defence.
    """
    marks: list[tuple[Criterion, Decimal | None, str]] = []
    shares = []
    for criterion in criteria:
        maximum = float(criterion.maximum)
        spread = (quality + leniency / 10 + random.gauss(0, 0.07)) * maximum
        value: Decimal | None = Decimal(max(0, min(int(maximum), round(spread))))
        share = float(value or 0) / maximum
        if marks and random.random() < 0.02:
            value = None
        said = remark(criterion.slug, share, turn) if random.random() < 0.65 else ""
        marks.append((criterion, value, said))
        shares.append(share)
    words = overall(sum(shares) / len(shares), turn + random.randrange(2) * 3, live=live)
    return Sheet(marks, words, note(random))


def submission_key(assignment: Assignment) -> UUID:
    """The form's key, the same each time the demo is played."""
    return uuid5(NAMESPACE, f"card {assignment.pk}")


def score(assignment: Assignment, sheet: Sheet, *, submit: bool = True) -> None:
    """Write the whole sheet and submit it, or only begin it."""
    judge = assignment.judge.user
    card = open_scorecard(assignment, by=judge)
    for criterion, value, said in sheet.marks if submit else sheet.marks[:2]:
        save_mark(
            card,
            criterion,
            by=judge,
            value=value,
            abstained=value is None,
            comment=said,
            base_version=0,
        )
    if submit:
        save_comment(
            card,
            by=judge,
            comment=sheet.comment,
            private_note=sheet.private_note,
            base_version=0,
        )
        submit_scorecard(card, by=judge, key=submission_key(assignment))
