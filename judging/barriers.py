"""Whom an interest keeps from which entries, asked for one person or for many at once.

Declared conflicts, memberships and shares always bar. What the portal finds by itself bars, warns or
does nothing, as the season's rules say. `barred` answers for one person inside a query, `interests_of`
for many people with the reasons; a test holds both to one answer.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from accounts.names import mail_domain
from common.keys import among
from judging.models import Conflict, ConflictRules, Employment, Severity
from nominations.barriers import barred, entry_barriers
from nominations.models import Entry, EntryShare, EntryStatus, Participant

DECLARED, MEMBER, SHARED = "declared", "member", "shared"
EMAIL, EMPLOYER, PAST, COMPETITOR = "email_domain", "employer", "past_employer", "competitor"
WORDS = {
    DECLARED: _("a declared conflict of interest"),
    MEMBER: _("belongs to the organisation, its group or a participant"),
    SHARED: _("works on the entry"),
    EMAIL: _("an address in the organisation's mail domain"),
    EMPLOYER: _("works for the organisation"),
    PAST: _("worked for the organisation earlier"),
    COMPETITOR: _("belongs to a competitor in the nomination"),
}
FOUND = (EMAIL, EMPLOYER, PAST, COMPETITOR)
COMPETING = [EntryStatus.SUBMITTED, EntryStatus.RETURNED, EntryStatus.ADMITTED]


def hard_by(kind: str) -> Q:
    """Entries of seasons where an interest that was found bars."""
    default = getattr(ConflictRules(), kind)
    if default == Severity.HARD:
        milder = ConflictRules.objects.exclude(**{kind: Severity.HARD}).values("season")
        return ~Q(nomination__season__in=milder)
    harder = ConflictRules.objects.filter(**{kind: Severity.HARD}).values("season")
    return Q(nomination__season__in=harder)


def with_head(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Organisations with the head of their group; one in no group is its own."""
    found: QuerySet[Any] = rows.annotate(head=Coalesce("group", "pk"))
    return found


def family(**of: object) -> QuerySet[Organisation]:
    """Organisations of which something holds, with all the others of their groups.

    By joins and not by queries within queries: SQLite reads only so many levels, and pages put
    this deep inside their own.
    """
    condition = Q()
    for way in ("", "group__", "companies__", "group__companies__"):
        condition |= Q(**{f"{way}{name}": value for name, value in of.items()})
    return Organisation.objects.filter(condition)


def entered_by(organisations: QuerySet[Organisation]) -> Q:
    """Entries that organisations, or others of their names, enter or take part in."""
    ids = organisations.values("pk")
    return by_names(organisations.exclude(name_key="").values("name_key")) | (
        Q(organisation__in=ids)
        | Q(pk__in=Participant.objects.filter(organisation__in=ids).values("entry"))
    )


def by_names(keys: QuerySet[Any]) -> Q:
    """Entries of organisations with these names, and those that name one as a participant."""
    named = Participant.objects.filter(Q(name_key__in=keys) | Q(organisation__name_key__in=keys))
    return Q(organisation__name_key__in=keys) | Q(pk__in=named.values("entry"))


def of_employers(user: User, *, past: bool) -> Q:
    """Entries of organisations named as the judge's employers."""
    return by_names(Employment.objects.filter(judge__user=user, past=past).values("name_key"))


def of_domain(domain: str) -> Q:
    """Entries of organisations whose website or people have addresses in a mail domain."""
    return entered_by(
        Organisation.objects.filter(
            Q(domain=domain) | Q(memberships__user__email__iendswith=f"@{domain}")
        )
    )


def against(user: User) -> Q:
    """Entries in nominations where an organisation of the person competes."""
    joined = Entry.objects.filter(status__in=COMPETING).filter(
        Q(organisation__memberships__user=user)
        | Q(participants__organisation__memberships__user=user)
    )
    return Q(nomination__in=joined.values("nomination"))


def conflict_barrier(user: User) -> Q:
    """Entries a conflict closes: declared, or found where the season says that it bars."""
    own = Conflict.objects.of(user).filter(entry__isnull=False)
    condition = (
        Q(pk__in=own.values("entry"))
        | entered_by(family(conflicts__user=user, conflicts__lifted_at=None))
        | entered_by(family(memberships__user=user))
        | (hard_by(EMPLOYER) & of_employers(user, past=False))
        | (hard_by(PAST) & of_employers(user, past=True))
        | (hard_by(COMPETITOR) & against(user))
    )
    domain = mail_domain(user.email)
    return condition | (hard_by(EMAIL) & of_domain(domain)) if domain else condition


def register() -> None:
    """Tell the nominations room, whose querysets then hide these entries from organisers too."""
    if conflict_barrier not in entry_barriers:
        entry_barriers.append(conflict_barrier)


def is_barred(user: User, entry: Entry) -> bool:
    """Whether an interest of any kind closes the entry to the person."""
    return Entry.objects.filter(barred(user), pk=entry.pk).exists()


