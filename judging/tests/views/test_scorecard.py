"""The essay beside the scorecard: who sees it, when, and what each request does."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from accounts.models import Membership
from judging.models import (
    Agreement,
    Assignment,
    AssignmentStatus,
    Mark,
    Scorecard,
    ScorecardStatus,
)
from judging.services import remove_judge, withdraw_assignment
from nominations.models import EntryStatus
from tests.factories import make_person, make_revision


@pytest.fixture
def as_judge(client_of, judge_user):
    return client_of(judge_user)


def url(work, name="assignment", *args):
    return reverse(f"judging:{name}", args=[work.pk, *args])


def fields(work, criteria, marks, **more):
    """What a browser without scripts sends."""
    sent = {"revision": work.entry.latest_revision().pk, "key": str(uuid4()), "version": 0}
    for criterion, value in zip(criteria, marks, strict=False):
        sent |= {f"version-{criterion.pk}": 0, f"comment-{criterion.pk}": ""}
        if value is not None:
            sent[f"mark-{criterion.pk}"] = value
    return {**sent, "comment": "", "private_note": "", **more}


def test_the_judge_reads_the_frozen_essay_beside_the_rubric(as_judge, work):
    work.entry.answers.update(text="Changed after submitting")

    answer = as_judge.get(url(work))

    for text in ["We did approach well.", "Describe your approach", "Clarity is high."]:
        assertContains(answer, text)
    assertNotContains(answer, "Changed after submitting")


STRANGERS = [
    "stranger",
    "nominee",
    "other_nominee",
    "chair_user",
    "conflicted_judge_user",
    "organiser",
    "superuser",
]


def every_url(work, criteria):
    return [
        url(work),
        url(work, "mark_save", criteria[0].pk),
        url(work, "comment_save"),
        url(work, "scorecard_submit"),
        url(work, "recuse"),
        url(work, "file", uuid4()),
    ]


@pytest.mark.parametrize("who", STRANGERS)
def test_to_everybody_else_it_is_an_unknown_page(request, who, client_of, work, criteria, judge):
    client = client_of(request.getfixturevalue(who))

    answers = [client.get(url(work)).status_code]
    answers += [
        client.post(one, {"reason": "x"}).status_code for one in every_url(work, criteria)[:5]
    ]
    answers += [client.get(url(work, "file", uuid4())).status_code]

    assert answers == [404] * 7
    assert Scorecard.objects.count() == 0


CLOSED = {
    "recused": lambda work, **_p: Assignment.objects.filter(pk=work.pk).update(
        status=AssignmentStatus.RECUSED
    ),
    "withdrawn": lambda work, organiser, **_p: withdraw_assignment(work, by=organiser, reason="x"),
    "removed": lambda work, organiser, **_p: remove_judge(work.judge, by=organiser, reason="x"),
    "conflicted": lambda work, judge_user, **_p: Membership.objects.create(
        user=judge_user, organisation=work.entry.organisation
    ),
}


@pytest.mark.parametrize("how", CLOSED)
def test_access_ends_at_once(how, as_judge, work, criteria, judge_user, organiser):
    before = as_judge.get(url(work)).status_code
    CLOSED[how](work, judge_user=judge_user, organiser=organiser)

    answers = [as_judge.get(url(work)).status_code]
    answers += [
        as_judge.post(one, {"reason": "x"}).status_code for one in every_url(work, criteria)[1:5]
    ]

    assert before == 200
    assert answers == [404] * 5


def test_without_consent_the_agreement_comes_first(as_judge, work, season):
    shown = as_judge.get(url(work)).content
    Agreement.objects.create(season=season, version="2", text={"en": "New"})

    answer = as_judge.get(url(work))

    assert b"We did approach well." in shown
    agreement = reverse("judging:agreement", args=[season.slug])
    assertRedirects(answer, f"{agreement}?next=%2Fjudging%2Fassignments%2F{work.pk}%2F")


def test_before_the_round_opens_nothing_is_read(as_judge, assignment):
    answer = as_judge.get(url(assignment))

    assertContains(answer, "This round is not open yet")
    assertNotContains(answer, "We did approach well.")


def test_after_the_close_the_own_scorecard_is_read_and_nothing_changes(
    as_judge, work, marked, criteria, close_round
):
    close_round()

    shown = as_judge.get(url(work))
    refused = as_judge.post(
        url(work, "mark_save", criteria[0].pk), {"value": "1", "version": "1", "comment": ""}
    )

    assertContains(shown, "The round is closed")
    assertContains(shown, "We did approach well.")
    assert refused.status_code == 422
    assert refused.json()["message"].startswith("The round closed on ")
    assert Mark.objects.get(criterion=criteria[0]).value == 8


def test_an_entry_that_left_the_competition_says_so(as_judge, work):
    type(work.entry).objects.filter(pk=work.entry_id).update(status=EntryStatus.WITHDRAWN)

    answer = as_judge.get(url(work))

    assertContains(answer, "This entry is no longer in the competition")
    assertNotContains(answer, "We did approach well.")


def test_autosave_keeps_a_mark_and_answers_with_the_total(as_judge, work, criteria):
    sent = {"value": "8", "abstained": "", "comment": "clear", "version": "0"}

    answer = as_judge.post(url(work, "mark_save", criteria[0].pk), sent)

    saved = answer.json()
    saved.pop("saved_at")
    assert saved == {"version": 1, "active_seconds": 0, "total": 80.0, "done": 1, "of": 2}
    assert Mark.objects.get().comment == "clear"


def test_a_stale_autosave_gets_what_is_stored(as_judge, work, criteria):
    save = url(work, "mark_save", criteria[0].pk)
    as_judge.post(save, {"value": "8", "version": "0"})

    answer = as_judge.post(save, {"value": "3", "version": "0"})

    assert answer.status_code == 409
    assert answer.json()["stored"] == {
        "value": "8",
        "abstained": False,
        "comment": "",
        "version": 1,
    }
    assert Mark.objects.get().value == 8


def test_a_stale_comment_gets_what_is_stored(as_judge, work):
    save = url(work, "comment_save")
    as_judge.post(save, {"comment": "First", "private_note": "", "version": "0"})

    answer = as_judge.post(save, {"comment": "Second", "private_note": "", "version": "0"})

    assert answer.status_code == 409
    assert answer.json()["stored"] == {"comment": "First", "private_note": "", "version": 1}


@pytest.mark.parametrize("value", ["11", "abc", "1e400", "-1"])
def test_a_wrong_mark_is_refused_in_words(as_judge, work, criteria, value):
    answer = as_judge.post(url(work, "mark_save", criteria[0].pk), {"value": value, "version": "0"})

    assert (answer.status_code, list(answer.json())) == (422, ["message"])
    assert Mark.objects.count() == 0


def test_marks_for_a_replaced_revision_ask_to_read_the_new_one(as_judge, work, criteria, nominee):
    read = work.entry.latest_revision().pk
    make_revision(work.entry, nominee)

    answer = as_judge.post(
        url(work, "mark_save", criteria[0].pk), {"value": "8", "version": "0", "revision": read}
    )

    assert (answer.status_code, answer.json()["reload"]) == (409, True)
    assert Mark.objects.count() == 0


def test_the_whole_form_is_saved_without_scripts(as_judge, work, criteria):
    answer = as_judge.post(url(work), fields(work, criteria, ["8", None], comment="Good\r\nwork"))

    assertRedirects(answer, url(work))
    card = Scorecard.objects.get()
    assert (card.status, card.comment) == (ScorecardStatus.DRAFT, "Good\nwork")
    assert list(card.marks.values_list("criterion", "value")) == [(criteria[0].pk, Decimal(8))]


def test_submitting_without_scripts_saves_and_locks(as_judge, work, criteria):
    answer = as_judge.post(
        url(work, "scorecard_submit"), fields(work, criteria, ["8", ""]), follow=True
    )

    card = Scorecard.objects.get()
    assert (card.status, card.total) == (ScorecardStatus.SUBMITTED, Decimal(80))
    assertContains(answer, "Submitted and locked")


def test_sending_the_same_submission_twice_gives_one_result(as_judge, work, criteria):
    sent = fields(work, criteria, ["8", "6"])

    first = as_judge.post(url(work, "scorecard_submit"), sent)
    second = as_judge.post(url(work, "scorecard_submit"), sent)

    assert (first.status_code, first.url) == (second.status_code, second.url)
    assert Scorecard.objects.get().total == Decimal(70)


def test_missing_criteria_are_listed_with_links_and_the_rest_is_kept(as_judge, work, criteria):
    answer = as_judge.post(url(work, "scorecard_submit"), fields(work, criteria, ["8", None]))

    assert answer.status_code == 422
    assertContains(answer, f'<a href="#criterion-{criteria[1].pk}">Results</a>', status_code=422)
    assertNotContains(answer, f'href="#criterion-{criteria[0].pk}"', status_code=422)
    assert Mark.objects.get().value == 8
    assert Scorecard.objects.get().status == ScorecardStatus.DRAFT


def test_a_late_submission_says_so_and_shows_what_was_typed(
    as_judge, work, criteria, close_round, marked
):
    close_round()

    sent = fields(work, criteria, ["1", "1"], comment="Typed in the last second")
    answer = as_judge.post(url(work, "scorecard_submit"), sent)

    assert answer.status_code == 422
    for text in ["This was not saved", "The round closed on", "Typed in the last second"]:
        assertContains(answer, text, status_code=422)
    assert list(marked.marks.order_by("pk").values_list("value", flat=True)) == [8, 6]


def test_the_locked_page_leads_to_the_next_entry(
    as_judge, work, submitted, more_entries, open_round, judge
):
    other = Assignment.objects.create(round=open_round, judge=judge, entry=more_entries(1)[0])

    answer = as_judge.get(url(work))

    assertContains(answer, f"Next: {other.entry.number}")
    assertContains(answer, other.get_absolute_url())
    assertNotContains(answer, "data-scorecard")


def test_a_submitted_scorecard_refuses_every_change(as_judge, work, submitted, criteria):
    answers = [
        as_judge.post(url(work, "mark_save", criteria[0].pk), {"value": "1", "version": "1"}),
        as_judge.post(url(work, "comment_save"), {"comment": "x", "version": "0"}),
        as_judge.post(url(work), fields(work, criteria, ["1", "1"])),
        as_judge.post(url(work, "scorecard_submit"), fields(work, criteria, ["1", "1"])),
    ]

    assert [answer.status_code for answer in answers] == [422] * 4
    assert list(submitted.marks.order_by("pk").values_list("value", flat=True)) == [8, 6]


def test_stepping_back_asks_for_a_reason_first(as_judge, work):
    empty = as_judge.post(url(work, "recuse"), {"reason": " "})
    done = as_judge.post(url(work, "recuse"), {"reason": "I advised them"}, follow=True)

    assertContains(empty, "Say in a few words why you step back.", status_code=422)
    assertContains(done, "You stepped back from entry")
    assert as_judge.get(url(work)).status_code == 404


def test_the_stepping_back_page_is_closed_after_submitting(as_judge, work, submitted):
    assertRedirects(as_judge.get(url(work, "recuse")), url(work))


def test_a_file_of_the_revision_is_a_download(as_judge, work, attachment):
    answer = as_judge.get(url(work, "file", attachment.token))

    assert b"".join(answer.streaming_content) == b"%PDF-1.4"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_file_outside_the_revision_or_of_another_judge_is_unknown(
    as_judge, work, attachment, client_of, judge
):
    other = make_person("another@example.org", "Another")
    revision = work.entry.latest_revision()

    foreign = client_of(other).get(url(work, "file", attachment.token)).status_code
    revision.content = {**revision.content, "attachments": []}
    revision.save()
    outside = as_judge.get(url(work, "file", attachment.token)).status_code

    assert (foreign, outside) == (404, 404)
