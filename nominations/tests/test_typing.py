"""Two tabs type into one answer while the network drops, tabs die and the clock moves.

The tabs follow the protocol of static/js/essay.js: what is typed goes into the browser's store at once,
leaves it only when the server has said that it holds that very text, and a conflict waits for a choice.
"""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client, TestCase
from django.urls import reverse
from django.utils import timezone
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts.models import MemberRole, Membership, Organisation, User
from nominations.models import Answer, Category, Entry, Prompt
from nominations.words import clean_text
from seasons.models import Programme, Season, Stage, StageKind
from tests.factories import make_entry, make_nomination, make_person, make_stages

pytestmark = pytest.mark.slow

TABS = st.sampled_from(["left", "right"])
FATES = st.sampled_from(["arrives", "arrives", "lost on the way", "answer lost"])


@dataclass
class Tab:
    """A browser tab with its field, what it believes the server has, and the store that outlives it."""

    client: Client
    person: User
    text: str
    stored: str
    version: int
    kept: dict[str, Any] = field(default_factory=dict)
    sent: list[str] = field(default_factory=list)
    theirs: dict[str, Any] | None = None


class Typing(RuleBasedStateMachine):
    """Each word is typed once; an oracle knows where every word must still be found."""

    def __init__(self) -> None:
        super().__init__()
        self.entry, people = make_world()
        self.prompt: Prompt = self.entry.nomination.prompts.get(slug="approach")
        self.url = reverse("nominations:answer_save", args=[self.entry.pk, self.prompt.pk])
        answer = self.answer()
        self.tabs = {}
        for name, person in zip(["left", "right"], people, strict=True):
            self.tabs[name] = Tab(Client(), person, answer.text, answer.text, answer.version)
            self.sign_in(self.tabs[name])
        self.count = 0
        self.clock = time_machine.travel(timezone.now(), tick=False)
        self.traveller = self.clock.start()
        self.given_up: set[str] = set()

    def sign_in(self, tab: Tab) -> None:
        tab.client.force_login(tab.person, backend="django.contrib.auth.backends.ModelBackend")

    def teardown(self) -> None:
        self.clock.stop()

    def answer(self) -> Answer:
        return Answer.objects.get(entry=self.entry, prompt=self.prompt)

    @rule(name=TABS, fate=FATES)
    def write(self, name: str, fate: str) -> None:
        """A new word after what stands in the field; the browser keeps it at once, then sends it."""
        tab = self.tabs[name]
        self.count += 1
        tab.text = f"{tab.text} w{self.count}."
        self.keep(tab)
        self.save(name, fate)

    def keep(self, tab: Tab) -> None:
        tab.kept = {"text": tab.text, "base": tab.version, "sent": tab.sent[-1:]}

    @precondition(lambda self: any(tab.text != tab.stored for tab in self.tabs.values()))
    @rule(name=TABS, fate=FATES)
    def save_again(self, name: str, fate: str) -> None:
        """The page tries once more by itself."""
        self.save(name, fate)

    def save(self, name: str, fate: str) -> None:
        """Send the field; the request or its answer may be lost."""
        tab = self.tabs[name]
        if tab.theirs is not None or tab.text == tab.stored:
            return
        tab.sent.append(tab.text)
        self.keep(tab)
        if fate == "lost on the way":
            return
        body = json.dumps({"text": tab.text, "base_version": tab.version})
        response = tab.client.post(self.url, body, content_type="application/json")
        if fate == "answer lost":
            return
        if response.status_code == 302:
            # Signed out meanwhile: the page keeps the text and asks to sign in again.
            self.sign_in(tab)
            return
        told = response.json()
        if told["state"] == "saved":
            tab.stored, tab.version = told["text"], told["version"]
            tab.kept = {}
        elif told["state"] == "conflict" and told["stored"]["text"] in tab.sent:
            tab.stored, tab.version = told["stored"]["text"], told["stored"]["version"]
        elif told["state"] == "conflict":
            tab.theirs = told["stored"]
        else:
            assert told["state"] == "closed"

    @precondition(lambda self: any(tab.theirs for tab in self.tabs.values()))
    @rule(name=TABS, mine=st.booleans())
    def choose(self, name: str, mine: bool) -> None:
        """The person saw both texts and takes one; the other was given up knowingly."""
        tab = self.tabs[name]
        if tab.theirs is None:
            return
        dropped = tab.theirs["text"] if mine else tab.text
        chosen = tab.text if mine else tab.theirs["text"]
        self.given_up |= words(dropped) - words(chosen)
        tab.stored, tab.version = tab.theirs["text"], tab.theirs["version"]
        tab.theirs = None
        if mine:
            self.keep(tab)
        else:
            tab.text, tab.kept = tab.stored, {}

    @rule(name=TABS)
    def die(self, name: str) -> None:
        """The tab is gone; the page is opened again and gives back what its browser kept."""
        tab = self.tabs[name]
        answer = self.answer()
        tab.stored, tab.version, tab.theirs = answer.text, answer.version, None
        kept, tab.sent = tab.kept, []
        tab.text = answer.text
        if kept and kept["text"] != answer.text:
            tab.text, tab.version, tab.sent = kept["text"], kept["base"], list(kept["sent"])
            # What the server held when the typing began is not known to the new page.
            tab.stored = ""
        else:
            tab.kept = {}

    @precondition(lambda self: self.count > 4)
    @rule(hours=st.sampled_from([1, 24 * 8]))
    def wait(self, hours: int) -> None:
        """Time passes, perhaps beyond the deadline."""
        self.traveller.shift(timedelta(hours=hours))

    @precondition(lambda self: self.count > 4)
    @rule()
    def extend(self) -> None:
        """The organisers move the deadline on; what waited in the browser can be saved."""
        Stage.objects.filter(season=self.entry.season, kind=StageKind.ENTRY).update(
            closes_at=timezone.now() + timedelta(days=5)
        )

    @invariant()
    def no_word_is_lost(self) -> None:
        """Every word typed is on the server, in a field, or in a browser's store."""
        somewhere = words(self.answer().text)
        for tab in self.tabs.values():
            somewhere |= words(tab.text) | words(tab.kept.get("text", ""))
        typed = {f"w{number}." for number in range(1, self.count + 1)}
        assert typed - self.given_up - somewhere == set()


def words(text: str) -> set[str]:
    """The typed words of a text."""
    return {word for word in clean_text(text).split() if word.startswith("w")}


def make_world() -> tuple[Entry, list[User]]:
    """A draft whose two editors may write for ten days."""
    number = Season.objects.count() + 1
    people = [make_person(f"{who}-{number}@example.org", who) for who in ("left", "right")]
    organisation = Organisation.objects.create(name=f"Editors {number}")
    for person in people:
        Membership.objects.create(user=person, organisation=organisation, role=MemberRole.EDITOR)
    programme = Programme.objects.create(slug=f"typing-{number}", name={"en": "P"})
    season = Season.objects.create(
        programme=programme, slug=f"typing-{number}", code=f"TY{number}", name={"en": "S"}
    )
    make_stages(season, timezone.now())
    category = Category.objects.create(season=season, slug="c", number=1, name={"en": "C"})
    entry = make_entry(make_nomination(category, 1, "N"), organisation, people[0])
    return entry, people


class TestTyping(TestCase):
    """Each run of the machine begins with a world of its own, and leaves nothing behind."""

    def test_no_typed_word_is_lost(self) -> None:
        run_state_machine_as_test(
            Typing, settings=settings(max_examples=12, stateful_step_count=16, deadline=None)
        )
