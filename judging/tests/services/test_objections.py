"""An entrant objects to a judge; an organiser decides; nobody tells the judge who it was."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from common.errors import DomainError
from judging.barriers import is_barred
from judging.models import Conflict, ConflictRules, Objection
from judging.objecting import takes_objections
from judging.services.objections import decide_objection, object_to_judge
from outbox.models import Message


@pytest.fixture
def rules(season, essay_round):
    return ConflictRules.objects.create(season=season, objections=True)


@pytest.fixture
def objection(rules, judge, admitted_entry, nominee):
    return object_to_judge(admitted_entry, judge, by=nominee, reason="He sold us out.")


def test_an_accepted_objection_bars_the_judge_and_tells_the_entrant(
    objection, assignment, organiser, nominee, judge_user, admitted_entry
):
    decide_objection(objection, by=organiser, accept=True, answer="You are right.")

    assignment.refresh_from_db()
    told = Message.objects.get(kind="objection-accepted")
    assert is_barred(judge_user, admitted_entry)
    assert (assignment.status, told.recipient_id) == ("withdrawn", nominee.pk)


def test_nothing_the_judge_reads_says_that_somebody_objected(
    objection, assignment, organiser, nominee, judge_user
):
    decide_objection(objection, by=organiser, accept=True, answer="You are right.")

    assignment.refresh_from_db()
    conflict = Conflict.objects.get(user=judge_user)
    said = f"{conflict.reason} {assignment.reason}"
    assert said == " ".join(["Set by the organisers after a check of interests."] * 2)
    assert conflict.declared_by == organiser
    assert not Message.objects.filter(recipient=judge_user, kind__startswith="objection").exists()


def test_a_declined_objection_bars_nobody(
    objection, organiser, judge_user, admitted_entry, nominee
):
    decide_objection(objection, by=organiser, accept=False, answer="We looked into it.")

    assert not is_barred(judge_user, admitted_entry)
    assert list(
        Event.objects.filter(verb__startswith="objection")
        .order_by("position")
        .values_list("verb", "actor")
    ) == [("objection.made", nominee.pk), ("objection.declined", organiser.pk)]


def test_it_is_decided_once_and_said_once(objection, organiser, judge, admitted_entry, nominee):
    again = object_to_judge(admitted_entry, judge, by=nominee, reason="Again.")
    decide_objection(objection, by=organiser, accept=False, answer="No.")

    with pytest.raises(DomainError, match="decided already"):
        decide_objection(objection, by=organiser, accept=True, answer="Yes.")
    assert again == objection
    assert Objection.objects.count() == 1


@pytest.mark.parametrize("who", ["other_nominee", "judge_user"])
def test_others_cannot_object(request, who, rules, judge, admitted_entry):
    with pytest.raises(DomainError, match="Only those who submit"):
        object_to_judge(admitted_entry, judge, by=request.getfixturevalue(who), reason="x")


def test_only_judges_on_the_public_list_are_objected_to(rules, judge, admitted_entry, nominee):
    judge.listed = False
    judge.save()

    with pytest.raises(DomainError, match="not on the public list"):
        object_to_judge(admitted_entry, judge, by=nominee, reason="x")


def test_the_time_ends_to_the_second(rules, season):
    until = timezone.now() + timedelta(days=1)
    rules.objections_until = until
    rules.save()

    second = timedelta(seconds=1)
    assert [takes_objections(season, at) for at in (until - second, until, until + second)] == [
        True,
        False,
        False,
    ]


def test_without_a_time_of_its_own_it_ends_when_judging_opens(rules, season, essay_round):
    opens = essay_round.stage.opens_at

    assert takes_objections(season, opens - timedelta(seconds=1))
    assert not takes_objections(season, opens)


def test_organisers_in_conflict_and_the_judge_see_no_objection(
    objection, organiser, second_organiser, superuser, judge, admitted_entry
):
    Conflict.objects.create(user=superuser, entry=admitted_entry, reason="x", declared_by=superuser)
    judge.user = second_organiser
    judge.save()

    seen = [
        Objection.objects.organised_by(who).count()
        for who in (organiser, superuser, second_organiser)
    ]
    assert seen == [1, 0, 0]


def test_the_judge_does_not_decide_about_themselves(objection, judge, second_organiser):
    judge.user = second_organiser
    judge.save()

    with pytest.raises(DomainError, match="Somebody else decides"):
        decide_objection(objection, by=second_organiser, accept=False, answer="No.")


def test_an_objection_is_decided_from_the_page_that_the_mail_leads_to(
    objection, organiser, client_of
):
    office = client_of(organiser)
    page = reverse("admin:judging_objection_change", args=[objection.pk])
    listing = reverse("admin:judging_objection_changelist")
    sent = {"_selected_action": objection.pk, "action": "decline"}
    before = f'action="{listing}"' in office.get(page).content.decode()

    asked = office.post(listing, sent)
    office.post(listing, {**sent, "confirmed": "1", "reason": "We looked into it."})

    after = f'action="{listing}"' in office.get(page).content.decode()
    objection.refresh_from_db()
    assert (before, asked.status_code, after) == (True, 200, False)
    assert (objection.status, objection.answer) == ("declined", "We looked into it.")
