"""The pages of an appeal: who reaches them, and what they tell before two people agreed."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from judging.services import declare_conflict
from results.models import Appeal, AppealStatus, Feedback, Ground, LaureatePage, PageState
from results.services.appeals import file_appeal
from results.waiting import waiting_lines
from tests.world import picture


@pytest.fixture
def rule(finalist_rule):
    finalist_rule.quota, finalist_rule.appeal_days = 1, 14
    finalist_rule.save()
    return finalist_rule


@pytest.fixture
def entries(compete, score, essay_round):
    made = [compete("Winner"), compete("Loser")]
    for entry, total in zip(made, [80, 70], strict=True):
        score(entry, essay_round, total, total, total)
    return made


@pytest.fixture
def owner(entries):
    return entries[1].organisation.memberships.get().user


@pytest.fixture
def address(rule, entries):
    return f"/entries/{entries[1].pk}/appeal/finalist/"


@pytest.fixture
def appeal(rule, entries, owner, publish):
    publish(rule, entries[0])
    return file_appeal(
        rule, entries[1], by=owner, ground=Ground.FACTS, text="A table.", key=uuid4()
    )


def typed(**fields):
    return {"ground": "facts", "text": "A table was overlooked.", "key": str(uuid4()), **fields}


def test_before_the_release_there_is_no_page(address, owner, client, rule, entries, publish):
    client.force_login(owner)
    before = client.get(address).status_code
    publish(rule, entries[0])

    assert (before, client.get(address).status_code) == (404, 200)


def test_an_appeal_with_a_file_is_filed_and_shown(address, owner, client, rule, entries, publish):
    publish(rule, entries[0])
    client.force_login(owner)
    drawn = picture("evidence.png")

    answer = client.post(address, typed(attachments=drawn), follow=True)

    assert [one.name for one in Appeal.objects.get().files.all()] == ["evidence.png"]
    assert "evidence.png" in answer.content.decode()
    assert "A table was overlooked." in answer.content.decode()


def test_what_was_typed_stays_after_a_refusal(address, owner, client, rule, entries, publish):
    publish(rule, entries[0])
    client.force_login(owner)
    bad = SimpleUploadedFile("virus.exe", b"MZ")

    answer = client.post(address, typed(attachments=bad))

    assert answer.status_code == 422
    assert "A table was overlooked." in answer.content.decode()
    assert Appeal.objects.count() == 0


def test_the_same_form_sent_twice_leads_to_one_appeal(
    address, owner, client, rule, entries, publish
):
    publish(rule, entries[0])
    client.force_login(owner)
    sent = typed()

    first, second = client.post(address, sent), client.post(address, sent)

    assert (first.status_code, first.url) == (302, second.url)
    assert Appeal.objects.count() == 1


def test_a_rival_finds_no_appeal_of_others(appeal, entries, client, owner):
    client.force_login(owner)
    own = client.get(appeal.get_absolute_url()).status_code
    client.force_login(entries[0].organisation.memberships.get().user)

    assert (own, client.get(appeal.get_absolute_url()).status_code) == (200, 404)


def test_a_proposed_decision_is_not_told(appeal, owner, client):
    client.force_login(owner)
    Appeal.objects.filter(pk=appeal.pk).update(status=AppealStatus.ADMITTED)
    admitted = client.get(appeal.get_absolute_url()).content
    Appeal.objects.filter(pk=appeal.pk).update(
        status=AppealStatus.PROPOSED, changes=True, reasons="SECRET-REASON"
    )
    proposed = client.get(appeal.get_absolute_url()).content
    Appeal.objects.filter(pk=appeal.pk).update(
        status=AppealStatus.CHANGED, decided_at=timezone.now()
    )

    assert b"SECRET-REASON" not in proposed
    assert (b"reviewed" in admitted, b"reviewed" in proposed) == (True, True)
    assert b"SECRET-REASON" in client.get(appeal.get_absolute_url()).content


def test_the_organiser_admits_an_appeal_in_the_back_office(appeal, organiser, client):
    client.force_login(organiser)
    page = f"/admin/results/appeal/{appeal.pk}/handle/"

    shown = client.get(page)
    sent = client.post(page, {"step": "look", "verdict": "admit", "answer": "We look into it."})

    appeal.refresh_from_db()
    assert (shown.status_code, sent.status_code) == (200, 302)
    assert (appeal.status, appeal.answer) == (AppealStatus.ADMITTED, "We look into it.")


def test_a_refused_step_keeps_what_was_typed(appeal, organiser, client):
    client.force_login(organiser)
    page = f"/admin/results/appeal/{appeal.pk}/handle/"
    client.post(page, {"step": "look", "verdict": "admit"})

    answer = client.post(page, {"step": "verdict", "changes": "no", "reasons": "All was right."})

    assert answer.status_code == 422
    assert "At least two independent scorecards" in answer.content.decode()
    assert "All was right." in answer.content.decode()


def test_the_season_page_counts_appeals_without_a_name(appeal, season, client):
    text = client.get(season.get_absolute_url()).content.decode()

    assert "1 appeal was filed:" in text
    assert appeal.entry.number not in text
    assert timezone.now() < appeal.filed_at + timedelta(days=1)


def test_what_waits_is_told_on_the_front_page_unless_a_conflict_hides_it(
    appeal, rule, owner, organiser, superuser, client_of
):
    season, entry = rule.season, appeal.entry
    Feedback.objects.filter(entry=entry).update(question="Why?", asked_at=timezone.now())
    LaureatePage.objects.create(entry=entry, state=PageState.APPROVED)
    addresses = [
        reverse("admin:results_appeal_changelist"),
        reverse("admin:results_feedback_changelist") + "?asked=waiting",
        reverse("admin:results_outcomerule_laureate_pages", args=[rule.pk]),
    ]
    told = waiting_lines(organiser, [season])
    front = client_of(organiser).get(reverse("admin:index")).content.decode()
    opened = [client_of(organiser).get(address).status_code for address in addresses]
    declare_conflict(organiser, by=superuser, entry=entry, reason="A cousin.")

    assert [address for _words, address in told[season.pk]] == addresses
    assert [escape(words) in front for words, _address in told[season.pk]] == [True] * 3
    assert opened == [200] * 3
    assert waiting_lines(organiser, [season]) == {}
