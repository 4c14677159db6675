"""Saving answers: versions, conflicts, the clock, and what is refused."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import TestCase
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from accounts.models import MemberRole, Membership
from common.errors import DomainError
from nominations.models import Answer, Entry, EntryStatus
from nominations.services import AnswerConflict, Closed, save_answer
from nominations.words import clean_text
from tests.factories import make_entry


@pytest.fixture
def prompt(draft):
    return draft.nomination.prompts.get(slug="approach")


def stored(entry, prompt):
    return Answer.objects.get(entry=entry, prompt=prompt)


def test_each_save_makes_the_next_version(draft, prompt, nominee):
    saved = save_answer(draft, prompt, "New words", by=nominee, base_version=1)

    assert (saved.text, saved.version, saved.updated_by) == ("New words", 2, nominee)


def test_a_stale_save_overwrites_nothing_and_carries_what_is_stored(draft, prompt, nominee):
    save_answer(draft, prompt, "Theirs", by=nominee, base_version=1)

    with pytest.raises(AnswerConflict) as conflict:
        save_answer(draft, prompt, "Mine", by=nominee, base_version=1)

    assert conflict.value.answer.text == "Theirs"
    assert conflict.value.answer.version == 2
    assert stored(draft, prompt).text == "Theirs"


def test_a_repeated_request_changes_nothing(draft, prompt, nominee):
    first = save_answer(draft, prompt, "Once", by=nominee, base_version=1)
    again = save_answer(draft, prompt, "Once", by=nominee, base_version=1)

    assert (again.pk, again.version) == (first.pk, 2)


def test_line_ends_are_unified_and_impossible_characters_dropped(draft, prompt, nominee):
    save_answer(draft, prompt, "a\r\nb\x00\ud800", by=nominee, base_version=1)

    assert stored(draft, prompt).text == "a\nb"


def test_blanks_alone_are_no_answer(draft, prompt, nominee):
    save_answer(draft, prompt, " \n ", by=nominee, base_version=1)

    assert stored(draft, prompt).text == ""


@pytest.mark.parametrize("text", ["2019", "1999"])
def test_a_year_before_the_earliest_is_refused_with_the_nomination_s_words(
    joint_nomination, organisation, nominee, text
):
    entry = make_entry(joint_nomination, organisation, nominee)
    year = joint_nomination.prompts.get(slug="year")

    with pytest.raises(DomainError) as refusal:
        save_answer(entry, year, text, by=nominee, base_version=1)

    assert str(refusal.value) == "The technology must have been introduced in 2020 or later."
    assert refusal.value.field == "year"
    assert stored(entry, year).text == "2021"


@pytest.mark.parametrize("text", ["20", "soon", "２０２１", "2999"])
def test_what_is_no_year_is_refused(joint_nomination, organisation, nominee, text):
    entry = make_entry(joint_nomination, organisation, nominee)
    year = joint_nomination.prompts.get(slug="year")

    with pytest.raises(DomainError):
        save_answer(entry, year, text, by=nominee, base_version=1)


def test_a_question_of_another_nomination_is_refused(draft, joint_nomination, nominee):
    other = joint_nomination.prompts.get(slug="year")

    with pytest.raises(DomainError):
        save_answer(draft, other, "2021", by=nominee, base_version=0)


def test_a_text_without_end_is_refused(draft, prompt, nominee):
    with pytest.raises(DomainError):
        save_answer(draft, prompt, "a" * 60_001, by=nominee, base_version=1)


def test_a_viewer_cannot_write(draft, prompt, other_nominee):
    Membership.objects.create(
        user=other_nominee, organisation=draft.organisation, role=MemberRole.VIEWER
    )

    with pytest.raises(PermissionDenied):
        save_answer(draft, prompt, "Hello", by=other_nominee, base_version=1)


def test_after_the_deadline_the_stored_text_stays(draft, prompt, nominee, judging_open):
    judging_open()

    with pytest.raises(Closed):
        save_answer(draft, prompt, "Too late", by=nominee, base_version=1)

    assert stored(draft, prompt).text == "We did approach well."


@pytest.mark.parametrize("status", [EntryStatus.WITHDRAWN, EntryStatus.DISQUALIFIED])
def test_an_entry_that_is_out_cannot_be_written(draft, prompt, nominee, status):
    Entry.objects.update(status=status)

    with pytest.raises(DomainError):
        save_answer(draft, prompt, "Hello", by=nominee, base_version=1)


class TwoEditors(RuleBasedStateMachine):
    """Two tabs write one answer; each knows the version it saw last.

    Every text that a tab was told is saved was the stored one at that moment, and a save never
    replaces a text that its writer had not seen.
    """

    def __init__(self):
        super().__init__()
        person, nomination, organisation = make_world()
        self.person = person
        self.entry = make_entry(nomination, organisation, person)
        self.prompt = nomination.prompts.get(slug="approach")
        answer = stored(self.entry, self.prompt)
        self.truth = answer.text
        self.seen = {"left": (answer.version, answer.text), "right": (answer.version, answer.text)}

    @rule(tab=st.sampled_from(["left", "right"]), text=st.text(max_size=12), lost=st.booleans())
    def write(self, tab, text, lost):
        version, known = self.seen[tab]

        def save():
            return save_answer(self.entry, self.prompt, text, by=self.person, base_version=version)

        stands = stored(self.entry, self.prompt)
        if stands.version != version and stands.text != clean_text(text):
            with pytest.raises(AnswerConflict) as conflict:
                save()
            assert conflict.value.answer.text == self.truth
            return
        answer = save()
        assert self.truth in (known, clean_text(text))
        assert answer.text == clean_text(text)
        self.truth = answer.text
        if not lost:
            self.seen[tab] = (answer.version, answer.text)

    @rule(tab=st.sampled_from(["left", "right"]))
    def look(self, tab):
        answer = stored(self.entry, self.prompt)
        self.seen[tab] = (answer.version, answer.text)

    @invariant()
    def what_is_stored_is_what_was_acknowledged(self):
        assert stored(self.entry, self.prompt).text == self.truth


def make_world():
    from accounts.models import Organisation
    from nominations.models import Category
    from seasons.models import Programme, Season
    from tests.factories import make_nomination, make_person, make_stages

    number = Season.objects.count() + 1
    person = make_person(f"editor-{number}@example.org", "Editor")
    organisation = Organisation.objects.create(name="Editors")
    Membership.objects.create(user=person, organisation=organisation, role=MemberRole.OWNER)
    programme = Programme.objects.create(slug=f"p{number}", name={"en": "P"})
    season = Season.objects.create(
        programme=programme, slug=f"s{number}", code=f"S{number}", name={"en": "S"}
    )
    from django.utils import timezone

    make_stages(season, timezone.now())
    category = Category.objects.create(season=season, slug="c", number=1, name={"en": "C"})
    return person, make_nomination(category, 1, "N"), organisation


class TestTwoEditors(TestCase):
    """Each run of the machine begins with a world of its own, and leaves nothing behind."""

    def test_no_acknowledged_text_is_lost(self):
        run_state_machine_as_test(
            TwoEditors, settings=settings(max_examples=15, stateful_step_count=12, deadline=None)
        )
