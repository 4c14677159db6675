"""The jury's table: who sees others' marks and when, the discussion, meetings, the chair's page."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from common.errors import DomainError
from judging.models import Assignment, Correction, Meeting, Remark, Round, Scorecard
from judging.seats import seat_of
from judging.services import (
    add_remark,
    close_meeting,
    declare_conflict,
    open_meeting,
    open_scorecard,
    remind_judge,
    save_mark,
    submit_scorecard,
)
from judging.spread import far_flags, spreads_of
from outbox.models import Message
from tests.factories import make_judge


def give(row, criteria, value):
    """A submitted scorecard with one mark everywhere."""
    user = row.judge.user
    card = open_scorecard(row, by=user)
    for criterion in criteria:
        save_mark(card, criterion, by=user, value=Decimal(value), base_version=0)
    return submit_scorecard(card, by=user, key=uuid4())


@pytest.fixture
def chair_row(submitted, jury, chair_user, agreement):
    """The chair judges the same entry and has not begun."""
    chair = make_judge(jury, chair_user, agreement, chair=True)
    return Assignment.objects.create(
        round=submitted.assignment.round, judge=chair, entry=submitted.assignment.entry
    )


@pytest.fixture
def round_(submitted):
    """Judges see others after their own submission, and talk for an hour."""
    Round.objects.update(see_others="own", discussion_until=timezone.now() + timedelta(hours=1))
    return Round.objects.get(pk=submitted.assignment.round_id)


@pytest.fixture
def entry(submitted):
    return submitted.assignment.entry


@pytest.fixture
def table(round_, entry):
    return reverse("judging:table", args=[round_.pk, entry.pk])


def page(client, address):
    return client.get(address).content.decode()


def sees(user, round_, entry):
    seat = seat_of(user, Round.objects.get(pk=round_.pk), entry)
    return seat is not None and seat.sees_others


@pytest.mark.parametrize(
    ("policy", "seen"),
    [("never", [0, 0, 0]), ("own", [0, 1, 1]), ("close", [0, 0, 1])],
)
def test_others_marks_are_seen_as_the_round_says(
    policy, seen, chair_row, round_, entry, criteria, chair_user, close_round
):
    Round.objects.update(see_others=policy)
    found = [sees(chair_user, round_, entry)]
    give(chair_row, criteria, 2)
    found.append(sees(chair_user, round_, entry))
    close_round()
    found.append(sees(chair_user, round_, entry))

    assert found == [bool(one) for one in seen]


def test_a_judge_reads_marks_and_comments_by_letters_or_by_names(
    chair_row, round_, entry, criteria, client_of, judge_user, chair_user, table
):
    client = client_of(judge_user)
    give(chair_row, criteria, 2)

    lettered = page(client, table)
    Round.objects.update(others_named=True)
    named = page(client, table)

    assert ("20.0" in lettered, "20.0" in named) == (True, True)
    assert (str(chair_user) in lettered, str(chair_user) in named) == (False, True)


def test_the_table_and_the_discussion_are_closed_to_a_conflict_and_to_strangers(
    chair_row, round_, entry, judge_user, organiser, stranger, nominee, client_of, table
):
    add_remark(round_, entry, by=judge_user, text="A strong case.", key=uuid4())
    before = [client_of(who).get(table).status_code for who in (judge_user, organiser)]
    for who in (judge_user, organiser):
        declare_conflict(who, by=who, reason="x", entry=entry)

    after = [
        client_of(who).get(table).status_code for who in (judge_user, organiser, stranger, nominee)
    ]

    assert (before, after) == ([200, 200], [404, 404, 404, 404])
    with pytest.raises(DomainError):
        add_remark(round_, entry, by=judge_user, text="Still here.", key=uuid4())


def test_only_who_has_submitted_reads_and_joins_the_discussion(
    chair_row, round_, entry, criteria, judge_user, chair_user, organiser, client_of, table
):
    add_remark(round_, entry, by=judge_user, text="A strong case.", key=uuid4())
    with pytest.raises(DomainError):
        add_remark(round_, entry, by=chair_user, text="Hm.", key=uuid4())
    with pytest.raises(DomainError):
        add_remark(round_, entry, by=organiser, text="Hm.", key=uuid4())
    early = page(client_of(chair_user), table)
    give(chair_row, criteria, 2)
    add_remark(round_, entry, by=chair_user, text="I doubt it.", key=uuid4())

    late = [page(client_of(who), table) for who in (judge_user, chair_user, organiser)]

    assert "A strong case." not in early
    assert [("A strong case." in one, "I doubt it." in one) for one in late] == [(True, True)] * 3
    assert Event.objects.filter(verb="remark.said").count() == 2


def test_a_remark_is_kept_once_and_the_end_closes_the_discussion(
    round_, entry, judge_user, client_of
):
    key, address = uuid4(), reverse("judging:table_say", args=[round_.pk, entry.pk])
    client = client_of(judge_user)
    for _time in range(2):
        client.post(address, {"text": "Once.", "key": key})
    Round.objects.update(discussion_until=timezone.now())

    late = client.post(address, {"text": "Typed too late.", "key": uuid4()})

    assert (late.status_code, "Typed too late." in late.content.decode()) == (422, True)
    assert list(Remark.objects.values_list("text", flat=True)) == ["Once."]
    with pytest.raises(DatabaseError), transaction.atomic():
        Remark.objects.update(text="x")


def test_a_meeting_from_opening_to_decision(
    chair_row, round_, entry, criteria, judge_user, chair_user, client_of, table, submitted
):
    address = reverse("judging:meeting", args=[round_.pk, entry.pk])
    change = reverse("judging:correct", args=[submitted.assignment_id])
    judge, chair = client_of(judge_user), client_of(chair_user)
    early = chair.post(address, {"agenda": "x"}).status_code
    give(chair_row, criteria, 2)
    before = judge.get(change).status_code
    chair.post(address, {"agenda": "The first criterion"})
    unexplained = judge.post(change, {f"mark-{criteria[0].pk}": "4", "reason": ""})
    judge.post(change, {f"mark-{criteria[0].pk}": "4", "reason": "The chair is right."})
    undecided = chair.post(address, {"close": "1", "notes": "Talked.", "version": "0"})
    chair.post(address, {"close": "1", "decision": "Four it is.", "version": "0"})

    meeting, correction = Meeting.objects.get(), Correction.objects.get()
    assert (early, before, unexplained.status_code, undecided.status_code) == (422, 404, 422, 422)
    assert (correction.meeting, correction.reason) == (meeting, "The chair is right.")
    assert (meeting.agenda, meeting.decision) == ("The first criterion", "Four it is.")
    assert judge.get(change).status_code == 404
    assert "Four it is." in page(judge, table)


def test_only_a_chair_leads_a_meeting(chair_row, round_, entry, judge_user, organiser, criteria):
    give(chair_row, criteria, 2)
    meeting = open_meeting(round_, entry, by=chair_row.judge.user)
    declare_conflict(chair_row.judge.user, by=organiser, reason="x", entry=entry)

    for who in (judge_user, organiser, chair_row.judge.user):
        with pytest.raises(DomainError):
            close_meeting(meeting, by=who, decision="x")
        with pytest.raises(DomainError):
            open_meeting(round_, entry, by=who)


def test_the_chair_sees_who_lags_but_no_mark_before_the_own_ones(
    chair_row, round_, criteria, chair_user, judge_user, client_of
):
    address = reverse("judging:chair", args=[round_.pk])
    early = page(client_of(chair_user), address)
    give(chair_row, criteria, 2)
    late = page(client_of(chair_user), address)

    assert str(judge_user) in early
    assert ("45.0" in early, "45.0" in late) == (False, True)
    assert client_of(judge_user).get(address).status_code == 404


def test_the_chairs_page_asks_as_many_queries_for_many_entries(
    chair_row, round_, criteria, chair_user, client_of, more_entries, django_assert_max_num_queries
):
    give(chair_row, criteria, 2)
    for one in more_entries(3):
        give(Assignment.objects.create(round=round_, judge=chair_row.judge, entry=one), criteria, 3)

    with django_assert_max_num_queries(41):
        answer = client_of(chair_user).get(reverse("judging:chair", args=[round_.pk]))

    assert len(answer.context["rows"]) == 4


def test_the_chair_reminds_a_judge_once_a_day(
    chair_row, round_, judge, chair_user, judge_user, more_entries, client_of
):
    address = reverse("judging:chair_remind", args=[round_.pk, judge.pk])
    with pytest.raises(DomainError):
        remind_judge(round_, judge, by=chair_user)
    Assignment.objects.create(round=round_, judge=judge, entry=more_entries(1)[0])
    for _time in range(2):
        client_of(chair_user).post(address)

    assert list(Message.objects.values_list("kind", "recipient")) == [
        ("judge-reminder", judge_user.pk)
    ]


def test_the_widest_disagreement_comes_first_and_outliers_are_counted(
    chair_row, round_, entry, criteria, more_entries, judge
):
    give(chair_row, criteria, 2)
    (other,) = more_entries(1)
    give(Assignment.objects.create(round=round_, judge=judge, entry=other), criteria, 5)

    first, second = spreads_of(round_, [other.pk, entry.pk])

    assert (first.entry_id, first.count, first.range) == (entry.pk, 2, 50.0)
    assert (second.entry_id, second.deviation) == (other.pk, 0.0)
    assert far_flags([50, 55, 80], 15) == [False, False, True]
    assert far_flags([10, 90], 15) == [False, False]
    assert Scorecard.objects.count() == 3
