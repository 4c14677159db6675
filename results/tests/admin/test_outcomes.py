"""The organiser's console."""

import pytest

from accounts.models import MemberRole, Membership
from judging.models import Conflict
from outbox.services import run_due
from results.models import Decision, OutcomeKind, OutcomeRule, Release, ReleaseState, Standing
from results.services import arm_release, compute_all, compute_standing, confirm_outcomes
from tests.factories import make_nomination

pytestmark = pytest.mark.django_db


@pytest.fixture
def entries(finalist_rule, essay_round, compete, score):
    found = [compete("Aster"), compete("Birch"), compete("Cedar")]
    for entry, total in zip(found, [90, 80, 70], strict=True):
        score(entry, essay_round, total)
    return found


def address(rule, tail="console/"):
    return f"/admin/results/outcomerule/{rule.pk}/{tail}"


TAILS = [
    "console/",
    "nominations/1/",
    "nominations/1/compute/",
    "compute/",
    "confirm/",
    "release/",
    "release/confirm/",
    "release/cancel/",
]


@pytest.mark.parametrize("tail", TAILS)
@pytest.mark.parametrize("method", ["get", "post"])
def test_the_console_is_unknown_to_everybody_but_the_organisers(
    tail, method, finalist_rule, entries, nominee, judge_user, other_organiser, client_of
):
    for user in (None, nominee, judge_user, other_organiser):
        response = getattr(client_of(user), method)(address(finalist_rule, tail))
        assert response.status_code in {302, 404, 405}
        if response.status_code == 302:
            assert "/login/" in response["Location"]
    assert not Standing.objects.exists()
    assert not Release.objects.exists()


def test_a_whole_outcome_is_ranked_decided_and_released_in_the_console(
    finalist_rule, entries, organiser, second_organiser, client_of, time_machine
):
    first, second = client_of(organiser), client_of(second_organiser)
    first.post(address(finalist_rule, "compute/"))
    table = first.get(address(finalist_rule, "nominations/1/"))
    assert [row.place for row in table.context["shown"].rows] == [1, 2, 3]
    assert table.context["ticked"] == {str(entries[0].pk), str(entries[1].pk)}

    first.post(
        address(finalist_rule, "nominations/1/"), {"entries": sorted(table.context["ticked"])}
    )
    preview = first.get(address(finalist_rule, "release/")).context["preview"]
    assert (len(preview.entries), preview.mails, preview.diplomas) == (2, 2, 2)
    opens = finalist_rule.stage.opens_at.astimezone(finalist_rule.season.zone)
    first.post(address(finalist_rule, "release/"), {"not_before": f"{opens:%Y-%m-%dT%H:%M}"})
    assert Release.objects.get().armed_by == organiser
    assert Release.objects.get().not_before == finalist_rule.stage.opens_at

    first.post(address(finalist_rule, "release/confirm/"))
    assert Release.objects.get().state == ReleaseState.ARMED
    second.post(address(finalist_rule, "release/confirm/"))
    assert Release.objects.get().state == ReleaseState.CONFIRMED

    time_machine.move_to(finalist_rule.stage.opens_at)
    run_due(kinds=["release-results"])
    assert Release.objects.get().state == ReleaseState.RELEASED
    assert client_of(second_organiser).get(address(finalist_rule)).status_code == 200


def test_a_large_nomination_is_computed_in_the_background_and_its_page_says_how_far(
    finalist_rule, entries, organiser, client_of, monkeypatch
):
    monkeypatch.setattr("results.services.runs.MOST_AT_ONCE", 2)
    first = client_of(organiser)
    where = address(finalist_rule, "nominations/1/")

    first.post(f"{where}compute/")
    waiting = first.get(where)
    run_due(kinds=["compute-standings"])
    done = first.get(where)

    assert b"<progress" in waiting.content
    assert waiting.context["shown"].standing is None
    assert b"<progress" not in done.content
    assert [row.place for row in done.context["shown"].rows] == [1, 2, 3]


def test_the_whole_season_is_a_page_at_a_time_and_its_figures_are_of_the_season(
    finalist_rule, entries, organiser, client_of, monkeypatch, category
):
    monkeypatch.setattr("results.admin.outcomes.PER_PAGE", 2)
    for number in (21, 22, 23):
        make_nomination(category, number, f"Nomination {number}")
    every = list(finalist_rule.season.nominations.order_by("number"))
    page = client_of(organiser)
    page.post(address(finalist_rule, "compute/"))

    found = [page.get(address(finalist_rule), {"page": at}) for at in ("1", "2", "99", "x")]

    pages = [[one.nomination for one in each.context["nominations"]] for each in found]
    assert pages == [every[:2], every[2:], every[2:], every[:2]]
    figures = [(each.context["with_entries"], each.context["computed"]) for each in found]
    assert figures == [(1, 1)] * 4
    assert "?page=2" in found[0].content.decode()