@dataclass(frozen=True)
class Interest:
    """Somebody's interest in an entry, and whether it bars or warns."""

    user_id: int
    entry_id: int
    kind: str
    hard: bool

    @property
    def words(self) -> str:
        return str(WORDS[self.kind])


class Field:
    """The entries in question, found by whatever an interest may go by."""

    def __init__(self, entry_ids: set[int]) -> None:
        rules = [f"nomination__season__conflict_rules__{kind}" for kind in FOUND]
        rows = (
            Entry.objects.filter(among("pk", entry_ids))
            .order_by()
            .values_list("pk", "organisation", "nomination", "nomination__season", *rules)
        )
        self.nomination: dict[int, int] = {}
        self.season: dict[int, int] = {}
        self.by_organisation: dict[int, set[int]] = defaultdict(set)
        self.by_key: dict[str, set[int]] = defaultdict(set)
        self.rules: dict[int, dict[str, str | None]] = {}
        for entry, organisation, nomination, season, *said in rows:
            if entry not in entry_ids:
                continue
            self.nomination[entry], self.season[entry] = nomination, season
            if season not in self.rules:
                self.rules[season] = dict(zip(FOUND, said, strict=True))
            self.by_organisation[organisation].add(entry)
        named = Participant.objects.filter(among("entry", entry_ids)).order_by()
        for entry, other, key in named.values_list("entry", "organisation", "name_key"):
            if entry not in entry_ids:
                continue
            if other is not None:
                self.by_organisation[other].add(entry)
            if key:
                self.by_key[key].add(entry)

    def entries_of(self, organisations: set[int], keys: set[str]) -> set[int]:
        """What organisations enter or are named in."""
        found: set[int] = set()
        for organisation in organisations & self.by_organisation.keys():
            found |= self.by_organisation[organisation]
        for key in keys & self.by_key.keys():
            found |= self.by_key[key]
        return found

    def severity(self, kind: str, entry: int) -> Severity:
        """What an interest that was found does in the entry's season."""
        return Severity(self.rules[self.season[entry]][kind] or getattr(ConflictRules(), kind))


class Register:
    """Every organisation by its group, name, people and their domains: small, and needed whole."""

    def __init__(self) -> None:
        self.head: dict[int, int] = {}
        self.key: dict[int, str] = {}
        self.of_head: dict[int, set[int]] = defaultdict(set)
        self.of_key: dict[str, set[int]] = defaultdict(set)
        self.of_domain: dict[str, set[int]] = defaultdict(set)
        self.of_person: dict[int, set[int]] = defaultdict(set)
        people = ("memberships__user", "memberships__user__email")
        rows = with_head(Organisation.objects.order_by())
        for pk, head, key, domain, person, email in rows.values_list(
            "pk", "head", "name_key", "domain", *people
        ):
            self.head[pk], self.key[pk] = head, key
            self.of_head[head].add(pk)
            if key:
                self.of_key[key].add(pk)
            if person is not None:
                self.of_person[person].add(pk)
            for one in {domain, mail_domain(email or "")} - {""}:
                self.of_domain[one].add(pk)

    def family(self, organisations: set[int]) -> tuple[set[int], set[str]]:
        """With all of their groups, and all of their names."""
        ids = {one for pk in organisations for one in self.of_head[self.head[pk]]}
        return self.named({self.key[pk] for pk in ids if self.key[pk]}, ids)

    def named(self, keys: set[str], ids: set[int] | None = None) -> tuple[set[int], set[str]]:
        """Those of some names, besides others."""
        return (ids or set()) | {pk for key in keys for pk in self.of_key.get(key, ())}, keys


def interests_of(
    users: Iterable[User],
    entries: Iterable[Entry],
    *,
    said: Mapping[tuple[int, bool], set[str]] | None = None,
) -> list[Interest]:
    """Every interest of these people in these entries, in a fixed number of queries.

    `said` names employers, by person and whether they are earlier ones, that no row has yet.
    """
    mails = {user.pk: user.email for user in users}
    return interests_by_keys(mails, {entry.pk for entry in entries}, said)


def interests_by_keys(
    mails: Mapping[int, str],
    entry_ids: set[int],
    said: Mapping[tuple[int, bool], set[str]] | None = None,
) -> list[Interest]:
    """The same for people given by key and mail, and entries by key."""
    field = Field(entry_ids)
    register_ = Register()
    found: list[Interest] = []

    def add(user: int, kind: str, entry_ids: Iterable[int], *, always: bool = False) -> None:
        for entry in sorted(entry_ids):
            severity = Severity.HARD if always else field.severity(kind, entry)
            if severity != Severity.IGNORE:
                found.append(Interest(user, entry, kind, severity == Severity.HARD))

    joined = {user: register_.of_person.get(user, set()) for user in mails}
    ties = Ties(mails, field.season)
    employers = ties.employers
    for place, keys in (said or {}).items():
        employers[place] |= keys
    rivals = nominations_of_members(joined, field)
    for user, mail in mails.items():
        add(user, DECLARED, field.entries_of(*register_.family(ties.declared[user])), always=True)
        add(user, DECLARED, ties.declared_entries[user] & field.season.keys(), always=True)
        ours = field.entries_of(*register_.family(joined[user]))
        add(user, MEMBER, ours, always=True)
        add(user, SHARED, ties.shared[user] & field.season.keys(), always=True)
        for past, kind in ((False, EMPLOYER), (True, PAST)):
            add(user, kind, field.entries_of(*register_.named(employers[user, past])))
        if domain := mail_domain(mail):
            owners = register_.of_domain.get(domain, set())
            keys = {register_.key[pk] for pk in owners if register_.key[pk]}
            add(user, EMAIL, field.entries_of(*register_.named(keys, owners)))
        if against := rivals.get(user):
            competing = {pk for pk, one in field.nomination.items() if one in against}
            add(user, COMPETITOR, competing - ours)
    return found


