"""Tests for consulting people on a draft version of a rubric."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from common.errors import DomainError
from judging.models import Consultation, Opinion
from judging.rubrics import copy_rubric, is_locked
from judging.services import (
    answer_consultation,
    close_consultation,
    invite,
    say,
    start_consultation,
)
from outbox.models import Message
from tests.factories import make_person


@pytest.fixture
def consultation(rubric, organiser):
    """Open for a week, on a second version with another name of the dimension."""
    draft = copy_rubric(rubric, by=organiser)
    draft.dimensions.update(name={"en": "Matter"})
    now = timezone.now()
    return start_consultation(
        Consultation(
            rubric=draft,
            text={"en": "Is it fair?"},
            opens_at=now - timedelta(hours=1),
            closes_at=now + timedelta(days=7),
        ),
        by=organiser,
    )


def test_invited_people_alone_see_the_draft_and_comment(
    client_of, consultation, organiser, nominee, stranger
):
    invite(consultation, [nominee.email, "new@example.org"], "entrant", by=organiser)
    page, slug = consultation.get_absolute_url(), "essay-clarity"
    invited = client_of(nominee)

    sent = {f"text-{slug}": "Too narrow", f"version-{slug}": "0"}
    assert invited.post(page, sent).status_code == 302
    shown = invited.get(page)

    assertContains(shown, "Matter")
    assertContains(shown, "Too narrow")
    assert client_of(stranger).get(page).status_code == 404
    assert Opinion.objects.get().text == "Too narrow"
    mails = Message.objects.filter(kind="consultation-invitation").order_by("pk")
    assert [mail.email for mail in mails] == [nominee.email, "new@example.org"]


def test_who_was_invited_by_address_gets_in_with_an_account_of_it(
    client_of, consultation, organiser
):
    invite(consultation, ["New@example.org"], "expert", by=organiser)
    late = make_person("new@example.org", "Nina New")

    page = client_of(late).get(consultation.get_absolute_url())
    assertContains(page, consultation.rubric.name["en"])


def test_comments_of_others_are_read_only_where_the_organisers_say_so(
    client_of, consultation, organiser, nominee, stranger
):
    invite(consultation, [nominee.email, stranger.email], "expert", by=organiser)
    say(consultation, "", "Well done", by=nominee, base_version=0)
    page = consultation.get_absolute_url()

    assertNotContains(client_of(stranger).get(page), "Well done")
    assertContains(client_of(organiser).get(page), "Well done")
    Consultation.objects.update(shares_comments=True)

    assertContains(client_of(stranger).get(page), "Well done")


def test_a_stale_or_late_comment_is_refused_and_stays_on_the_page(
    client_of, consultation, organiser, nominee
):
    invite(consultation, [nominee.email], "expert", by=organiser)
    say(consultation, "", "First", by=nominee, base_version=0)
    client, page = client_of(nominee), consultation.get_absolute_url()

    stale = client.post(page, {"text-": "Second", "version-": "0"})
    close_consultation(consultation, by=organiser)
    late = client.post(page, {"text-": "Third", "version-": "1"})

    assertContains(stale, "Second", status_code=422)
    assertContains(late, "Third", status_code=422)
    assert Opinion.objects.get().text == "First"


def test_the_draft_stands_still_until_the_consultation_closes(consultation, organiser):
    before = is_locked(consultation.rubric)

    close_consultation(consultation, by=organiser)

    assert (before, is_locked(consultation.rubric)) == (True, False)


def test_an_answer_waits_for_the_close_and_is_mailed_to_the_invited(
    consultation, organiser, nominee
):
    invite(consultation, [nominee.email], "expert", by=organiser)
    with pytest.raises(DomainError):
        answer_consultation(consultation, {"en": "We keep it."}, by=organiser)

    close_consultation(consultation, by=organiser)
    answer_consultation(consultation, {"en": "We keep it."}, by=organiser)
    answer_consultation(consultation, {"en": "We keep it so."}, by=organiser)

    assert Message.objects.filter(kind="consultation-answer").count() == 1


def test_a_rubric_with_a_fault_or_in_use_is_not_put_to_consultation(rubric, essay_round, organiser):
    draft = copy_rubric(rubric, by=organiser)
    draft.total = 100
    draft.save()
    now = timezone.now()

    for one in (rubric, draft):
        with pytest.raises(DomainError):
            start_consultation(
                Consultation(rubric=one, opens_at=now, closes_at=now + timedelta(days=1)),
                by=organiser,
            )

    assert not Consultation.objects.exists()


def test_an_organiser_consults_reads_and_answers_in_the_back_office(
    client_of, rubric, organiser, nominee
):
    draft, office = copy_rubric(rubric, by=organiser), client_of(organiser)
    now = timezone.now()
    sent = {
        "rubric": draft.pk,
        "text_en": "Is it fair?",
        "opens_at_0": (now - timedelta(days=1)).date().isoformat(),
        "opens_at_1": "00:00",
        "closes_at_0": (now + timedelta(days=9)).date().isoformat(),
        "closes_at_1": "00:00",
        "emails": f"{nominee.email}\nnot an address",
        "role": "entrant",
        "invitees-TOTAL_FORMS": 0,
        "invitees-INITIAL_FORMS": 0,
    }
    refused = office.post("/admin/judging/consultation/add/", sent)
    sent["emails"] = nominee.email
    added = office.post("/admin/judging/consultation/add/", sent)
    found = Consultation.objects.get()
    page = f"/admin/judging/consultation/{found.pk}/change/"
    say(found, "essay-clarity", "Too narrow", by=nominee, base_version=0)
    shown = office.get(page)
    changed: dict[str, object] = {
        "text_en": "Is it fair?",
        "emails": "",
        "role": "expert",
        "answer_en": "It is.",
    }
    changed |= {"invitees-TOTAL_FORMS": 0, "invitees-INITIAL_FORMS": 0}
    early = office.post(page, changed)
    office.post(
        "/admin/judging/consultation/", {"action": "close_now", "_selected_action": found.pk}
    )
    late = office.post(page, changed)
    found.refresh_from_db()

    assertContains(refused, "is not an e-mail address")
    assertContains(shown, "Too narrow")
    assertContains(early, "Answer when the consultation is closed.")
    assert (added.status_code, late.status_code, str(found.answer)) == (302, 302, "It is.")
    assertContains(client_of(nominee).get(found.get_absolute_url()), "It is.")
