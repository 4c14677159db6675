"""The back office of judging: every page opens, asks few questions, and knows its limits."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from accounts.models import Membership
from judging.models import (
    Agreement,
    Assignment,
    AssignmentStatus,
    AvoidPair,
    Band,
    Conflict,
    Consent,
    DefenceSlot,
    Judge,
    Proposal,
    Rubric,
    Scorecard,
)
from judging.rubrics import copy_rubric
from judging.services import advance, open_scorecard, save_mark
from outbox.models import Message
from tests.factories import make_judge, make_person

MODELS = [
    "jury",
    "judge",
    "agreement",
    "consent",
    "conflict",
    "rubric",
    "dimension",
    "criterion",
    "round",
    "assignment",
    "scorecard",
    "defenceslot",
]
READ_ONLY = {"consent", "scorecard"}
QUERIES = 25
ASKED = {
    "least": 1,
    "most": 1,
    "load_least": 0,
    "areas": 1,
    "languages": 1,
    "wishes": 1,
    "spread": 1,
    "ties": 1,
    "linked": "on",
}


@pytest.fixture
def office(client_of, organiser):
    return client_of(organiser)


def listing(model):
    return reverse(f"admin:judging_{model}_changelist")


def adding(model):
    return reverse(f"admin:judging_{model}_add")


def page_of(row):
    return reverse(f"admin:judging_{row._meta.model_name}_change", args=[row.pk])


@pytest.mark.parametrize("model", MODELS)
def test_every_list_opens_for_an_organiser_alone(
    model, office, client_of, judge_user, submitted, defence_round
):
    page = office.get(listing(model))
    assert page.context["cl"].result_count >= (model not in {"conflict", "defenceslot"})
    assert client_of(judge_user).get(listing(model)).status_code != 200


@pytest.mark.parametrize("model", [one for one in MODELS if one not in {"judge", *READ_ONLY}])
def test_every_form_to_add_opens(model, office, season):
    assertContains(office.get(adding(model)), 'name="_save"')


@pytest.mark.parametrize("model", ["judge", *sorted(READ_ONLY)])
def test_what_services_write_cannot_be_added_by_hand(model, office, season):
    assert office.get(adding(model)).status_code == 403


def test_every_row_opens_and_shows_words_not_json(
    office, submitted, work, judge, agreement, criteria, rubric
):
    rows = [judge.jury, judge, agreement, Consent.objects.get(), rubric, criteria[0]]
    rows += [criteria[0].dimension, work.round, work, submitted]
    for row in rows:
        answer = office.get(page_of(row))
        assert answer.status_code == 200, row
        assertNotContains(answer, "&quot;en&quot;:")


def test_another_programmes_organiser_finds_nothing(
    client_of, other_organiser, submitted, work, judge, rubric
):
    office = client_of(other_organiser)

    for row in (submitted, work, judge, rubric, work.round):
        assertNotContains(office.get(listing(row._meta.model_name)), "Yuri Judge")
        assert office.get(page_of(row)).status_code in {302, 404}


@pytest.mark.parametrize("who", ["organiser", "superuser"])
def test_a_conflicted_organiser_finds_neither_marks_nor_assignments(
    request, who, client_of, submitted, work, organisation
):
    user = request.getfixturevalue(who)
    office = client_of(user)
    before = [office.get(listing(model)).content for model in ("scorecard", "assignment")]
    Membership.objects.create(user=user, organisation=organisation)

    after = [office.get(listing(model)).content for model in ("scorecard", "assignment")]

    number = work.entry.number.encode()
    assert [number in content for content in before] == [True, True]
    assert [number in content for content in after] == [False, False]
    assert office.get(page_of(submitted)).status_code in {302, 404}


def test_a_round_shows_its_progress(office, submitted, open_round):
    answer = office.get(listing("round"))

    assertContains(answer, "1 / 1")


def test_the_preview_says_who_would_get_what_and_a_post_does_it(
    office, open_round, judge, conflicted_judge, admitted_entry, more_entries
):
    more_entries(2)
    address = reverse("admin:judging_round_distribute", args=[open_round.pk])

    asked = office.get(address)
    preview = office.post(address, {**ASKED, "least": 2, "most": 2}, follow=True)
    nothing = Assignment.objects.count()
    confirm = reverse(
        "admin:judging_round_proposal_confirm", args=[open_round.pk, Proposal.objects.get().pk]
    )
    done = office.post(confirm, follow=True)

    assertContains(asked, "Judges per entry, at least")
    assertContains(preview, "Make 5 assignments")
    assertContains(preview, f"{admitted_entry.number}: 1 judges can read it, 2 are needed.")
    assertContains(preview, "1 judge is missing")
    assertContains(done, "5 assignments are made")
    assert (nothing, Assignment.objects.count()) == (0, 5)
    assert Message.objects.filter(kind="judge-assigned").count() == 2


def test_a_distribution_of_another_programme_is_unknown(client_of, other_organiser, open_round):
    address = reverse("admin:judging_round_distribute", args=[open_round.pk])

    assert client_of(other_organiser).get(address).status_code == 404


def test_an_entry_is_assigned_by_number_and_a_conflict_is_refused(
    office, open_round, judge, conflicted_judge, admitted_entry
):
    sent = {"round": open_round.pk, "entry_number": admitted_entry.number.lower()}

    refused = office.post(adding("assignment"), {**sent, "judge": conflicted_judge.pk})
    unknown = office.post(
        adding("assignment"), {**sent, "judge": judge.pk, "entry_number": "CX22-9999"}
    )
    office.post(adding("assignment"), {**sent, "judge": judge.pk})

    assertContains(refused, "A conflict of interest bars this judge from the entry.")
    assertContains(unknown, "There is no such entry.")
    assert [row.judge for row in Assignment.objects.all()] == [judge]


def test_withdrawing_asks_for_a_reason(office, work):
    act = {"action": "withdraw", "_selected_action": work.pk}

    asked = office.post(listing("assignment"), act)
    silent = office.post(listing("assignment"), {**act, "confirmed": "1", "reason": ""})
    before = Assignment.objects.get().status
    office.post(listing("assignment"), {**act, "confirmed": "1", "reason": "Too many"})

    assertContains(asked, "Withdraw from the judge")
    assertContains(silent, "Give the reason; it is kept in the log.")
    assert (before, Assignment.objects.get().status) == (
        AssignmentStatus.ACTIVE,
        AssignmentStatus.WITHDRAWN,
    )


def test_a_judge_is_removed_with_a_reason(office, judge):
    act = {"action": "remove_from_jury", "_selected_action": judge.pk}

    office.post(listing("judge"), {**act, "confirmed": "1", "reason": "Talked to the press"})

    assert Judge.objects.get().removal_reason == "Talked to the press"


def test_the_first_mark_locks_a_rubric_and_a_copy_is_free(
    office, rubric, scorecard, criteria, judge_user
):
    before = office.get(page_of(criteria[0]))
    save_mark(scorecard, criteria[0], by=judge_user, value=Decimal(5), base_version=0)

    for row in (rubric, criteria[0], criteria[0].dimension):
        answer = office.get(page_of(row))
        assertNotContains(answer, 'name="_save"')
    office.post(listing("rubric"), {"action": "copy_as_new_version", "_selected_action": rubric.pk})

    copy = Rubric.objects.get(slug=rubric.slug, version=2)
    assertContains(before, 'name="_save"')
    assertContains(office.get(page_of(copy)), 'name="_save"')
    bands = Band.objects.filter(criterion__dimension__rubric=copy)
    assert (copy.dimensions.get().criteria.count(), bands.count()) == (2, 6)


def band_form(criterion, ranges):
    sent = {
        "dimension": criterion.dimension_id,
        "position": 1,
        "slug": criterion.slug,
        "name_en": "Clarity",
        "maximum": "10",
        "weight": "1",
        "step": "1",
        "bands-TOTAL_FORMS": len(ranges),
        "bands-INITIAL_FORMS": len(ranges),
        "guidance-TOTAL_FORMS": 0,
        "guidance-INITIAL_FORMS": 0,
    }
    bands = Band.objects.filter(criterion=criterion).order_by("-high")
    for number, (band, (low, high)) in enumerate(zip(bands, ranges, strict=True)):
        sent |= {
            f"bands-{number}-id": band.pk,
            f"bands-{number}-criterion": criterion.pk,
            f"bands-{number}-low": low,
            f"bands-{number}-high": high,
            f"bands-{number}-name_en": "Band",
            f"bands-{number}-descriptor_en": "x",
        }
    return sent


@pytest.mark.parametrize(
    ("ranges", "place"),
    [
        ([(8, 10), (5, 6), (0, 4)], "from 7 to 7"),
        ([(8, 10), (5, 8), (0, 4)], "from 8 to 8"),
        ([(8, 9), (5, 7), (0, 4)], "from 10 to 10"),
    ],
)
def test_bands_with_a_gap_or_an_overlap_are_refused_with_the_place(office, criteria, ranges, place):
    answer = office.post(page_of(criteria[0]), band_form(criteria[0], ranges))

    assertContains(answer, place)
    assert list(criteria[0].bands.order_by("low").values_list("low", "high")) == [
        (0, 4),
        (5, 7),
        (8, 10),
    ]


def test_bands_that_cover_the_scale_are_kept(office, criteria):
    sent = band_form(criteria[0], [(9, 10), (5, 8), (0, 4)])

    assert office.post(page_of(criteria[0]), sent).status_code == 302
    assert criteria[0].bands.order_by("low").last().low == 9


def test_guidance_with_a_gap_is_refused_with_the_place(office, criteria):
    sent = band_form(criteria[0], [(8, 10), (5, 7), (0, 4)]) | {
        "guidance-TOTAL_FORMS": 2,
        "guidance-0-at_least": "70",
        "guidance-0-low": "8",
        "guidance-0-high": "10",
        "guidance-1-at_least": "50",
        "guidance-1-below": "69",
        "guidance-1-low": "5",
        "guidance-1-high": "7",
    }

    answer = office.post(page_of(criteria[0]), sent)
    sent["guidance-1-below"] = "70"

    assertContains(answer, "The figures from 69 to under 70 have no guidance.")
    assert office.post(page_of(criteria[0]), sent).status_code == 302
    assert criteria[0].guidance.count() == 2


def test_a_round_takes_no_rubric_of_another_sum_or_out_of_force(
    office, organiser, season, rubric, essay_round
):
    essay_round.assignments.all().delete()
    draft = copy_rubric(rubric, by=organiser)
    draft.total, draft.valid_until = Decimal(100), essay_round.stage.opens_at.date()
    draft.save()
    sent = {"rubric": draft.pk, "stage": essay_round.stage_id, "season": season.pk}

    answer = office.post(page_of(essay_round), sent)

    assertContains(answer, "add up to 20: Substance 20.")
    assertContains(answer, "not in force on all days")


def test_the_first_consent_locks_an_agreement(office, season, agreement, jury, judge_user):
    fresh = office.get(page_of(agreement))
    make_judge(jury, judge_user, agreement)

    locked = office.get(page_of(agreement))

    assertContains(fresh, 'name="_save"')
    assertNotContains(locked, 'name="_save"')
    assert Agreement.objects.count() == 1


def test_a_conflict_is_declared_and_ends_the_assignment(office, work, judge_user):
    sent = {"user": judge_user.pk, "organisation": "", "reason": "Former employer"}

    nothing = office.post(adding("conflict"), {**sent, "entry_number": ""})
    office.post(adding("conflict"), {**sent, "entry_number": work.entry.number})
    twice = office.post(adding("conflict"), {**sent, "entry_number": work.entry.number})

    assertContains(nothing, "Name either an entry or an organisation.")
    assertContains(twice, "This conflict is on record already.")
    assert Conflict.objects.get().entry == work.entry
    assert Assignment.objects.get().status == AssignmentStatus.WITHDRAWN


def test_a_slot_is_planned_moved_and_checked(
    office, defence_round, admitted_entry, organiser, nominee
):
    advance(defence_round, [admitted_entry], by=organiser)
    at = defence_round.stage.opens_at + timedelta(days=1)

    def sent(moment, **fields):
        return {
            "starts_at_0": f"{moment:%Y-%m-%d}",
            "starts_at_1": f"{moment:%H:%M:%S}",
            "minutes": 20,
            "place": "",
            "video_link": "",
            **fields,
        }

    first = {"round": defence_round.pk, "entry_number": admitted_entry.number}
    early = office.post(adding("defenceslot"), sent(at - timedelta(days=5), **first))
    office.post(adding("defenceslot"), sent(at, **first))
    slot = DefenceSlot.objects.get()
    office.post(page_of(slot), sent(at + timedelta(hours=5), place="Great hall"))

    assertContains(early, "The defence must lie within its stage")
    assert DefenceSlot.objects.get().place == "Great hall"
    # The mail that waits says where it is now.
    mail = Message.objects.get(kind="defence-slot", email=nominee.email)
    assert mail.context["place"] == "Great hall"


@pytest.mark.parametrize("rows", [3, 30])
@pytest.mark.parametrize("model", MODELS)
def test_the_number_of_queries_does_not_grow(
    rows,
    model,
    office,
    open_round,
    jury,
    agreement,
    more_entries,
    criteria,
    django_assert_max_num_queries,
):
    for number, entry in enumerate(more_entries(rows)):
        person = make_person(f"member{number}@example.org", f"Member {number}")
        judge = make_judge(jury, person, agreement)
        row = Assignment.objects.create(round=open_round, judge=judge, entry=entry)
        Conflict.objects.create(user=person, entry=entry, reason="x", declared_by=person)
        Scorecard.objects.create(assignment=row, revision=entry.latest_revision())
    office.get("/")

    with django_assert_max_num_queries(QUERIES):
        page = office.get(listing(model))
    assert page.context["cl"].result_count >= (model != "defenceslot")


@pytest.mark.parametrize("rows", [3, 30])
def test_the_pages_of_a_jury_and_a_distribution_stay_cheap(
    rows, office, open_round, jury, agreement, more_entries, django_assert_max_num_queries
):
    more_entries(rows)
    for number in range(rows):
        make_judge(jury, make_person(f"m{number}@example.org", f"M {number}"), agreement)
    office.get("/")

    for address, words in [
        (page_of(jury), "M 0"),
        (page_of(agreement), agreement.version),
        (reverse("admin:judging_round_distribute", args=[open_round.pk]), "Judges per entry"),
    ]:
        with django_assert_max_num_queries(QUERIES):
            page = office.get(address)
        assertContains(page, words)
    address = reverse("admin:judging_round_distribute", args=[open_round.pk])
    with django_assert_max_num_queries(QUERIES + 15):
        preview = office.post(address, ASKED).url
    for show, words in (("entries", "CX22-"), ("judges", "M 0")):
        with django_assert_max_num_queries(QUERIES):
            page = office.get(f"{preview}?show={show}")
        assertContains(page, words)


def test_nonsense_is_answered_with_the_form_again(office, open_round):
    address = reverse("admin:judging_round_distribute", args=[open_round.pk])
    file = reverse("admin:judging_round_distribute_file", args=[open_round.pk])

    wrong = office.post(address, {**ASKED, "least": 3, "most": 2})
    empty = office.post(file, {})
    malformed = office.post(file, {"text": "entry,judge\nonly one cell"})

    assertContains(wrong, "The most is less than the least.", status_code=422)
    assertContains(empty, "Choose a file, or type the lines.", status_code=422)
    assertContains(malformed, "Line 2 must have an entry and a judge.", status_code=422)
    assert Proposal.objects.count() == 0


def test_a_file_shows_the_fate_of_its_lines_and_is_confirmed(
    office, open_round, judge, admitted_entry
):
    file = reverse("admin:judging_round_distribute_file", args=[open_round.pk])
    text = f"entry,judge\n{admitted_entry.number},{judge.user.email}\nCX22-9999,x"

    shown = office.post(file, {"text": text}, follow=True)
    confirm = reverse(
        "admin:judging_round_proposal_confirm", args=[open_round.pk, Proposal.objects.get().pk]
    )
    office.post(confirm)

    assertContains(shown, "will be assigned")
    assertContains(shown, "there is no such entry in the round")
    assert [one.judge for one in Assignment.objects.all()] == [judge]


def test_two_judges_are_kept_apart_in_either_order(office, season, judge, conflicted_judge):
    sent = {"season": season.pk, "first": conflicted_judge.pk, "second": judge.pk, "reason": "x"}

    office.post(adding("avoidpair"), sent)
    again = office.post(
        adding("avoidpair"), {**sent, "first": judge.pk, "second": conflicted_judge.pk}
    )
    same = office.post(adding("avoidpair"), {**sent, "second": conflicted_judge.pk})

    pair = AvoidPair.objects.get()
    assert [pair.one_id, pair.other_id] == sorted([judge.user_id, conflicted_judge.user_id])
    assertContains(again, "These two are kept apart already.")
    assertContains(same, "Name two different people.")


def test_a_scorecard_page_shows_the_marks_of_its_round(office, submitted, work, judge_user):
    answer = office.get(page_of(open_scorecard(work, by=judge_user)))

    for text in ["Clarity", "Results", "Yuri Judge", work.entry.number]:
        assertContains(answer, text)
