"""The judge's desk: what waits, how far it is, what is closed."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from judging.models import Agreement, Assignment
from judging.services import recuse, remove_judge
from nominations.models import EntryStatus
from tests.factories import make_entry, make_judge

DESK = "/judging/"
QUERIES = 13


@pytest.fixture
def as_judge(client_of, judge_user):
    return client_of(judge_user)


def test_entries_stand_with_their_progress(as_judge, work, marked):
    answer = as_judge.get(DESK)

    assertContains(answer, work.entry.number)
    assertContains(answer, "started")
    assertContains(answer, f"Continue with {work.entry.number}")
    assertContains(answer, '<progress class="meter__bar" value="2" max="2"')


def test_a_submitted_scorecard_shows_its_total(as_judge, work, submitted):
    answer = as_judge.get(DESK)

    assertContains(answer, "<strong>70.0</strong>", html=True)
    assertContains(answer, "Everything is submitted")


def test_to_do_and_submitted_can_be_told_apart(
    as_judge, work, submitted, more_entries, open_round, judge
):
    other = Assignment.objects.create(round=open_round, judge=judge, entry=more_entries(1)[0])

    todo, done = as_judge.get(f"{DESK}?show=todo"), as_judge.get(f"{DESK}?show=done")

    link = f'<a href="{work.get_absolute_url()}">'
    other_link = f'<h3 class="row-item__title"><a href="{other.get_absolute_url()}">'
    assertNotContains(todo, link)
    assertContains(todo, other_link)
    assertContains(done, link)
    assertNotContains(done, other_link)


def test_before_consent_nothing_of_an_entry_is_shown(as_judge, work, season):
    shown = as_judge.get(DESK)
    Agreement.objects.create(season=season, version="2", text={"en": "New"})

    hidden = as_judge.get(DESK)

    assertContains(shown, work.entry.number)
    assertNotContains(hidden, work.entry.number)
    assertNotContains(hidden, "Camomile")
    assertContains(hidden, reverse("judging:agreement", args=[season.slug]))


def test_a_recused_entry_is_named_by_number_alone(as_judge, work, judge_user, organiser):
    recuse(work, by=judge_user, reason="I advised them")

    answer = as_judge.get(DESK)

    assertContains(answer, f"{work.entry.number} — I advised them")
    assertNotContains(answer, "Camomile")


def test_a_conflict_leaves_only_a_count(as_judge, work, organisation, judge_user):
    organisation.memberships.create(user=judge_user)

    answer = as_judge.get(DESK)

    assertContains(answer, "1 entry is closed to you by a conflict of interest.")
    assertNotContains(answer, work.entry.number)


def test_the_round_that_is_over_says_what_was_not_submitted(as_judge, work, marked, close_round):
    close_round()

    answer = as_judge.get(DESK)

    assertContains(answer, "The round closed with 1 scorecard not submitted")
    assertNotContains(answer, "Continue with")


def test_a_judge_without_entries_and_a_removed_one_are_told(
    as_judge, judge, judge_user, organiser, season
):
    waiting = as_judge.get(DESK)
    remove_judge(judge, by=organiser, reason="x")
    removed = as_judge.get(DESK)

    assertContains(waiting, "No entries are assigned to you yet.")
    assertContains(removed, "You are not on a jury")


def test_another_judges_entries_are_not_there(
    as_judge, work, jury, chair_user, client_of, agreement
):
    make_judge(jury, chair_user, agreement)

    mine, theirs = as_judge.get(DESK), client_of(chair_user).get(DESK)

    assertContains(mine, work.entry.number)
    assertNotContains(theirs, work.entry.number)


@pytest.mark.parametrize("rows", [3, 30])
def test_the_number_of_queries_does_not_grow(
    rows,
    as_judge,
    open_round,
    judge,
    nomination,
    other_organisation,
    other_nominee,
    django_assert_max_num_queries,
):
    for _row in range(rows):
        entry = make_entry(nomination, other_organisation, other_nominee, EntryStatus.ADMITTED)
        Assignment.objects.create(round=open_round, judge=judge, entry=entry)

    with django_assert_max_num_queries(QUERIES):
        answer = as_judge.get(DESK)

    assertContains(
        answer, f"<strong data-progress-value>0</strong> / <span data-progress-max>{rows}"
    )


def test_a_title_changed_after_submission_is_not_shown_to_the_judge(as_judge, work):
    assertContains(as_judge.get(DESK), "Listening first")
    work.entry.title = "A title nobody submitted"
    work.entry.save()

    answer = as_judge.get(DESK)

    assertContains(answer, "Listening first")
    assertNotContains(answer, "A title nobody submitted")
