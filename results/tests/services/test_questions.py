"""The one question about feedback: who asks, who answers, and when."""

from datetime import timedelta

import pytest

from accounts.models import MemberRole, Membership
from common.errors import DomainError
from outbox.models import Message
from results.models import Feedback
from results.services import create_feedback
from results.services.questions import answer_question, ask_question
from seasons.models import StageKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def own(admitted_entry, essay_round, score, season):
    score(admitted_entry, essay_round, 61, 72, 83)
    create_feedback(season)
    return Feedback.objects.get(entry=admitted_entry)


@pytest.fixture
def opens(season):
    return season.stages.get(kind=StageKind.FEEDBACK).opens_at


def mails(kind):
    return sorted(Message.objects.filter(kind=kind).values_list("email", flat=True))


def test_a_question_is_refused_a_second_before_the_date(own, opens, nominee, time_machine):
    time_machine.move_to(opens - timedelta(seconds=1), tick=False)

    with pytest.raises(DomainError):
        ask_question(own, text="Why?", by=nominee)

    time_machine.move_to(opens, tick=False)
    assert ask_question(own, text=" Why? ", by=nominee).question == "Why?"


def test_question_and_answer_go_both_ways_by_mail(
    own, opens, nominee, organiser, client_of, time_machine
):
    time_machine.move_to(opens, tick=False)
    page = f"/entries/{own.entry_id}/feedback/"
    client = client_of(nominee)
    assert client.post(page + "question/", {"text": " "}).status_code == 422
    assert client.post(page + "question/", {"text": "Why so low?"}).status_code == 302
    assert organiser.email in mails("feedback-question")

    console = f"/admin/results/feedback/{own.pk}/question/"
    staff = client_of(organiser)
    assert "Why so low?" in staff.get(console).content.decode()
    assert staff.post(console, {"text": "Two measures lack proof."}).status_code == 302

    assert nominee.email in mails("feedback-answer")
    assert "Two measures lack proof." in client_of(nominee).get(page).content.decode()


def test_there_is_no_second_question_nor_a_second_answer(
    own, opens, nominee, organiser, time_machine
):
    time_machine.move_to(opens, tick=False)
    ask_question(own, text="Why?", by=nominee)
    answer_question(own, text="Because.", by=organiser)

    with pytest.raises(DomainError):
        ask_question(own, text="And now?", by=nominee)
    with pytest.raises(DomainError):
        answer_question(own, text="Or rather.", by=organiser)


def test_strangers_and_viewers_do_not_ask(
    own, opens, nominee, other_nominee, client_of, time_machine
):
    time_machine.move_to(opens, tick=False)
    page = f"/entries/{own.entry_id}/feedback/"
    assert client_of(other_nominee).post(page + "question/", {"text": "?"}).status_code == 404

    Membership.objects.create(
        user=other_nominee, organisation=own.entry.organisation, role=MemberRole.VIEWER
    )
    assert "Send the question" not in client_of(other_nominee).get(page).content.decode()
    with pytest.raises(DomainError):
        ask_question(own, text="?", by=other_nominee)


def test_an_organiser_of_another_award_has_no_such_page(
    own, opens, nominee, other_organiser, client_of, time_machine
):
    time_machine.move_to(opens, tick=False)
    ask_question(own, text="Why?", by=nominee)

    response = client_of(other_organiser).get(f"/admin/results/feedback/{own.pk}/question/")

    assert response.status_code == 404
    with pytest.raises(DomainError):
        answer_question(own, text="Because.", by=other_organiser)
