"""Coming in by a code or a link, limits on the page, and recommending somebody."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import MemberRole, Organisation
from nominations.models import Entry, EntryCode, Recommendation
from nominations.services import start_entry
from nominations.services.codes import make_poster_code
from nominations.services.recommendations import decline_recommendation
from seasons.models import Channel

URL = "/s/cx-2022/enter/"
RECOMMEND = "/s/cx-2022/recommend/"


@pytest.fixture
def poster(season, organiser):
    season.channels = [Channel.LINK.value, Channel.RECOMMENDATION.value]
    season.save()
    return make_poster_code(season, by=organiser, label="Poster")


def picked(organisation, **more):
    return {"organisation": organisation.pk, "nominations": ["1"], **more}


def test_a_wrong_code_is_said_beside_its_field_and_ticks_stay(
    client_of, nominee, organisation, nomination, poster
):
    response = client_of(nominee).post(URL, picked(organisation, code="WRONG"))

    page = response.content.decode()
    assert response.status_code == 422
    assert 'id="code-error"><p class="field-error">We do not know this code.' in page
    assert 'value="WRONG"' in page
    assert 'value="1" id="pick-1" checked' in page
    assert Entry.objects.count() == 0


def test_a_link_brings_its_code_along(client_of, nominee, organisation, nomination, poster):
    client = client_of(nominee)
    led = client.get(f"/s/cx-2022/join/{poster.code.lower()}/")
    page = client.get(led["Location"]).content.decode()

    assert led["Location"] == URL
    assert f'value="{poster.code}"' in page
    assert "Your code is good." in page


def test_a_visitor_signs_in_and_finds_the_code(client_of, nominee, organisation, poster):
    visitor = client_of(None)
    page = visitor.get(f"/s/cx-2022/join/{poster.code}/").content.decode()
    assert "/accounts/login/?next=%2Fs%2Fcx-2022%2Fenter%2F" in page

    visitor.post("/accounts/login/", {"login": nominee.email, "password": "correct horse battery"})
    found = visitor.get(URL).content.decode()

    assert f'value="{poster.code}"' in found


def test_an_address_with_a_code_says_at_once_what_is_wrong(
    client_of, nominee, organisation, nomination, poster
):
    page = client_of(nominee).get(f"{URL}?code=WRONG").content.decode()

    assert "We do not know this code." in page


def test_a_used_link_is_not_brought_up_again(client_of, nominee, organisation, nomination, poster):
    client = client_of(nominee)
    client.get(f"/s/cx-2022/join/{poster.code}/")
    client.post(URL, picked(organisation, code=poster.code))

    page = client.get(URL).content.decode()

    assert Entry.objects.get().code == poster
    assert 'name="code"' not in page


def test_an_open_season_shows_no_field_for_a_code(client_of, nominee, organisation, nomination):
    page = client_of(nominee).get(URL).content.decode()

    assert 'name="code"' not in page


@pytest.mark.parametrize(
    "path", ["/s/cx-2022/", "/s/cx-2022/nominations/", "/s/cx-2022/nominations/1/"]
)
def test_public_pages_say_how_one_comes_in(client_of, nomination, season, path):
    client = client_of(None)
    assert "By a poster" not in client.get(path).content.decode()
    season.channels = [channel.value for channel in Channel]
    season.save()

    page = client.get(path).content.decode()

    assert [
        words in page
        for words in (
            "By invitation",
            "By recommendation",
            "By a poster",
            f'href="{RECOMMEND}"',
        )
    ] == [True] * 4


def test_a_full_nomination_is_marked_and_cannot_be_ticked(
    client_of, nominee, organisation, nomination
):
    nomination.max_per_applicant = 1
    nomination.save()
    start_entry(nomination, organisation, by=nominee, kind="organisation", title="One")

    page = client_of(nominee).get(URL).content.decode()

    assert 'value="1" id="pick-1" disabled' in page
    assert "An organisation may have 1 entry here. Started so far: 1." in page


def test_a_limit_hit_on_the_way_is_said_beside_the_nomination(
    client_of, nominee, organisation, nomination, person_nomination
):
    nomination.max_per_applicant = 1
    nomination.save()
    start_entry(nomination, organisation, by=nominee, kind="organisation", title="One")

    response = client_of(nominee).post(
        URL,
        {"organisation": organisation.pk, "nominations": ["1", "23"], "name-23": "Anna"},
    )

    page = response.content.decode()
    assert response.status_code == 422
    assert 'id="error-1">An organisation may have 1 entry in' in page
    assert 'id="pick-23" checked' in page
    assert Entry.objects.count() == 1


def test_a_brand_is_asked_for_its_name(client_of, nominee, organisation, nomination):
    nomination.kinds = ["brand"]
    nomination.save()
    client = client_of(nominee)

    refused = client.post(URL, picked(organisation)).content.decode()
    client.post(URL, picked(organisation, **{"name-1": "Camomile Tea"}))

    assert "Name of the brand" in refused
    assert "Name the brand that is nominated." in refused
    assert Entry.objects.get().nominee_name == "Camomile Tea"


def recommended(**changed):
    return {
        "organisation_name": "Sunflower Ltd",
        "contact_name": "Sunny Person",
        "contact_email": "sunny@example.org",
        "reason": "They answer before one asks.",
        "key": str(uuid4()),
        **changed,
    }


def test_a_recommendation_is_sent_and_stands_below_with_its_state(
    client_of, nominee, other_nominee, poster, organiser
):
    client = client_of(nominee)
    client.post(RECOMMEND, recommended())
    sent = client.get(RECOMMEND).content.decode()
    decline_recommendation(Recommendation.objects.get(), by=organiser, note="Not this year")
    declined = client.get(RECOMMEND).content.decode()
    elsewhere = client_of(other_nominee).get(RECOMMEND).content.decode()

    assert ("Sunflower Ltd" in sent, "to be decided" in sent) == (True, True)
    assert "Not this year" in declined
    assert "Sunflower Ltd" not in elsewhere


def test_a_faulty_recommendation_keeps_what_was_typed(client_of, nominee, poster):
    response = client_of(nominee).post(RECOMMEND, recommended(contact_email="nowhere"))

    page = response.content.decode()
    assert response.status_code == 422
    assert "They answer before one asks." in page
    assert Recommendation.objects.count() == 0


def test_after_the_deadline_the_text_is_still_there(client_of, nominee, poster, judging_open):
    judging_open()
    client = client_of(nominee)

    read = client.get(RECOMMEND).content.decode()
    sent = client.post(RECOMMEND, recommended())

    assert "No recommendations are taken now" in read
    assert sent.status_code == 422
    assert "Recommendations closed on" in sent.content.decode()
    assert "They answer before one asks." in sent.content.decode()


def test_who_recommends_an_own_organisation_is_told_so(client_of, nominee, organisation, poster):
    page = client_of(nominee).post(
        RECOMMEND, recommended(organisation_name="Camomile Ltd"), follow=True
    )

    assert "They see that you recommend an organisation of your own." in page.content.decode()


def test_codes_of_others_stand_on_no_public_page(client_of, nomination, poster, organiser):
    pages = [
        client_of(None).get(path).content.decode()
        for path in ("/s/cx-2022/", "/s/cx-2022/nominations/", "/s/cx-2022/nominations/1/")
    ]
    back_office = client_of(organiser).get(
        f"/admin/nominations/entrycode/{EntryCode.objects.get().pk}/change/"
    )

    assert [poster.code in page for page in pages] == [False] * 3
    assert poster.code in back_office.content.decode()


def test_the_page_asks_as_often_for_thirty_organisations_as_for_three(
    client_of, nominee, nomination, poster
):
    client = client_of(nominee)
    counts = []
    for size in (3, 30):
        while nominee.memberships.count() < size:
            company = Organisation.objects.create(name=f"Company {nominee.memberships.count()}")
            company.memberships.create(user=nominee, role=MemberRole.OWNER)
        client.get(URL)
        with CaptureQueriesContext(connection) as asked:
            client.get(f"{URL}?code={poster.code}")
        counts.append(len(asked))

    assert counts[0] == counts[1]
    assert counts[1] < 25
