"""Mails of the jury's side, as they arrive."""

from datetime import timedelta

import pytest
from django.utils import timezone

from judging.models import Assignment
from judging.services import advance, assign, plan_defence, recuse
from outbox.services import deliver_due


@pytest.mark.django_db(transaction=True)
def test_a_judge_reads_the_round_its_times_and_the_way_there(
    essay_round, judge, admitted_entry, organiser, mailoutbox
):
    assign(essay_round, judge, admitted_entry, by=organiser)

    mail = mailoutbox[0]
    assert (mail.to, mail.subject) == (["judge@example.org"], "New entries to judge: CX award 2022")
    for text in ["Hello, Yuri Judge!", "“Essays”", "Moscow, UTC+3", "/judging/"]:
        assert text in mail.body
    assert admitted_entry.number not in mail.body
    assert "Camomile" not in mail.body


@pytest.mark.django_db(transaction=True)
def test_organisers_read_who_stepped_back_and_why(work, judge_user, organiser, mailoutbox):
    recuse(Assignment.objects.get(pk=work.pk), by=judge_user, reason="I advised them")

    mail = mailoutbox[0]
    assert mail.to == ["organiser@example.org"]
    assert mail.subject == f"A judge stepped back from entry {work.entry.number}"
    for text in ["Yuri Judge", "I advised them", f"?q={work.entry.number}"]:
        assert text in mail.body


@pytest.mark.django_db(transaction=True)
def test_a_nominee_reads_when_and_where_in_their_language(
    defence_round, admitted_entry, organiser, nominee, mailoutbox, time_machine
):
    nominee.language = "en"
    nominee.save()
    advance(defence_round, [admitted_entry], by=organiser)
    plan_defence(
        defence_round,
        admitted_entry,
        by=organiser,
        starts_at=defence_round.stage.opens_at + timedelta(days=1),
        minutes=20,
        place="Great hall",
        video_link="https://meet.example.org/cx",
    )
    # A slot that is dragged about in the meantime makes one mail.
    time_machine.move_to(timezone.now() + timedelta(minutes=15))
    deliver_due()

    mail = mailoutbox[0]
    assert mail.to == [nominee.email]
    for text in ["Great hall", "https://meet.example.org/cx", "How long: 20 minutes", "/entries/"]:
        assert text in mail.body