def test_the_table_says_who_is_below_the_least_score(finalist_rule, entries, organiser, client_of):
    OutcomeRule.objects.filter(pk=finalist_rule.pk).update(least_score=85)
    organiser_ = client_of(organiser)
    organiser_.post(address(finalist_rule, "compute/"))

    page = organiser_.get(address(finalist_rule, "nominations/1/"))

    shown = [(row.place, row.proposed, row.below) for row in page.context["shown"].rows]
    assert shown == [(1, True, False), (2, False, True), (3, False, True)]
    assert page.content.decode().count("below 85") == 3


def test_a_departure_without_a_reason_keeps_what_was_ticked(
    finalist_rule, nomination, entries, organiser, client_of
):
    compute_standing(finalist_rule, nomination, by=organiser)
    chosen = [str(entries[0].pk), str(entries[2].pk)]

    refused = client_of(organiser).post(
        address(finalist_rule, "nominations/1/"), {"entries": chosen}
    )

    assert refused.context["ticked"] == set(chosen)
    assert refused.context["form"].errors["reason"] == [
        "Say why the decision departs from the proposal."
    ]
    assert not Decision.objects.exists()

    client_of(organiser).post(
        address(finalist_rule, "nominations/1/"), {"entries": chosen, "reason": "Bolder."}
    )
    assert sorted(Decision.objects.values_list("entry", "reason")) == [
        (entries[0].pk, ""),
        (entries[2].pk, "Bolder."),
    ]


def test_all_proposals_are_confirmed_after_asking(finalist_rule, entries, organiser, client_of):
    client = client_of(organiser)
    client.post(address(finalist_rule, "compute/"))

    asked = client.get(address(finalist_rule, "confirm/"))
    assert len(asked.context["waiting"]) == 1
    assert not Decision.objects.exists()

    client.post(address(finalist_rule, "confirm/"))
    assert Decision.objects.count() == 2


def test_an_embargo_before_the_stage_is_refused_beside_its_field(
    finalist_rule, nomination, entries, organiser, client_of
):
    compute_standing(finalist_rule, nomination, by=organiser)
    confirm_outcomes(finalist_rule, nomination, entries[:2], by=organiser)

    refused = client_of(organiser).post(
        address(finalist_rule, "release/"), {"not_before": "2001-01-01T00:00"}
    )

    assert "not_before" in refused.context["form"].errors
    assert not Release.objects.exists()


def test_the_moment_of_release_is_read_in_the_zone_of_the_season(
    finalist_rule, nomination, entries, organiser, client_of
):
    compute_standing(finalist_rule, nomination, by=organiser)
    confirm_outcomes(finalist_rule, nomination, entries[:2], by=organiser)

    client_of(organiser).post(
        address(finalist_rule, "release/"), {"not_before": "2199-02-01T10:00"}
    )

    assert Release.objects.get().not_before.isoformat() == "2199-02-01T07:00:00+00:00"


def test_a_release_is_cancelled_with_a_reason(
    finalist_rule, nomination, entries, organiser, client_of
):
    compute_standing(finalist_rule, nomination, by=organiser)
    confirm_outcomes(finalist_rule, nomination, entries[:2], by=organiser)
    arm_release(finalist_rule, by=organiser)
    client = client_of(organiser)

    client.post(address(finalist_rule, "release/cancel/"), {"reason": ""})
    assert Release.objects.get().state == ReleaseState.ARMED
    client.post(address(finalist_rule, "release/cancel/"), {"reason": "A late mark."})
    assert Release.objects.get().state == ReleaseState.CANCELLED


def pages(client, rule):
    """Everything the console shows, but for tokens against forged requests."""
    shown = []
    for tail in ("console/", "nominations/1/", "confirm/", "release/"):
        response = client.get(address(rule, tail))
        assert response.status_code == 200
        shown.append(
            b"\n".join(
                line for line in response.content.splitlines() if b"csrfmiddlewaretoken" not in line
            )
        )
    return b"\n".join(shown)


@pytest.mark.parametrize("who", ["organiser", "superuser"])
def test_a_conflict_hides_the_row_the_marks_and_every_count_of_an_entry(
    who, request, finalist_rule, nomination, entries, second_organiser, client_of
):
    user = request.getfixturevalue(who)
    compute_standing(finalist_rule, nomination, by=second_organiser)
    confirm_outcomes(finalist_rule, nomination, entries[:2], by=second_organiser)
    client = client_of(user)
    entitled = pages(client, finalist_rule)
    assert b"Aster" in entitled
    assert b"90.00" in entitled

    Conflict.objects.create(
        user=user, entry=entries[0], reason="My sister's company", declared_by=user
    )

    hidden = pages(client, finalist_rule)
    assert b"Aster" not in hidden
    assert entries[0].number.encode() not in hidden
    assert b"90.00" not in hidden
    table = client.get(address(finalist_rule, "nominations/1/")).context["shown"]
    assert [(row.entry, row.place) for row in table.rows] == [(entries[1], 1), (entries[2], 2)]
    assert table.entries == 2
    preview = client.get(address(finalist_rule, "release/")).context["preview"]
    assert (preview.entries, preview.mails) == ([entries[1]], 1)
    for name in ("decision", "publishedresult", "feedback"):
        assert b"Aster" not in client.get(f"/admin/results/{name}/").content


