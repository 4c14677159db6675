"""Blocks of the jury's side on other rooms' pages."""

from django.test import RequestFactory
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from judging.models import Advancement, Agreement
from judging.panels import defence_slot, jury_preview
from tests.factories import make_judge, make_person


def test_the_season_page_introduces_six_and_leads_to_all(client_of, jury, judge, season):
    for number in range(7):
        make_judge(jury, make_person(f"m{number}@example.org", f"Member {number}"))

    answer = client_of(None).get(reverse("seasons:season", args=[season.slug]))

    assertContains(answer, "All 8 members of the jury")
    assert answer.content.count(b'class="person"') == 6


def test_a_season_without_a_jury_has_no_block(season, rf):
    assert jury_preview(rf.get("/"), season) is None


def test_the_desk_shows_rounds_and_the_agreement_to_accept(client_of, judge_user, work, season):
    shown = client_of(judge_user).get("/desk/")
    Agreement.objects.create(season=season, version="2", text={"en": "New"})
    asked = client_of(judge_user).get("/desk/")

    assertContains(shown, f"/judging/?round={work.round_id}")
    assertNotContains(asked, f"/judging/?round={work.round_id}")
    assertContains(asked, "Accept the confidentiality agreement")


def test_the_desk_of_others_says_nothing_of_judging(client_of, nominee, work):
    assertNotContains(client_of(nominee).get("/desk/"), "All my assignments")


def test_the_nominee_sees_the_slot_once_the_entry_advanced(rf: RequestFactory, slot):
    request = rf.get("/")
    shown = defence_slot(request, slot.entry)

    Advancement.objects.all().delete()

    assert shown is not None
    assert "https://meet.example.org/cx" in shown
    assert defence_slot(request, slot.entry) is None
