"""Every URL of the portal, asked by everybody, in both ways; a URL that nobody listed fails here."""

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.db import models, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import MemberRole, Membership, User
from common.policy import url_patterns
from tests.addresses import (
    ADMIN_KINDS,
    addresses,
    admin_address,
    admin_models,
    all_names,
    row_of,
    sent,
    split_admin_name,
    unknown,
)
from tests.matrix import read_admin_table, read_table
from tests.pages import told
from tests.world import ROLES, World, build_world

pytestmark = pytest.mark.slow

ClientOf = Callable[[User | None], Client]
CATCH_ALL = r"admin/(?P<url>.*)$"
BARE_ROW = re.compile(r"^admin/\w+/\w+/<path:object_id>/$")


@pytest.fixture
def world(db: None) -> World:
    return build_world()


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Thousands of refusals are asked for here; none of them needs a line in the log."""
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


class Visitors:
    """A browser per role; what a request does is undone after it."""

    def __init__(self, world: World, client_of: ClientOf) -> None:
        self.clients = {role: client_of(world.people[role]) for role in ROLES}
        for client in self.clients.values():
            client.raise_request_exception = False

    @contextmanager
    def of(self, role: str) -> Iterator[Client]:
        """Lend the browser; its cookies and the database are as before afterwards."""
        client = self.clients[role]
        cookies = {name: morsel.value for name, morsel in client.cookies.items()}
        with transaction.atomic():
            yield client
            transaction.set_rollback(True)
        client.cookies = SimpleCookie(cookies)

    def status(self, role: str, method: str, path: str, **body: Any) -> str:
        """Ask, and say what came in the words of the table."""
        with self.of(role) as client:
            answer = client.get(path) if method == "GET" else client.post(path, **body)
            answer.close()
        sign_in = (reverse("account_login"), reverse("admin:login"))
        if answer.status_code == 302 and answer["Location"].startswith(sign_in):
            return "in"
        return str(answer.status_code)

    def differences(
        self, name: str, method: str, path: str, expected: dict[str, str], **body: Any
    ) -> list[str]:
        """Everything that is not as the table says, in words."""
        got = {role: self.status(role, method, path, **body) for role in expected}
        return [
            f"{method} {name} ({path}) as {role}: expected {expected[role]}, got {got[role]}"
            for role in expected
            if got[role] != expected[role]
        ]


def test_every_url_is_in_the_matrix() -> None:
    listed = {name for name, _subject, _method in read_table()}
    asked = {(name, method) for name, _subject, method in read_table()}
    models_listed = {name for name, _kind, _method in read_admin_table()}

    missing = []
    for name in all_names():
        if BARE_ROW.match(name) or name == CATCH_ALL:
            continue  # have tests of their own below
        own = split_admin_name(name)
        if own is None and name not in listed:
            missing.append(name)
        if own is not None and own[0] not in models_listed:
            missing.append(name)

    assert missing == []
    assert [
        name for name in listed for method in ("GET", "POST") if (name, method) not in asked
    ] == []


def test_the_matrix_lists_nothing_that_is_gone() -> None:
    gone = {name for name, _subject, _method in read_table()} - all_names()
    gone |= {name for name, _kind, _method in read_admin_table()} - admin_models().keys()

    assert gone == set()


def room_of(name: str) -> str:
    """Which test covers a URL."""
    if name.startswith("admin:results"):
        return "console"
    prefix, colon, _rest = name.partition(":")
    return prefix if colon else "account"


ROOMS = sorted({room_of(name) for name, _subject, _method in read_table()})


@pytest.mark.slow
@pytest.mark.parametrize("room", ROOMS)
def test_everybody_gets_what_the_matrix_says(room: str, world: World, client_of: ClientOf) -> None:
    visitors = Visitors(world, client_of)
    paths = addresses(world)

    differences = []
    for (name, subject, method), expected in read_table().items():
        if room_of(name) == room:
            body = sent((name, subject)) if method == "POST" else {}
            what = f"{name} [{subject}]" if subject else name
            path = paths[name, subject]
            differences += visitors.differences(what, method, path, expected, **body)

    assert differences == [], "\n".join(differences)


ADMIN_ROOMS = sorted({name.partition("_")[0] for name in admin_models()})


@pytest.mark.slow
@pytest.mark.parametrize("room", ADMIN_ROOMS)
def test_everybody_gets_what_the_matrix_says_in_the_back_office(
    room: str, world: World, client_of: ClientOf
) -> None:
    visitors = Visitors(world, client_of)

    differences = []
    for (name, kind, method), expected in read_admin_table().items():
        if name.partition("_")[0] == room:
            model = admin_models()[name]
            path = admin_address(model, kind, row_of(model, world))
            differences += visitors.differences(f"{name} {kind}", method, path, expected)

    assert differences == [], "\n".join(differences)


def test_the_other_addresses_of_the_back_office_lead_nowhere_new(
    world: World, client_of: ClientOf
) -> None:
    visitors = Visitors(world, client_of)
    bare = [route for route, _name, _one in url_patterns() if BARE_ROW.match(route)]
    nobody = {"anonymous": "in", "nominee": "404", "organiser": "404", "superuser": "404"}
    # A row's short address says nothing: it leads to its page, which then refuses or not.
    leads_on = {role: "in" if role == "anonymous" else "302" for role in visitors.clients}
    leads_on |= dict.fromkeys(ROLES[:6], "in")

    differences = visitors.differences("catch-all", "GET", "/admin/nothing-here/", nobody)
    for route in bare:
        path = "/" + route.replace("<path:object_id>", "1")
        differences += visitors.differences(route, "GET", path, leads_on)

    assert bare != []
    assert differences == [], "\n".join(differences)


@pytest.mark.slow
def test_what_is_unknown_and_what_is_not_yours_look_the_same(
    world: World, client_of: ClientOf
) -> None:
    visitors = Visitors(world, client_of)
    paths = addresses(world)

    compared, differences = 0, []
    for (name, subject, method), expected in read_table().items():
        path = paths[name, subject]
        nothing = unknown(path, (name, subject), world)
        if method != "GET" or nothing == path:
            continue
        for role, answer in expected.items():
            if answer == "404":
                compared += 1
                with visitors.of(role) as client:
                    if told(client, path) != told(client, nothing):
                        differences.append(f"{name} [{subject}] as {role}: {path} is not {nothing}")

    assert differences == [], "\n".join(differences)
    assert compared > 100


@pytest.mark.slow
def test_rows_out_of_reach_look_unknown_in_the_back_office(
    world: World, client_of: ClientOf
) -> None:
    visitors = Visitors(world, client_of)

    differences = []
    for (name, kind, method), expected in read_admin_table().items():
        if method != "GET" or kind not in {"change", "delete", "history"}:
            continue
        model = admin_models()[name]
        path = admin_address(model, kind, row_of(model, world))
        nothing = re.sub(r"/[^/]+/(\w+)/$", r"/987654/\1/", path)
        for role in ("elsewhere", "barred"):
            if expected[role] != "200":
                with visitors.of(role) as client:
                    one = told(client, path)
                with visitors.of(role) as client:
                    other = told(client, nothing)
                if one != other:
                    differences.append(f"{name} {kind} as {role}: {one} is not {other}"[:2000])

    assert differences == [], "\n".join(differences)


# A conflict of interest binds organisers and superusers: the entry is nowhere in their back office.

ABOUT_ENTRIES = (
    "nominations_entry",
    "judging_assignment",
    "judging_scorecard",
    "judging_defenceslot",
    "diplomas_diploma",
    "results_decision",
    "results_publishedresult",
    "results_feedback",
)


@pytest.fixture(params=["organiser in conflict", "organiser of the company", "superuser of it"])
def insider(request: pytest.FixtureRequest, world: World) -> User:
    """Somebody who would see the entry, were it not for an interest in it."""
    if request.param == "organiser in conflict":
        return world.person("barred")
    person = world.person("second" if "organiser" in request.param else "superuser")
    Membership.objects.create(user=person, organisation=world.organisation, role=MemberRole.VIEWER)
    return person


def rows_about_entry(world: World) -> list[tuple[type[models.Model], models.Model]]:
    """One row of each model that would tell something of the admitted entry."""
    found = [admin_models()[name] for name in ABOUT_ENTRIES]
    return [(model, row_of(model, world)) for model in found]


def words_of_entry(world: World) -> list[str]:
    """What gives the entry away wherever it stands."""
    entry = world.entries["admitted"]
    return [entry.number, entry.organisation.name, world.diplomas["admitted"].number]


def test_a_conflict_hides_the_entry_from_lists_counts_and_searches(
    world: World, insider: User, client_of: ClientOf
) -> None:
    entry = world.entries["admitted"]
    client, free = client_of(insider), client_of(world.person("organiser"))

    for model, _row in rows_about_entry(world):
        path = admin_address(model, "changelist", entry)
        for query in ("", f"?q={entry.number}", f"?q={entry.organisation.name.split()[0]}"):
            page, shown = client.get(path + query), free.get(path + query)
            if shown.status_code != 200:
                continue
            rows = page.context["cl"].result_list
            if not query:  # a page repeats what was typed into its search box
                text = page.content.decode()
                assert [word for word in words_of_entry(world) if word in text] == [], path
            seen = len(shown.context["cl"].result_list)
            assert len(rows) < seen or seen == 0, (path, query)
            assert query or seen > 0, path
            assert page.context["cl"].result_count == len(rows), (path, query)


def test_a_conflict_hides_the_rows_of_the_entry_one_by_one(
    world: World, insider: User, client_of: ClientOf
) -> None:
    client, free = client_of(insider), client_of(world.person("organiser"))
    kinds = [kind for kind in ADMIN_KINDS if kind in {"change", "delete", "history"}]

    for model, row in rows_about_entry(world):
        shown = free.get(admin_address(model, "change", row)).content.decode()
        assert [word for word in words_of_entry(world) if word in shown] != [], model
        for kind in kinds:
            path = admin_address(model, kind, row)
            answer = client.get(path)
            assert answer.status_code in {302, 403, 404}, path
            text = answer.content.decode()
            assert [word for word in words_of_entry(world) if word in text] == [], path


def test_a_conflict_hides_the_entry_from_the_consoles(
    world: World, insider: User, client_of: ClientOf
) -> None:
    client, free = client_of(insider), client_of(world.person("organiser"))
    number = world.entries["admitted"].number

    for name in ("nomination", "console", "confirm_all", "release", "release_confirm"):
        for kind in ("finalist", "laureate"):
            path = addresses(world)[f"admin:results_outcomerule_{name}", kind]
            text = client.get(path, follow=True).content.decode()
            assert [word for word in words_of_entry(world) if word in text] == [], path
    path = addresses(world)["admin:results_outcomerule_nomination", "laureate"]
    assert number in free.get(path).content.decode()


def test_a_conflict_hides_the_entry_from_pickers(
    world: World, insider: User, client_of: ClientOf
) -> None:
    client = client_of(insider)
    entry = world.entries["admitted"]
    pickers = [
        (model._meta, relation.name)
        for model in admin_models().values()
        for relation in model._meta.get_fields()
        if isinstance(relation, models.ForeignKey)
        and f"{relation.related_model._meta.app_label}_{relation.related_model._meta.model_name}"
        in ABOUT_ENTRIES
    ]

    for meta, field in pickers:
        query = f"?app_label={meta.app_label}&model_name={meta.model_name}&field_name={field}"
        answer = client.get(f"{reverse('admin:autocomplete')}{query}&term={entry.number}")
        text = answer.content.decode() if answer.status_code == 200 else ""
        assert entry.number not in text, (meta.label, field)
    for name in admin_models():
        page = client.get(reverse(f"admin:{name}_add"))
        text = page.content.decode() if page.status_code == 200 else ""
        assert entry.number not in text, name


def test_the_search_of_the_back_office_finds_no_rows(world: World, client_of: ClientOf) -> None:
    client = client_of(world.person("organiser"))
    number = world.entries["admitted"].number

    for query in (f"s={number}", f"s={number}&extended=1"):
        text = client.get(f"{reverse('admin:search')}?{query}").content.decode()
        assert world.organisation.name not in text
