"""The back office of codes, posters, recommendations and prerequisites."""

from io import BytesIO
from uuid import uuid4

import pytest
from PIL import Image

from nominations.admin.channels import read_invitee
from nominations.models import EntryCode, Prerequisite, Recommendation
from nominations.services.codes import Invitee, make_poster_code
from nominations.services.recommendations import recommend
from outbox.models import Message
from seasons.models import Channel, Season

CODES = "/admin/nominations/entrycode/"


@pytest.fixture
def every_way(season):
    season.channels = [channel.value for channel in Channel]
    season.save()
    return season


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("anna@example.org", Invitee("anna@example.org")),
        ("Anna Karpova <anna@example.org>", Invitee("anna@example.org", "Anna Karpova")),
        ("anna@example.org; Anna Karpova", Invitee("anna@example.org", "Anna Karpova")),
        ("nobody", None),
        ("a@example.org b@example.org", None),
        ("@", None),
    ],
)
def test_a_line_is_read_as_people_write_it(line, found):
    assert read_invitee(line) == found


def test_invitations_go_out_once_however_often_the_form_is_sent(client_of, organiser, every_way):
    form = {
        "season": every_way.pk,
        "people": "Anna <anna@example.org>\n\nboris@example.org\n",
        "key": str(uuid4()),
    }
    client = client_of(organiser)

    answers = [client.post(f"{CODES}invite/", form) for _time in range(3)]

    assert [answer.status_code for answer in answers] == [302] * 3
    assert Message.objects.filter(kind="entry-code").count() == 2
    assert EntryCode.objects.count() == 2


def test_lines_without_an_address_are_named_and_nothing_is_sent(client_of, organiser, every_way):
    response = client_of(organiser).post(
        f"{CODES}invite/",
        {"season": every_way.pk, "people": "anna@example.org\nno address", "key": str(uuid4())},
    )

    page = response.content.decode()
    assert response.status_code == 422
    assert "Line 2 has no e-mail address: no address" in page
    assert Message.objects.count() == 0


def test_two_hundred_and_one_addresses_are_too_many(client_of, organiser, every_way):
    people = "\n".join(f"p{n}@example.org" for n in range(201))

    response = client_of(organiser).post(
        f"{CODES}invite/", {"season": every_way.pk, "people": people, "key": str(uuid4())}
    )

    assert response.status_code == 422
    assert EntryCode.objects.count() == 0


def test_another_programme_s_season_cannot_be_chosen(
    client_of, other_organiser, organiser, every_way
):
    response = client_of(other_organiser).post(
        f"{CODES}invite/",
        {"season": every_way.pk, "people": "anna@example.org", "key": str(uuid4())},
    )

    assert response.status_code == 422
    assert Message.objects.count() == 0


def test_a_poster_is_made_with_days_of_the_season_s_zone(client_of, organiser, every_way):
    client_of(organiser).post(
        f"{CODES}poster/",
        {
            "season": every_way.pk,
            "label": "Poster",
            "first_day": "2022-01-10",
            "last_day": "2022-01-20",
        },
    )

    code = EntryCode.objects.get()
    assert [code.valid_from.isoformat(), code.valid_until.isoformat()] == [
        "2022-01-09T21:00:00+00:00",
        "2022-01-20T21:00:00+00:00",
    ]


def test_a_poster_and_its_qr_codes_lead_to_the_link(client_of, organiser, every_way):
    code = make_poster_code(every_way, by=organiser, label="Poster")
    client = client_of(organiser)

    sheet = client.get(f"{CODES}{code.pk}/poster/").content.decode()
    drawing = client.get(f"{CODES}{code.pk}/qr.svg")
    picture = client.get(f"{CODES}{code.pk}/qr.png")

    assert f"/s/cx-2022/join/{code.code}/" in sheet
    assert 'class="qr"' in sheet
    assert drawing["Content-Type"] == "image/svg+xml"
    assert b"<svg" in drawing.content
    assert Image.open(BytesIO(picture.content)).size[0] > 800


def test_a_code_is_switched_off_and_on_after_a_question(client_of, organiser, every_way):
    code = make_poster_code(every_way, by=organiser, label="Poster")
    client = client_of(organiser)
    found = []
    for how in ("off", "on"):
        client.get(f"{CODES}{code.pk}/switch/{how}/")
        code.refresh_from_db()
        asked = code.disabled_at is None
        client.post(f"{CODES}{code.pk}/switch/{how}/")
        code.refresh_from_db()
        found.append((asked, code.disabled_at is None))

    assert found == [(True, False), (False, True)]


def test_a_recommendation_is_approved_and_declined_on_pages_that_ask(
    client_of, organiser, nominee, every_way
):
    made = [
        recommend(
            every_way,
            by=nominee,
            organisation_name=f"Team {n}",
            contact_name="Sunny",
            contact_email=f"team{n}@example.org",
            reason="They listen.",
            key=uuid4(),
        )
        for n in range(2)
    ]
    client = client_of(organiser)
    base = "/admin/nominations/recommendation/"

    asked = client.get(f"{base}{made[0].pk}/approve/decide/").content.decode()
    client.post(f"{base}{made[0].pk}/approve/decide/", {"note": ""})
    refused = client.post(f"{base}{made[1].pk}/decline/decide/", {"note": ""})
    client.post(f"{base}{made[1].pk}/decline/decide/", {"note": "Not this year"})

    assert "team0@example.org" in asked
    assert refused.status_code == 422
    assert list(Recommendation.objects.order_by("pk").values_list("state", "note")) == [
        ("approved", ""),
        ("declined", "Not this year"),
    ]


def test_waiting_recommendations_stand_on_the_front_page(client_of, organiser, nominee, every_way):
    recommend(
        every_way,
        by=nominee,
        organisation_name="Team",
        contact_name="Sunny",
        contact_email="team@example.org",
        reason="They listen.",
        key=uuid4(),
    )

    assert "1 recommendation to decide" in client_of(organiser).get("/admin/").content.decode()


def test_ways_in_are_boxes_to_tick(client_of, organiser, season):
    client = client_of(organiser)
    page = client.get(f"/admin/seasons/season/{season.pk}/change/").content.decode()

    assert [f'name="channels" value="{channel}"' in page for channel in Channel.values] == [
        True
    ] * 4
    assert Season.objects.get(pk=season.pk).channels == ["open"]


def test_a_prerequisite_takes_nominations_of_its_own_season_alone(
    client_of, superuser, season, other_season, nomination
):
    response = client_of(superuser).post(
        "/admin/nominations/prerequisite/add/",
        {
            "season": other_season.pk,
            "slug": "ccsm",
            "position": 1,
            "name_1": "CCSM",
            "missing": "blocks",
            "nominations": [nomination.pk],
        },
    )

    assert "Choose nominations of the same season." in response.content.decode()
    assert Prerequisite.objects.count() == 0
