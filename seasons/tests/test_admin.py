"""Organisers steer the clock of their own seasons, in the season's own zone."""

from datetime import UTC, datetime

import pytest
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from pytest_django.asserts import assertContains

from audit.models import Event
from seasons.models import Extension, StageKind


@pytest.fixture
def stage(season):
    return season.stages.get(kind=StageKind.ENTRY)


def stage_form(stage, **changes):
    return {
        "season": stage.season_id,
        "slug": stage.slug,
        "kind": stage.kind,
        "name_en": "Entries",
        "name_ru": "",
        "who_en": "",
        "who_ru": "",
        "opens_at_0": "2021-10-01",
        "opens_at_1": "00:00:00",
        "closes_at_0": "2022-01-21",
        "closes_at_1": "00:00:00",
        **changes,
    }


def test_a_deadline_is_written_in_the_zone_of_the_season(client_of, stage, organiser):
    organiser.time_zone = "Asia/Shanghai"
    organiser.save()

    client_of(organiser).post(
        reverse("admin:seasons_stage_change", args=[stage.pk]), stage_form(stage)
    )

    stage.refresh_from_db()
    assert stage.closes_at == datetime(2022, 1, 20, 21, 0, tzinfo=UTC)
    assert Event.objects.filter(verb="stage.moved").count() == 1


def test_a_stage_that_closes_before_it_opens_is_refused_beside_the_form(
    client_of, stage, organiser
):
    response = client_of(organiser).post(
        reverse("admin:seasons_stage_change", args=[stage.pk]),
        stage_form(stage, closes_at_0="2021-09-01"),
    )

    assert "A stage closes after it opens." in response.text


def test_another_programmes_organiser_finds_no_season(client_of, season, other_organiser):
    client = client_of(other_organiser)

    page = client.get(reverse("admin:seasons_season_changelist"))

    assert "CX award 2022" not in page.text
    assert client.get(reverse("admin:seasons_season_change", args=[season.pk])).status_code == 302


def test_an_organiser_gives_one_organisation_more_time(client_of, stage, organiser, organisation):
    client_of(organiser).post(
        reverse("admin:seasons_extension_add"),
        {
            "stage": stage.pk,
            "organisation": organisation.pk,
            "until_0": "2099-01-01",
            "until_1": "12:00:00",
            "reason": "illness",
        },
    )

    extension = Extension.objects.get()
    assert (extension.organisation, extension.granted_by) == (organisation, organiser)


def test_only_a_superuser_adds_a_programme(client_of, organiser, superuser, season):
    address = reverse("admin:seasons_programme_add")

    assert [client_of(user).get(address).status_code for user in (organiser, superuser)] == [
        403,
        200,
    ]


def test_the_overview_counts_what_waits(client_of, organiser, submitted_entry):
    text = client_of(organiser).get(reverse("admin:index")).text

    assert "1 entry to check and admit" in text


def test_the_overview_tells_a_conflicted_organiser_nothing_of_the_entry(
    client_of, organiser, submitted_entry
):
    submitted_entry.organisation.members.add(organiser)

    text = client_of(organiser).get(reverse("admin:index")).text

    assert "entry to check and admit" not in text


def test_an_organiser_sees_the_own_seasons_on_the_desk(client_of, organiser, season, other_season):
    text = client_of(organiser).get(reverse("accounts:desk")).text

    links = [
        reverse("admin:seasons_season_change", args=[row.pk]) for row in (season, other_season)
    ]
    assert [link in text for link in links] == [True, False]


def test_an_extension_that_extends_nothing_is_refused_beside_its_field(client_of, stage, organiser):
    data = {"stage": stage.pk, "organisation": "", "reason": "ill", "until_0": "2001-01-01"}
    answer = client_of(organiser).post(
        "/admin/seasons/extension/add/", {**data, "until_1": "10:00"}
    )

    assert answer.status_code == 200
    assert "An extension ends after the deadline and after now." in answer.content.decode()
    assert not stage.extensions.exists()


def test_the_way_from_a_row_to_its_page_tells_nobody_of_other_rows(
    client_of, superuser, organiser, season
):
    row = f"/admin/r/{ContentType.objects.get_for_model(season).pk}/{season.pk}/"
    page = f"/admin/seasons/season/{season.pk}/change/"

    assert client_of(superuser).get(row).status_code == 404
    assert f'href="{season.get_absolute_url()}"' in client_of(organiser).get(page).content.decode()


def test_who_is_made_an_organiser_gets_into_the_back_office_and_the_log(
    client_of, superuser, nominee, programme
):
    page = f"/admin/seasons/programme/{programme.pk}/change/"
    names = {"name_en": "CX award", "slug": "cx"}
    first = {"organiser_rows-TOTAL_FORMS": 1, "organiser_rows-INITIAL_FORMS": 0}
    client_of(superuser).post(page, {**names, **first, "organiser_rows-0-user": nominee.pk})

    assertContains(client_of(nominee).get("/admin/"), "Overview")

    row = nominee.organiser_rows.get()
    rows: dict[str, str | int] = {
        "organiser_rows-TOTAL_FORMS": 1,
        "organiser_rows-INITIAL_FORMS": 1,
        "organiser_rows-0-id": row.pk,
        "organiser_rows-0-programme": programme.pk,
        "organiser_rows-0-user": nominee.pk,
        "organiser_rows-0-DELETE": "on",
    }
    client_of(superuser).post(page, {**names, **rows})

    assert client_of(nominee).get("/admin/").status_code == 404
    verbs = list(Event.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["organiser.added", "organiser.removed"]
