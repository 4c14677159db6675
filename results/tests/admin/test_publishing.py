"""The console of a release: previews, taking it back, the ceremony."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from diplomas.models import Diploma
from judging.models import Round
from nominations.models import Entry
from outbox.models import Message
from results.models import OutcomeRule, PublishedResult, Release, ReleaseState
from results.services import arm_release, confirm_release
from results.tests.conftest import Compete, Publish, Score
from seasons.models import Season, Stage

ClientOf = Callable[[User | None], Client]


def url(rule: OutcomeRule, name: str, *more: object) -> str:
    return reverse(f"admin:results_outcomerule_{name}", args=[rule.pk, *more])


@pytest.fixture
def rule(
    finalist_rule: OutcomeRule,
    admitted_entry: Entry,
    compete: Compete,
    essay_round: Round,
    score: Score,
    decide: Callable[..., None],
) -> OutcomeRule:
    """Camomile is decided, Birch is not; the stage is open."""
    for entry in (admitted_entry, compete("Birch")):
        score(entry, essay_round, 80)
    Stage.objects.filter(pk=finalist_rule.stage_id).update(
        opens_at=timezone.now() - timedelta(minutes=1)
    )
    decide(finalist_rule, admitted_entry)
    return OutcomeRule.objects.select_related("stage", "season").get(pk=finalist_rule.pk)


@pytest.mark.parametrize(
    ("audience", "shown"),
    [("public", True), ("won", True), ("lost", False), ("judge", True), ("organiser", True)],
)
def test_a_preview_shows_the_real_page_and_keeps_nothing(
    rule: OutcomeRule, organiser: User, client_of: ClientOf, audience: str, shown: bool
) -> None:
    response = client_of(organiser).get(url(rule, "preview_frame", audience))

    text = response.content.decode()
    assert response.status_code == 200
    assert "Preview. Nothing here is public yet." in text
    assert ("Camomile Ltd" in text or "diploma" in text) == shown
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"].startswith("noindex")
    assert "sandbox" in response["Content-Security-Policy"]
    assert not PublishedResult.objects.exists()
    assert not Diploma.objects.exists()
    assert not Message.objects.filter(kind__startswith="result").exists()
    assert not Release.objects.exists()


def test_a_conflict_closes_preview_host_and_script_whatever_is_decided(
    rule: OutcomeRule, organiser: User, second_organiser: User, client_of: ClientOf, season: Season
) -> None:
    arm_release(rule, by=second_organiser, by_ceremony=True)
    client = client_of(organiser)
    pages = [url(rule, name) for name in ("preview", "ceremony", "ceremony_script")]
    before = [client.get(page).status_code for page in pages]

    barred = Entry.objects.exclude(decisions__rule=rule).get()
    barred.organisation.memberships.create(user=organiser, role="viewer")

    assert before == [200, 200, 200]
    assert [client.get(page).status_code for page in pages] == [404, 404, 404]


def test_two_organisers_take_a_release_back_in_the_console(
    rule: OutcomeRule,
    publish: Publish,
    admitted_entry: Entry,
    organiser: User,
    second_organiser: User,
    client_of: ClientOf,
) -> None:
    release = publish(rule, admitted_entry)
    first, second = client_of(organiser), client_of(second_organiser)
    decide_url = url(rule, "retract_decide")

    first.post(url(rule, "retract"), {"reason": "A typo in a mark.", "tells": "on"})
    first.post(decide_url, {"decision": "confirm"})
    release.refresh_from_db()
    alone = release.state
    page = second.get(url(rule, "retract")).content.decode()
    second.post(decide_url, {"decision": "confirm"})

    release.refresh_from_db()
    assert alone == ReleaseState.RELEASED
    assert "A typo in a mark." in page
    assert release.state == ReleaseState.RETRACTED
    assert second.get(f"/s/{release.rule.season.slug}/results/").context["released"] is False


def test_the_host_shows_reveals_and_ends_and_the_public_screen_follows(
    rule: OutcomeRule, organiser: User, second_organiser: User, client_of: ClientOf
) -> None:
    confirm_release(arm_release(rule, by=organiser, by_ceremony=True), by=second_organiser)
    host, visitor = client_of(organiser), client_of(None)
    screen = reverse("results:ceremony_state", args=[rule.season.slug])
    json = {"accept": "application/json"}

    def told(step: str) -> tuple[str, bool, bool]:
        after = host.post(url(rule, "ceremony_act"), {"step": step}, headers=json).json()
        text = visitor.get(screen).content.decode()
        return after["next"], "Human-centred experience" in text, "Camomile" in text

    assert told("show:1") == ("reveal:1", True, False)
    assert told("reveal:1") == ("end", True, True)
    assert told("title") == ("end", False, False)
    assert told("end") == ("", False, False)
    assert Release.objects.get().state == ReleaseState.RELEASED


def test_the_screen_says_in_a_word_that_nothing_changed(
    season: Season, client_of: ClientOf
) -> None:
    client = client_of(None)
    address = reverse("results:ceremony_state", args=[season.slug])
    first = client.get(address)

    second = client.get(address, headers={"if-none-match": first["ETag"]})

    assert (first.status_code, second.status_code) == (200, 304)


def test_the_notes_on_names_stay_in_the_script(
    rule: OutcomeRule, admitted_entry: Entry, organiser: User, client_of: ClientOf
) -> None:
    arm_release(rule, by=organiser, by_ceremony=True)
    client = client_of(organiser)

    client.post(url(rule, "ceremony_script"), {f"note-{admitted_entry.number}": "KA-mo-mile"})

    assert "KA-mo-mile" in client.get(url(rule, "ceremony_script")).content.decode()
