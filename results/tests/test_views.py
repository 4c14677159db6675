"""The public results and the nominee's feedback."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django.asserts import assertContains

from accounts.models import MemberRole, Membership
from results.models import Feedback, PublishedResult
from results.services import (
    arm_release,
    compute_standing,
    confirm_outcomes,
    confirm_release,
    create_feedback,
)
from seasons.models import Stage, StageKind
from tests.factories import make_nomination

pytestmark = pytest.mark.django_db
PAGE = "/s/cx-2022/results/"


@pytest.fixture
def entries(essay_round, compete, score):
    found = [compete("Aster", title="Quick answers"), compete("Birch"), compete("Cedar")]
    for entry, total in zip(found, [70, 90, 80], strict=True):
        score(entry, essay_round, total)
    return found


def page_of(client_of, user=None, **query):
    return client_of(user).get(PAGE, query)


def without_tokens(response):
    """The page without the token against forged requests, which differs every time."""
    return re.sub(rb'(X-CSRFToken": |csrfmiddlewaretoken" value=)"[^"]+"', b"", response.content)


def test_before_the_release_the_page_says_when_to_expect_it(
    finalist_rule, laureate_rule, client_of
):
    response = page_of(client_of)

    assert response.status_code == 200
    assert "Will be announced on" in response.content.decode()
    assert [one.kind for one in response.context["expected"]] == ["finalist", "laureate"]
    assert response.context["released"] is False


def test_past_its_date_an_unreleased_outcome_is_said_to_come_soon(finalist_rule, client_of):
    Stage.objects.filter(pk=finalist_rule.stage_id).update(
        opens_at=timezone.now() - timedelta(hours=1)
    )

    text = page_of(client_of).content.decode()

    assert "Will be announced soon" in text


def test_decisions_and_a_confirmed_release_change_no_byte_of_the_page(
    finalist_rule, nomination, entries, organiser, second_organiser, client_of, time_machine
):
    time_machine.move_to(timezone.now(), tick=False)
    visitor = client_of(None)
    before = without_tokens(visitor.get(PAGE))
    compute_standing(finalist_rule, nomination, by=organiser)
    confirm_outcomes(finalist_rule, nomination, [entries[1], entries[2]], by=organiser)
    later = finalist_rule.stage.opens_at + timedelta(days=1)
    release = arm_release(finalist_rule, by=organiser, not_before=later)
    confirm_release(release, by=second_organiser)

    assert without_tokens(visitor.get(PAGE)) == before
    assert b"Birch" not in before


def test_after_the_release_finalists_stand_in_alphabetical_order(
    finalist_rule, entries, publish, client_of
):
    publish(finalist_rule, entries[2], entries[0])

    (section,) = page_of(client_of).context["sections"]

    assert [row.organisation_name for row in section.nominations[0].finalists] == [
        "Aster",
        "Cedar",
    ]


def test_the_page_tells_no_place_and_no_score(finalist_rule, entries, publish, client_of):
    publish(finalist_rule, *entries[:2])
    assert str(finalist_rule.standings.get().rows.order_by("place")[0].score) == "90.000000"

    text = page_of(client_of).content.decode()

    assert "90.0" not in text
    assert "Cedar" not in text


def test_a_laureate_stands_out_and_is_not_repeated_among_finalists(
    finalist_rule, laureate_rule, defence_round, entries, publish, score, client_of
):
    publish(finalist_rule, *entries[:2])
    for entry in entries[:2]:
        score(entry, defence_round, 80)
    publish(laureate_rule, entries[0])

    response = page_of(client_of)
    (section,) = response.context["sections"]

    (one,) = section.nominations
    assert [row.organisation_name for row in one.laureates] == ["Aster"]
    assert [row.organisation_name for row in one.finalists] == ["Birch"]
    assert response.context["has_laureates"] is True


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"q": "aster"}, ["Aster"]),
        ({"q": "QUICK answers"}, ["Aster"]),
        ({"q": "human-centred"}, ["Aster", "Birch"]),
        ({"q": "nobody"}, []),
        ({"nomination": "1"}, ["Aster", "Birch"]),
        ({"nomination": "2"}, []),
        ({"category": "1"}, ["Aster", "Birch"]),
        ({"category": "zzz"}, []),
        ({"q": "CX22-0001"}, []),
        ({"q": "example.org"}, []),
    ],
)
def test_search_and_filters_look_at_public_words_alone(
    query, names, finalist_rule, entries, publish, client_of
):
    publish(finalist_rule, *entries[:2])

    response = page_of(client_of, **query)

    found = [
        row.organisation_name
        for section in response.context["sections"]
        for one in section.nominations
        for row in one.finalists
    ]
    assert found == names


def test_htmx_gets_the_found_part_alone(finalist_rule, entries, publish, client_of):
    publish(finalist_rule, *entries[:2])

    text = client_of(None).get(PAGE, {"q": "aster"}, headers={"HX-Request": "true"}).content

    assert b"Aster" in text
    assert b"<html" not in text


def test_going_back_in_history_gets_the_whole_page(finalist_rule, entries, publish, client_of):
    publish(finalist_rule, *entries[:2])

    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    text = client_of(None).get(PAGE, {"q": "aster"}, headers=headers).content

    assert b"<html" in text


def test_the_page_needs_as_many_queries_for_three_as_for_thirty(
    finalist_rule, entries, category, compete, publish, client_of, django_assert_num_queries
):
    release = publish(finalist_rule, *entries[:2])
    visitor = client_of(None)
    visitor.get(PAGE)
    with django_assert_num_queries(5):
        visitor.get(PAGE)
    for number in range(30):
        nomination = make_nomination(category, 100 + number, f"Nomination {number}")
        PublishedResult.objects.create(
            release=release,
            season=release.rule.season,
            nomination=nomination,
            entry=compete(f"Org {number}", nomination=nomination),
            kind="finalist",
            organisation_name=f"Org {number}",
            published_at=timezone.now(),
        )
    with django_assert_num_queries(5):
        visitor.get(PAGE)


def test_an_unpublished_season_has_no_results_page_for_strangers(
    season, finalist_rule, organiser, client_of
):
    season.published = False
    season.save()

    assert page_of(client_of).status_code == 404
    assertContains(page_of(client_of, organiser), "Will be announced on")


# Feedback


@pytest.fixture
def own(admitted_entry, essay_round, score, season):
    """The nominee's entry with three scorecards and frozen feedback."""
    score(admitted_entry, essay_round, 61, 72, 83, comment="Clear goals. — Bella Quist")
    create_feedback(season)
    return admitted_entry