def test_a_person_with_a_conflict_cannot_decide_there(
    finalist_rule, nomination, entries, organiser, second_organiser, client_of
):
    compute_standing(finalist_rule, nomination, by=second_organiser)
    Membership.objects.create(
        user=organiser, organisation=entries[0].organisation, role=MemberRole.VIEWER
    )

    refused = client_of(organiser).post(
        address(finalist_rule, "nominations/1/"),
        {"entries": [str(entries[1].pk), str(entries[2].pk)]},
    )

    assert "conflict of interest" in refused.content.decode()
    assert not Decision.objects.exists()


def test_the_lists_are_read_alone(
    finalist_rule, nomination, entries, organiser, publish, client_of
):
    publish(finalist_rule, *entries[:2])
    client = client_of(organiser)

    rows = {"standing": 1, "release": 1, "decision": 2, "publishedresult": 2, "feedback": 3}
    for name, shown in rows.items():
        assert client.get(f"/admin/results/{name}/").context["cl"].result_count == shown
        assert client.get(f"/admin/results/{name}/add/").status_code == 403
        assert client.post(f"/admin/results/{name}/1/delete/").status_code in {302, 403, 404}
    assert Decision.objects.count() == 2


def test_the_settings_of_an_outcome_lead_to_its_console_and_freeze_with_its_decisions(
    finalist_rule, nomination, entries, organiser, client_of
):
    change = f"/admin/results/outcomerule/{finalist_rule.pk}/change/"
    assert address(finalist_rule) in client_of(organiser).get(change).content.decode()
    compute_standing(finalist_rule, nomination, by=organiser)
    confirm_outcomes(finalist_rule, nomination, entries[:2], by=organiser)

    client_of(organiser).post(change, {"stage": finalist_rule.stage_id, "quota": 9})

    finalist_rule.refresh_from_db()
    assert finalist_rule.quota == 2


def test_an_outcome_stays_within_its_season(finalist_rule, other_season, superuser, client_of):
    change = f"/admin/results/outcomerule/{finalist_rule.pk}/change/"
    stranger = other_season.stages.first()

    refused = client_of(superuser).post(
        change,
        {"stage": stranger.pk, "rounds": [finalist_rule.rounds.get().pk], "quota": 2},
    )

    assert "Choose a stage of the same season." in refused.content.decode()
    finalist_rule.refresh_from_db()
    assert finalist_rule.stage_id != stranger.pk


def test_outcomes_of_other_programmes_are_not_listed(
    finalist_rule, other_season, organiser, client_of
):
    OutcomeRule.objects.create(
        season=other_season, kind=OutcomeKind.FINALIST, stage=other_season.stages.first()
    )

    text = client_of(organiser).get("/admin/results/outcomerule/").content.decode()

    assert "CX award 2022" in text
    assert "Other award 2022" not in text


def test_the_console_needs_as_many_queries_for_three_as_for_thirty_nominations(
    finalist_rule,
    category,
    essay_round,
    organiser,
    compete,
    score,
    client_of,
    django_assert_max_num_queries,
    django_assert_num_queries,
):
    def nominations(count, start):
        for number in range(start, start + count):
            nomination = make_nomination(category, number, f"Nomination {number}")
            score(compete(f"Org {number}", nomination=nomination), essay_round, 60)
        compute_all(finalist_rule, by=organiser)

    client = client_of(organiser)
    nominations(3, 100)
    client.get(address(finalist_rule))
    with django_assert_max_num_queries(25) as few:
        client.get(address(finalist_rule))
    asked = len(few)
    nominations(27, 200)
    client.get(address(finalist_rule))
    with django_assert_num_queries(asked):
        client.get(address(finalist_rule))


@pytest.mark.parametrize("page", ["standing list", "console"])
def test_the_fingerprint_of_inputs_one_may_not_see_whole_is_not_shown(
    finalist_rule, entries, nomination, organiser, client_of, page
):
    standing = compute_standing(finalist_rule, nomination, by=organiser)
    addresses = {
        "standing list": "/admin/results/standing/",
        "console": address(finalist_rule, f"nominations/{nomination.number}/"),
    }
    client = client_of(organiser)
    before = standing.inputs_sha256 in client.get(addresses[page]).content.decode()

    Conflict.objects.create(
        user=organiser, entry=entries[0], reason="A friend.", declared_by=organiser
    )

    after = standing.inputs_sha256 in client.get(addresses[page]).content.decode()
    assert (before, after) == (True, False)
