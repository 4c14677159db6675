"""Comments of the jury are looked at before entrants read them, where the season says so."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.personal import everything_about
from common.errors import DomainError
from outbox.services import run_due
from outbox.tasks import remind
from results.models import CommentState, Feedback, JuryComment
from results.report import as_html
from results.services import collect_comments, create_feedback, decide_comment, show_comments
from results.tests.conftest import url_of
from results.traces import Traces
from seasons.models import Season, Stage, StageKind
from tests.factories import make_judge, make_person

pytestmark = pytest.mark.django_db
CHECKING = "still being looked at"


@pytest.fixture
def moderated(season):
    Season.objects.filter(pk=season.pk).update(moderate_comments=True)
    season.refresh_from_db()
    return season


def end(round_):
    Stage.objects.filter(pk=round_.stage_id).update(
        opens_at=timezone.now() - timedelta(days=9), closes_at=timezone.now() - timedelta(days=1)
    )


@pytest.fixture
def over(essay_round):
    end(essay_round)
    return essay_round


@pytest.fixture
def read(admitted_entry, nominee, client_of):
    """What the nominee reads: the page, the report, the export."""

    def act():
        Stage.objects.filter(kind=StageKind.FEEDBACK).update(opens_at=timezone.now())
        page = client_of(nominee).get(f"/entries/{admitted_entry.pk}/feedback/").content.decode()
        feedback = Feedback.objects.select_related("entry__nomination__season").get()
        own = json.dumps(everything_about(nominee).sections, default=str, ensure_ascii=False)
        return [page, as_html(feedback), own]

    return act


def comments(entry):
    return JuryComment.objects.filter(entry=entry).order_by("criterion")


def test_what_nobody_looked_at_is_nowhere_and_what_was_shown_is_everywhere(
    moderated, over, admitted_entry, score, organiser, read
):
    score(admitted_entry, over, 60, 70, 80, comment="Clear goals.")
    create_feedback(moderated)
    collect_comments(moderated)

    before = read()
    show_comments(
        moderated, set(comments(admitted_entry).values_list("pk", flat=True)), by=organiser
    )
    after = read()

    assert ["Clear goals." in text for text in before] == [False] * 3
    assert [CHECKING in text for text in before] == [True, True, False]
    assert ["Clear goals." in text for text in after] == [True] * 3
    assert [CHECKING in text for text in after] == [False] * 3


def test_an_edited_text_is_shown_and_a_held_one_leaves_no_trace(
    moderated, over, admitted_entry, score, organiser, read
):
    score(admitted_entry, over, 60, 70, 80, comment="As I wrote at Aster, dull.")
    create_feedback(moderated)
    collect_comments(moderated)
    overall, *others = comments(admitted_entry)

    decide_comment(overall, by=organiser, decision="edited", seen="waiting", shown="It is dull.")
    for one in others:
        decide_comment(one, by=organiser, decision="held", seen="waiting", reason="It names Aster.")

    for text in read():
        assert "It is dull." in text
        assert "Aster" not in text
        assert CHECKING not in text
    overall.refresh_from_db()
    assert (overall.text, overall.shown) == ("As I wrote at Aster, dull.", "It is dull.")


def test_a_text_that_changed_must_be_looked_at_again(
    moderated, over, admitted_entry, score, organiser, read, jury
):
    score(admitted_entry, over, 60, 70, 80, comment="Clear to Hart too.")
    collect_comments(moderated)
    show_comments(
        moderated, set(comments(admitted_entry).values_list("pk", flat=True)), by=organiser
    )
    make_judge(jury, make_person("hart@jury.example.org", "Hugh Hart"))
    create_feedback(moderated)

    page, *_rest = read()

    assert ("Clear to" in page, CHECKING in page) == (False, True)
    assert collect_comments(moderated) == comments(admitted_entry).filter(state="shown").count()
    assert {one.text for one in comments(admitted_entry).filter(state="waiting")} == {
        "Clear to […] too."
    }


def test_a_comment_held_back_stays_so_when_comments_are_no_longer_looked_at(
    season, over, admitted_entry, score, organiser, read
):
    score(admitted_entry, over, 60, 70, 80, comment="Clear goals.")
    create_feedback(season)
    collect_comments(season)
    overall = comments(admitted_entry).first()
    decide_comment(overall, by=organiser, decision="held", seen="waiting", reason="Rude.")

    page, *_rest = read()

    assert page.count("Clear goals.") == 3 * (comments(admitted_entry).count() - 1)


def test_comments_come_up_when_their_round_is_over_and_once(
    moderated, essay_round, admitted_entry, score
):
    score(admitted_entry, essay_round, 60, 70, 80, comment="Clear goals.")
    remind()
    run_due(kinds=["collect-comments"])
    running = JuryComment.objects.count()
    end(essay_round)
    for _ in range(2):
        remind()
        run_due(kinds=["collect-comments"])

    found = comments(admitted_entry)
    assert running == 0
    assert {one.text for one in found} == {"Clear goals."}
    assert found.count() == 1 + len({one.criterion for one in found if one.criterion})


@pytest.mark.parametrize(
    ("sent", "refusal"),
    [
        ({"decision": "held", "seen": "waiting"}, "Say why it is held back"),
        ({"decision": "edited", "seen": "waiting", "shown": " "}, "Write the text"),
        ({"decision": "shown", "seen": "held"}, "meanwhile"),
        ({"decision": "waiting", "seen": "waiting"}, "what becomes of"),
    ],
)
def test_decisions_that_lack_something_are_refused(
    moderated, over, admitted_entry, score, organiser, sent, refusal
):
    score(admitted_entry, over, 60, comment="Clear goals.")
    collect_comments(moderated)

    with pytest.raises(DomainError, match=refusal):
        decide_comment(comments(admitted_entry).first(), by=organiser, **sent)


def test_a_conflict_keeps_the_comments_from_an_organiser(
    moderated, over, admitted_entry, finalist_rule, score, organiser, client_of
):
    score(admitted_entry, over, 60, comment="Clear goals.")
    collect_comments(moderated)
    listing = url_of(finalist_rule, "comments")
    first = comments(admitted_entry).first()
    before = client_of(organiser).get(listing).content.decode()

    admitted_entry.organisation.memberships.create(user=organiser, role="viewer")
    after = client_of(organiser).get(listing).content.decode()

    assert ("Clear goals." in before, "Clear goals." in after) == (True, False)
    assert show_comments(moderated, {first.pk}, by=organiser) == 0
    with pytest.raises(DomainError, match="may not"):
        decide_comment(first, by=organiser, decision="shown", seen="waiting")


def test_the_page_filters_ticks_warns_and_keeps_what_was_typed(
    moderated, over, admitted_entry, compete, finalist_rule, score, organiser, client_of
):
    score(admitted_entry, over, 60, comment="Clear goals.")
    other = compete("Birch")
    score(other, over, 60, comment="perlin would agree.")
    collect_comments(moderated)
    client, listing = client_of(organiser), url_of(finalist_rule, "comments")
    one = comments(other).first()

    page = client.get(listing, {"tick": "all", "nomination": other.nomination.number})
    empty = client.get(listing, {"nomination": 999})
    refused = client.post(
        listing, {"comment": one.pk, "seen": "waiting", "decision": "held", "shown": "x y"}
    )
    ticked = [card.comment.pk for card in page.context["cards"] if card.ticked]
    client.post(listing, {"bulk": "1", "tick": ticked})

    assert {bool(card.traces) for card in page.context["cards"] if card.comment.entry == other} == {
        True
    }
    assert empty.context["cards"] == []
    assert refused.status_code == 422
    assert "x y" in refused.content.decode()
    assert set(JuryComment.objects.filter(state=CommentState.SHOWN)) == set(
        comments(admitted_entry)
    )


def test_names_are_found_in_any_case_and_inflected(season, judges, jury):
    person = judges[0].user
    person.full_name = "Анна Перлина"
    person.save()
    judges[1].employer = "Bank of Asters"
    judges[1].save()
    traces = Traces(season)

    found = [
        bool(traces.in_text(text))
        for text in (
            "спросите у анны",
            "говорил с Перлиной",
            "We at the bank of asters",
            "write me: a@b.org",
            "[…] agrees",
            "Хорошая анкета и ясные цели.",
        )
    ]

    assert found == [True, True, True, True, True, False]