@pytest.fixture
def opens(season):
    return season.stages.get(kind=StageKind.FEEDBACK).opens_at


def address(entry, tail=""):
    return f"/entries/{entry.pk}/feedback/{tail}"


def signed_in(client_of, user, moment, time_machine):
    """Sign in at the moment itself, so that no session has run out."""
    time_machine.move_to(moment, tick=False)
    return client_of(user)


def test_one_second_before_its_date_feedback_is_an_unknown_page(
    own, opens, nominee, client_of, time_machine
):
    client = signed_in(client_of, nominee, opens - timedelta(seconds=1), time_machine)

    assert client.get(address(own)).status_code == 404
    assert client.post(address(own, "read/")).status_code == 404
    assert Feedback.objects.get().read_at is None


def test_at_its_date_the_nominee_reads_marks_bands_and_comments(
    own, opens, nominee, client_of, time_machine
):
    client = signed_in(client_of, nominee, opens, time_machine)

    response = client.get(address(own))

    assert response.status_code == 200
    text = response.content.decode()
    for words in ("Judge A", "Judge C", "Clarity is middle.", "Clear goals.", "7.2"):
        assert words in text
    assert response["Cache-Control"] == "private, no-store"


def test_the_report_opens_with_the_page_and_not_a_second_before(
    own, opens, nominee, other_nominee, client_of, time_machine
):
    early = signed_in(client_of, nominee, opens - timedelta(seconds=1), time_machine)
    assert early.get(address(own, "report.pdf")).status_code == 404

    client = signed_in(client_of, nominee, opens, time_machine)
    response = client.get(address(own, "report.pdf"))

    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    assert response.content.startswith(b"%PDF-")
    assert response["Cache-Control"] == "private, no-store"
    assert client_of(other_nominee).get(address(own, "report.pdf")).status_code == 404


def test_a_date_that_moved_counts_at_once(own, opens, nominee, client_of, time_machine):
    Stage.objects.filter(kind=StageKind.FEEDBACK).update(opens_at=opens + timedelta(days=1))
    client = signed_in(client_of, nominee, opens, time_machine)

    assert client.get(address(own)).status_code == 404


def test_nobody_else_has_a_feedback_page(
    own,
    opens,
    other_nominee,
    judge_user,
    organiser,
    superuser,
    other_organiser,
    client_of,
    time_machine,
):
    for user in (other_nominee, judge_user, organiser, superuser, other_organiser):
        client = signed_in(client_of, user, opens, time_machine)
        assert client.get(address(own)).status_code == 404
        assert client.post(address(own, "read/")).status_code == 404
    assert client_of(None).get(address(own)).status_code == 302


def test_a_viewer_of_the_organisation_reads_it_too(
    own, opens, other_nominee, client_of, time_machine
):
    Membership.objects.create(
        user=other_nominee, organisation=own.organisation, role=MemberRole.VIEWER
    )
    client = signed_in(client_of, other_nominee, opens, time_machine)

    assertContains(client.get(address(own)), "Judge A")


def test_the_page_names_no_judge(own, opens, judges, nominee, client_of, time_machine):
    card = own.assignments.first().scorecard
    assert "Bella Quist" in card.comment
    client = signed_in(client_of, nominee, opens, time_machine)

    text = client.get(address(own)).content.decode()

    for judge in judges:
        assert judge.user.full_name not in text
        assert judge.user.email not in text
    assert "Between us" not in text


def test_reading_changes_nothing_until_the_nominee_says_so(
    own, opens, nominee, client_of, time_machine
):
    client = signed_in(client_of, nominee, opens, time_machine)
    client.get(address(own))
    assert Feedback.objects.get().read_at is None

    response = client.post(address(own, "read/"))

    assert response.status_code == 302
    assert Feedback.objects.get().read_at == opens


def test_html_in_a_comment_is_harmless(
    admitted_entry, essay_round, score, season, opens, nominee, client_of, time_machine
):
    score(admitted_entry, essay_round, 60, comment="<script>alert(1)</script> **bold**")
    create_feedback(season)
    client = signed_in(client_of, nominee, opens, time_machine)

    text = client.get(address(admitted_entry)).content.decode()

    assert "<script>alert" not in text
    assert "<strong>bold</strong>" in text
