"""Membership, consent and declared interests."""

import hashlib

import pytest

from accounts.models import Membership
from audit.models import Event
from common.errors import DomainError
from judging.models import Agreement, Assignment, AssignmentStatus, Conflict, Consent
from judging.permissions import has_agreed
from judging.services import accept_agreement, add_judge, declare_conflict, remove_judge


def verbs():
    return list(Event.objects.order_by("pk").values_list("verb", flat=True))


def test_a_person_joins_a_jury_once(jury, judge_user, organiser):
    add_judge(jury, judge_user, by=organiser, position="CX director", employer="Aster")

    with pytest.raises(DomainError) as refusal:
        add_judge(jury, judge_user, by=organiser)

    assert str(refusal.value) == "This person is on the jury already."
    assert verbs() == ["judge.added"]


def test_removing_a_judge_needs_a_reason_and_ends_access(assignment, judge, judge_user, organiser):
    with pytest.raises(DomainError):
        remove_judge(judge, by=organiser, reason="  ")
    seen = list(Assignment.objects.visible_to(judge_user))

    remove_judge(judge, by=organiser, reason="Talked to the press")

    assert seen == [assignment]
    assert list(Assignment.objects.visible_to(judge_user)) == []
    assert verbs() == ["judge.removed"]


def test_consent_keeps_the_words_the_language_and_the_time(jury, judge_user, organiser, agreement):
    add_judge(jury, judge_user, by=organiser)

    consent = accept_agreement(agreement, judge_user, language="en")

    words = hashlib.sha256(b"I keep what I read to myself.").hexdigest()
    assert (consent.language, consent.text_sha256) == ("en", words)
    assert Event.objects.get(verb="agreement.accepted").data["text_sha256"] == words


def test_consenting_twice_changes_nothing(jury, judge_user, organiser, agreement):
    add_judge(jury, judge_user, by=organiser)

    first = accept_agreement(agreement, judge_user, language="en")
    second = accept_agreement(agreement, judge_user, language="en")

    assert (first, Consent.objects.count()) == (second, 1)
    assert verbs() == ["judge.added", "agreement.accepted"]


def test_a_new_version_asks_again(assignment, judge, judge_user, season, agreement):
    seen = list(Assignment.objects.visible_to(judge_user))

    second = Agreement.objects.create(season=season, version="2", text={"en": "And for ever."})

    assert seen == [assignment]
    assert has_agreed(judge_user, season) is False
    assert list(Assignment.objects.visible_to(judge_user)) == []
    with pytest.raises(DomainError):
        accept_agreement(agreement, judge_user, language="en")
    accept_agreement(second, judge_user, language="en")
    assert list(Assignment.objects.visible_to(judge_user)) == [assignment]


def test_an_outsider_cannot_consent(agreement, stranger):
    with pytest.raises(DomainError):
        accept_agreement(agreement, stranger, language="en")

    assert Consent.objects.count() == 0


@pytest.mark.parametrize("what", ["entry", "organisation"])
def test_a_declared_conflict_ends_the_assignment(assignment, judge_user, organiser, what):
    named = {"entry": assignment.entry, "organisation": assignment.entry.organisation}

    declare_conflict(judge_user, by=organiser, reason="Former employer", **{what: named[what]})

    assignment.refresh_from_db()
    assert (assignment.status, assignment.reason) == (
        AssignmentStatus.WITHDRAWN,
        "Former employer",
    )
    assert verbs() == ["conflict.declared", "assignment.withdrawn"]


def test_a_conflict_names_one_thing_and_a_reason(judge_user, organiser, admitted_entry):
    for wrong in [
        {"reason": "x"},
        {"reason": "x", "entry": admitted_entry, "organisation": admitted_entry.organisation},
        {"reason": " ", "entry": admitted_entry},
    ]:
        with pytest.raises(DomainError):
            declare_conflict(judge_user, by=organiser, **wrong)

    assert Conflict.objects.count() == 0


def test_membership_alone_closes_an_assignment(assignment, judge_user, organisation):
    Membership.objects.create(user=judge_user, organisation=organisation)

    assert list(Assignment.objects.visible_to(judge_user)) == []
