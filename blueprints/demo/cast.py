"""Who enters what in a demo season, and how far each entry gets."""

from dataclasses import dataclass
from enum import StrEnum
from random import Random

from blueprints.demo.essays import TITLES
from blueprints.demo.people import COMPANIES, STAFF_NAMES, TEAM_NAMES, Company
from nominations.models import EntryKind, Nomination, ParticipantRole

TECHNOLOGY = 6
DIGITAL = 2
FIRST_PERSON, FIRST_TEAM = 23, 26


class Fate(StrEnum):
    """How far an entry gets before judging."""

    EMPTY = "empty"
    PARTLY = "partly"
    READY = "ready"
    SUBMITTED = "submitted"
    ADMITTED = "admitted"
    WITHDRAWN = "withdrawn"
    DISQUALIFIED = "disqualified"

    @property
    def is_sent(self) -> bool:
        """Whether it is submitted at some moment."""
        return self not in {Fate.EMPTY, Fate.PARTLY, Fate.READY}


@dataclass(frozen=True)
class Role:
    """One entry of the story: who, where, how good, how far."""

    nomination: int
    company: str
    fate: Fate
    quality: float
    kind: EntryKind
    title: str = ""
    nominee: str = ""
    participants: tuple[tuple[str, ParticipantRole], ...] = ()


# The same for both seasons: companies of each nomination, in order of quality.
PLAN: dict[int, list[str]] = {
    1: ["clinic"], 2: ["shop"], 3: ["bank", "plant"], 4: ["airline"], 5: ["telecom"],
    6: ["neurocat", "integrator"], 7: ["energy", "plant"], 8: ["bank"], 9: ["insurer"],
    10: ["grocer", "city"], 11: ["hotel"], 12: ["telecom", "shop"], 13: ["insurer"], 14: ["shop"],
    15: ["city"], 16: ["courier"], 17: ["grocer"], 18: ["hotel"], 19: ["bank", "energy", "telecom"],
    20: ["courier"], 21: ["clinic"], 22: ["plant"], 23: ["grocer"], 24: ["courier"], 25: ["bank"],
    26: ["hotel", "city"], 27: ["grocer"],
}  # fmt: skip
# The shorter list of the current season, with what its desks should show.
CURRENT: list[tuple[int, str, Fate]] = [
    (19, "bank", Fate.ADMITTED), (16, "bank", Fate.SUBMITTED), (8, "bank", Fate.PARTLY),
    (25, "bank", Fate.READY), (3, "bank", Fate.ADMITTED), (17, "grocer", Fate.ADMITTED),
    (10, "grocer", Fate.PARTLY), (23, "grocer", Fate.ADMITTED), (4, "grocer", Fate.EMPTY),
    (1, "clinic", Fate.ADMITTED), (18, "clinic", Fate.ADMITTED), (5, "telecom", Fate.SUBMITTED),
    (19, "telecom", Fate.ADMITTED), (13, "insurer", Fate.SUBMITTED), (6, "neurocat", Fate.ADMITTED),
    (2, "shop", Fate.ADMITTED), (12, "shop", Fate.WITHDRAWN), (19, "energy", Fate.ADMITTED),
    (7, "plant", Fate.ADMITTED), (22, "plant", Fate.SUBMITTED), (26, "hotel", Fate.ADMITTED),
    (18, "hotel", Fate.ADMITTED), (24, "courier", Fate.READY),
    (6, "integrator", Fate.DISQUALIFIED),
]  # fmt: skip
PAST_FATES = {
    (12, "shop"): Fate.WITHDRAWN,
    (6, "integrator"): Fate.DISQUALIFIED,
    (10, "city"): Fate.PARTLY,
    (26, "city"): Fate.READY,
}
COMPANY_NAMES = {company.key: company.name for company in COMPANIES}


def past_cast(random: Random) -> list[Role]:
    """Everybody of the finished season."""
    return [
        role(number, company, PAST_FATES.get((number, company), Fate.ADMITTED), place, random)
        for number, companies in PLAN.items()
        for place, company in enumerate(companies)
    ]


def current_cast(random: Random) -> list[Role]:
    """Everybody of the current season."""
    return [
        role(number, company, fate, index % 3, random)
        for index, (number, company, fate) in enumerate(CURRENT)
    ]


def role(number: int, company: str, fate: Fate, place: int, random: Random) -> Role:
    """Fill in the kind, the names and the quality of an entry."""
    quality = max(0.35, min(0.92, 0.84 - 0.14 * place + random.uniform(-0.08, 0.08)))
    title = random.choice(TITLES[number]) if number in TITLES else ""
    if number >= FIRST_TEAM:
        name = TEAM_NAMES[random.randrange(len(TEAM_NAMES))]
        return Role(number, company, fate, quality, EntryKind.TEAM, title, name)
    if number >= FIRST_PERSON:
        name = STAFF_NAMES[random.randrange(len(STAFF_NAMES))]
        return Role(number, company, fate, quality, EntryKind.PERSON, title, name)
    if number in {TECHNOLOGY, DIGITAL} and company in {"neurocat", "integrator"}:
        client = "bank" if company == "neurocat" else "courier"
        participants = (
            (COMPANY_NAMES[company], ParticipantRole.VENDOR),
            (COMPANY_NAMES[client], ParticipantRole.CLIENT),
        )
        return Role(
            number, company, fate, quality, EntryKind.JOINT, title, participants=participants
        )
    return Role(number, company, fate, quality, EntryKind.ORGANISATION, title)


def crowd(
    count: int, nominations: list[Nomination], companies: list[Company], random: Random
) -> list[Role]:
    """Many more entries, for measuring: every nomination in turn."""
    return [
        role(
            nominations[index % len(nominations)].number,
            companies[index % len(companies)].key,
            Fate.ADMITTED,
            index % 4,
            random,
        )
        for index in range(count)
    ]
