"""The pages of one entry: who sees them, details, withdrawing, the desk."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.asserts import assertContains

from accounts.models import MemberRole, Membership
from nominations.blocks import my_entries
from nominations.models import Answer, Entry, EntryStatus
from nominations.services import update_entry
from tests.factories import make_entry

DESK_QUERIES = 6  # entries, stages, extensions; outcomes and feedback by the results room
PAGES = ["", "details/", "essay/", "preview/"]


@pytest.fixture
def viewer(draft, other_nominee):
    Membership.objects.create(
        user=other_nominee, organisation=draft.organisation, role=MemberRole.VIEWER
    )
    return other_nominee


@pytest.mark.parametrize("page", PAGES)
def test_members_open_every_page_of_a_draft(client_of, draft, nominee, viewer, page):
    for person in (nominee, viewer):
        assertContains(client_of(person).get(f"/entries/{draft.pk}/{page}"), draft.number)


@pytest.mark.parametrize("page", PAGES)
def test_somebody_else_s_entry_looks_like_an_unknown_one(
    client_of, draft, other_nominee, judge_user, other_organiser, page
):
    for person in (other_nominee, judge_user, other_organiser):
        client = client_of(person)
        assert client.get(f"/entries/{draft.pk}/{page}").status_code == 404
        assert client.get(f"/entries/999999/{page}").status_code == 404


def test_an_organiser_sees_that_a_draft_exists_and_nothing_of_its_text(
    client_of, draft, organiser, nominee
):
    Answer.objects.update(text="Our secret approach")
    client = client_of(organiser)

    assert (
        "Our secret approach"
        in client_of(nominee).get(f"/entries/{draft.pk}/essay/").content.decode()
    )
    assert "Our secret approach" not in client.get(f"/entries/{draft.pk}/").content.decode()
    assert [client.get(f"/entries/{draft.pk}/{page}").status_code for page in PAGES[1:]] == [
        403
    ] * 3


def test_a_viewer_reads_and_changes_nothing(client_of, draft, viewer):
    client = client_of(viewer)
    prompt = draft.nomination.prompts.first()

    codes = [
        client.post(f"/entries/{draft.pk}/{path}").status_code
        for path in (
            "details/",
            "essay/",
            f"answers/{prompt.pk}/",
            "files/",
            "submit/",
            "withdraw/",
            "restore/",
        )
    ]

    assert codes == [403] * 7


def test_the_overview_says_in_red_that_a_draft_is_not_submitted(client_of, draft, nominee):
    page = client_of(nominee).get(f"/entries/{draft.pk}/").content.decode()

    assert "banner--danger" in page
    assert "Not submitted yet: 2 of 2 answered" in page


def test_after_the_deadline_a_draft_says_what_is_kept(client_of, draft, nominee, judging_open):
    judging_open()

    page = client_of(nominee).get(f"/entries/{draft.pk}/").content.decode()

    assert "Not submitted before the deadline" in page
    assert "Your draft is kept: 2 of 2 answered." in page
    assert "Server time now:" in page


def test_details_are_saved_with_participants(client_of, joint_nomination, organisation, nominee):
    entry = make_entry(joint_nomination, organisation, nominee)

    response = client_of(nominee).post(
        f"/entries/{entry.pk}/details/",
        {
            "title": "Bots that help",
            "kind": "joint",
            "participants-TOTAL_FORMS": "3",
            "participants-INITIAL_FORMS": "0",
            "participants-0-name": "Camomile Ltd",
            "participants-0-role": "client",
            "participants-1-name": "Maker",
            "participants-1-role": "vendor",
            "participants-2-name": "",
            "participants-2-role": "",
        },
    )

    assert response["Location"] == f"/entries/{entry.pk}/"
    entry.refresh_from_db()
    assert (entry.title, entry.kind) == ("Bots that help", "joint")
    assert list(entry.participants.values_list("name", "role")) == [
        ("Camomile Ltd", "client"),
        ("Maker", "vendor"),
    ]


def test_a_participant_without_a_role_is_refused_and_the_form_keeps_what_was_typed(
    client_of, joint_nomination, organisation, nominee
):
    entry = make_entry(joint_nomination, organisation, nominee)

    response = client_of(nominee).post(
        f"/entries/{entry.pk}/details/",
        {
            "title": "Typed and kept",
            "kind": "joint",
            "participants-TOTAL_FORMS": "1",
            "participants-INITIAL_FORMS": "0",
            "participants-0-name": "Roleless",
            "participants-0-role": "",
        },
    )

    page = response.content.decode()
    assert response.status_code == 422
    assert "Choose the role of this organisation." in page
    assert "Typed and kept" in page
    assert "Roleless" in page
    assert entry.participants.count() == 0


def test_a_person_without_a_name_is_refused_beside_the_field(
    client_of, person_nomination, organisation, nominee
):
    entry = make_entry(person_nomination, organisation, nominee)

    response = client_of(nominee).post(
        f"/entries/{entry.pk}/details/", {"title": "Kept", "nominee_name": ""}
    )

    assert response.status_code == 422
    assert "Name the person who is nominated." in response.content.decode()


def test_withdrawing_and_restoring(client_of, submitted_entry, nominee):
    client = client_of(nominee)

    client.post(f"/entries/{submitted_entry.pk}/withdraw/")
    withdrawn = Entry.objects.get().status
    client.post(f"/entries/{submitted_entry.pk}/restore/")

    assert (withdrawn, Entry.objects.get().status) == (EntryStatus.WITHDRAWN, EntryStatus.DRAFT)


def test_the_desk_says_what_to_do_next(client_of, nomination, organisation, nominee):
    make_entry(nomination, organisation, nominee)
    unfinished = make_entry(nomination, organisation, nominee)
    unfinished.answers.first().delete()
    sent = make_entry(nomination, organisation, nominee, EntryStatus.SUBMITTED)

    page = client_of(nominee).get("/desk/").content.decode()

    assert "2 of 2 answered" in page
    assert "1 of 2 answered" in page
    assert f"/entries/{unfinished.pk}/essay/" in page
    assert "Not submitted yet: check it and submit." in page
    assert "Submitted. The organisers check it next." in page
    update_entry(sent, by=nominee, title="Changed", nominee_name="", kind="organisation")
    assert "You changed it after submitting." in client_of(nominee).get("/desk/").content.decode()


def test_the_desk_of_a_newcomer_shows_where_to_begin(client_of, nomination, judge_user):
    assert "/s/cx-2022/enter/" in client_of(judge_user).get("/desk/").content.decode()


def test_the_desk_shows_nobody_else_s_entries(client_of, draft, other_nominee):
    assert draft.number not in client_of(other_nominee).get("/desk/").content.decode()


@pytest.mark.parametrize("rows", [3, 30])
def test_the_desk_takes_the_same_queries_however_many_entries(
    rf, nomination, organisation, nominee, rows
):
    for _ in range(rows):
        make_entry(nomination, organisation, nominee)
    request = rf.get("/desk/")
    request.user = nominee

    with CaptureQueriesContext(connection) as queries:
        block = my_entries(request, None)

    assert block.count("row-item__title") == rows
    assert len(queries) == DESK_QUERIES