class Ties:
    """What people declared, which entries they work on and whom they worked for, in one query."""

    def __init__(self, people: Collection[int], entries: Collection[int]) -> None:
        """Read them; of many people or entries also what lies between."""
        self.declared: dict[int, set[int]] = defaultdict(set)
        self.declared_entries: dict[int, set[int]] = defaultdict(set)
        self.shared: dict[int, set[int]] = defaultdict(set)
        self.employers: dict[tuple[int, bool], set[str]] = defaultdict(set)
        not_past, no_name = Value(value=False), Value("")
        declared = Conflict.objects.in_force().filter(among("user", people))
        shared = EntryShare.objects.filter(among("user", people), among("entry", entries))
        worked = Employment.objects.filter(among("judge__user", people))
        rows = (
            declared.order_by().values_list(
                Value(DECLARED), "user", Coalesce("organisation", 0), Coalesce("entry", 0),
                not_past, no_name,
            )
        ).union(
            shared.order_by().values_list(
                Value(SHARED), "user", Value(0), "entry", not_past, no_name
            ),
            worked.order_by().values_list(
                Value(EMPLOYER), "judge__user", Value(0), Value(0), "past", "name_key"
            ),
            all=True,
        )  # fmt: skip
        for kind, user, organisation, entry, past, key in rows:
            if kind == EMPLOYER:
                self.employers[user, bool(past)].add(key)
            elif kind == SHARED:
                self.shared[user].add(entry)
            else:
                self.declared[user] |= {organisation} - {0}
                self.declared_entries[user] |= {entry} - {0}


def nominations_of_members(joined: dict[int, set[int]], field: Field) -> dict[int, set[int]]:
    """In which nominations each person's organisations compete."""
    everybody = {pk for organisations in joined.values() for pk in organisations}
    live = Entry.objects.filter(
        nomination__in=set(field.nomination.values()), status__in=COMPETING
    ).order_by()
    named = Participant.objects.filter(entry__in=live.values("pk"), organisation__in=everybody)
    where: dict[int, set[int]] = defaultdict(set)
    entered = live.filter(organisation__in=everybody).values_list("organisation", "nomination")
    took_part = named.order_by().values_list("organisation", "entry__nomination")
    for organisation, nomination in entered.union(took_part):
        where[organisation].add(nomination)
    return {
        user: {nomination for one in organisations for nomination in where[one]}
        for user, organisations in joined.items()
    }


def barred_entries(users: Iterable[User], entries: Iterable[Entry]) -> dict[int, set[int]]:
    """For each person, the entries closed to them: the same answer as `barred`, for many at once."""
    return barred_by_keys({user.pk: user.email for user in users}, {entry.pk for entry in entries})


def barred_by_keys(mails: Mapping[int, str], entry_ids: set[int]) -> dict[int, set[int]]:
    """The same for people given by key and mail, and entries by key."""
    closed: dict[int, set[int]] = {user: set() for user in mails}
    for one in interests_by_keys(mails, entry_ids):
        if one.hard:
            closed[one.user_id].add(one.entry_id)
    return closed


def doubtful_entries(users: Iterable[User], entries: Iterable[Entry]) -> dict[int, set[int]]:
    """For each person, the entries where a soft interest asks for somebody else if there is one."""
    users = list(users)
    doubtful: dict[int, set[int]] = {user.pk: set() for user in users}
    hard = set()
    for one in interests_of(users, entries):
        if one.hard:
            hard.add((one.user_id, one.entry_id))
        else:
            doubtful[one.user_id].add(one.entry_id)
    for user, entry in hard:
        doubtful[user].discard(entry)
    return doubtful


def closed_scorecards(rows: QuerySet[Model]) -> list[int]:
    """Of these scorecards, those whose judge has an interest in the entry now."""
    judge = "assignment__judge__user"
    cards = list(rows.order_by().values_list("pk", judge, f"{judge}__email", "assignment__entry"))
    if not cards:
        return []
    closed = barred_by_keys(
        {user: email for _pk, user, email, _entry in cards},
        {entry for _pk, _user, _email, entry in cards},
    )
    return [pk for pk, user, _email, entry in cards if entry in closed[user]]
