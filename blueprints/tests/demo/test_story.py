"""At each point of the demo season each role sees what that day would show."""

from collections import Counter

import pytest
from django.db import transaction
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from blueprints.demo.fill import fill_current
from blueprints.demo.people import (
    COMPANIES,
    EXPERTS,
    JUDGE,
    NEWCOMER,
    NOMINEE,
    ORGANISER,
    PASSWORD,
    SECOND_NOMINEE,
    SECOND_ORGANISER,
    SUPERUSER,
    Person,
)
from diplomas.models import Diploma
from judging.models import Assignment, AssignmentStatus, RoundSeal, Sample, Scorecard, SiteVisit
from judging.permissions import has_agreed
from nominations.drafts import Draft
from nominations.models import Entry, EntryStatus
from outbox.models import Job, Message, State
from results.models import Appeal, Decision, Feedback, LaureatePage, PublishedResult, Release
from results.permissions import can_read_feedback
from seasons.models import Season, StageKind

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(scope="module")
def playground(django_db_setup, django_db_blocker, tmp_path_factory):
    """A database of the module's own, forgotten afterwards, with quick passwords and private files."""
    wished = override_settings(
        MEDIA_ROOT=tmp_path_factory.mktemp("media"),
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        CELERY_TASK_ALWAYS_EAGER=True,
    )
    with wished, django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def season(playground, request):
    """The current season at the point that the test names."""
    with transaction.atomic():
        point = transaction.savepoint()
        yield fill_current(request.param, "small", lambda _text: None)
        transaction.savepoint_rollback(point)


@pytest.fixture(autouse=True)
def _quick_and_private(playground):
    """The module's own settings hold; nothing to do for each test."""


def at(*points: str):
    return pytest.mark.parametrize("season", points, indirect=True)


def slowly(*points: str):
    def mark(test):
        return pytest.mark.slow(at(*points)(test))

    return mark


def user(who: Person) -> User:
    return User.objects.get(email=who.email)


def entries(season: Season):
    return Entry.objects.filter(nomination__season=season)


def statuses(season: Season) -> Counter[str]:
    return Counter(entries(season).values_list("status", flat=True))


def page(client_of, who: Person | None, address: str) -> tuple[int, str]:
    response = client_of(user(who) if who else None).get(address)
    # Reading a file to its end lets the client close it without closing the connection.
    content = b"".join(response.streaming_content) if response.streaming else response.content
    text = content.decode(errors="replace")
    return response.status_code, text


@at("entering")
def test_entries_are_open_and_close_in_three_weeks(season):
    stage = season.stage(StageKind.ENTRY)

    assert stage.is_open()
    assert (stage.closes_at - timezone.now()).days == 20
    assert [one.state() for one in season.stages.all()] == ["now", *["next"] * 5]


@at("entering")
def test_the_nominee_finds_entries_in_every_state_of_work(season):
    own = entries(season).of_member(user(NOMINEE))
    drafts = [Draft(entry) for entry in own.filter(status=EntryStatus.DRAFT)]

    assert Counter(own.values_list("status", flat=True)) == {
        "draft": 2,
        "submitted": 1,
        "admitted": 2,
    }
    assert sorted(draft.problems == [] for draft in drafts) == [False, True]


@at("entering")
def test_one_entry_is_withdrawn_and_one_disqualified_with_the_reason(season):
    counted = statuses(season)

    assert (counted["withdrawn"], counted["disqualified"]) == (1, 1)
    reason = entries(season).get(status="disqualified").status_reason
    assert reason.startswith("По письму клиента")


@at("entering")
def test_a_joint_entry_in_nomination_6_names_its_client(season):
    entry = entries(season).get(nomination__number=6, status="admitted")

    assert entry.kind == "joint"
    assert sorted(entry.participants.values_list("role", flat=True)) == ["client", "vendor"]


@at("entering")
def test_an_organisation_has_an_extension(season):
    stage = season.stage(StageKind.ENTRY)
    extension = stage.extensions.get()

    assert extension.organisation.name == "Служба доставки «Бегом-Бегом»"
    assert stage.closes_for(extension.organisation) > stage.closes_at


@at("entering")
def test_no_mail_waits_and_every_mail_kept_its_text(season):
    messages = Message.objects.filter(email__endswith="@example.org")

    assert messages.filter(kind="entry-receipt").exists()
    assert not messages.exclude(state=State.DONE).exists()
    assert not messages.filter(body="").exists()


@at("entering")
def test_the_entries_of_different_people_are_answered_differently(season):
    texts = [
        answer.text
        for entry in entries(season)
        for answer in entry.answers.all()
        if answer.prompt.kind == "text"
    ]

    assert len(set(texts)) == len(texts)


@at("entering")
def test_everyone_can_sign_in_with_the_printed_password(season, client):
    for who in [NOMINEE, SECOND_NOMINEE, JUDGE, ORGANISER, SECOND_ORGANISER, SUPERUSER]:
        assert user(who).check_password(PASSWORD)
    assert user(ORGANISER).is_staff
    assert list(Season.objects.organised_by(user(ORGANISER))) == [season]


@at("entering")
def test_each_role_opens_its_own_pages(season, client_of):
    own = entries(season).of_member(user(NOMINEE)).first()
    other = entries(season).of_member(user(SECOND_NOMINEE)).first()

    assert page(client_of, None, season.get_absolute_url())[0] == 200
    assert page(client_of, NOMINEE, reverse("accounts:desk"))[0] == 200
    assert own.number in page(client_of, NOMINEE, own.get_absolute_url())[1]
    assert page(client_of, NOMINEE, other.get_absolute_url())[0] == 404
    assert page(client_of, JUDGE, reverse("judging:desk"))[0] == 200
    assert page(client_of, JUDGE, reverse("judging:agreement", args=[season.slug]))[0] == 200
    listed = reverse("admin:nominations_entry_changelist")
    assert own.number in page(client_of, ORGANISER, listed)[1]


@at("entering")
def test_nothing_of_later_stages_is_there(season):
    assert not Assignment.objects.filter(round__season=season).exists()
    assert not PublishedResult.objects.filter(season=season).exists()


@slowly("judging")
def test_judges_are_at_work(season, client_of):
    assignments = Assignment.objects.filter(round__season=season)
    cards = Scorecard.objects.filter(assignment__round__season=season)
    own = cards.filter(assignment__judge__user=user(JUDGE))

    assert season.stage(StageKind.JUDGING).is_open()
    assert statuses(season)["submitted"] == 0
    assert 0 < cards.filter(status="submitted").count() < assignments.active().count()
    assert Counter(own.values_list("status", flat=True))["draft"] == 1
    assert assignments.filter(status=AssignmentStatus.RECUSED).count() == 1
    assert page(client_of, JUDGE, reverse("judging:desk"))[0] == 200
    mine = assignments.active().filter(judge__user=user(JUDGE)).first()
    assert page(client_of, JUDGE, mine.get_absolute_url())[0] == 200
    sample = Sample.objects.visible_to(user(JUDGE)).get()
    assert page(client_of, JUDGE, reverse("judging:sample", args=[sample.pk]))[0] == 200


@slowly("judging")
def test_a_new_judge_has_entries_but_has_still_to_accept_the_agreement(season, client_of):
    newcomer = user(NEWCOMER.person)
    own = Assignment.objects.filter(judge__user=newcomer)

    assert own.count() == 3
    assert not has_agreed(newcomer, season)
    assert list(Assignment.objects.visible_to(newcomer)) == []


@slowly("judging")
def test_a_conflict_keeps_a_judge_from_her_employers_entries(season):
    conflicted = User.objects.get(email="t.voronova@example.org")
    energy = next(company.name for company in COMPANIES if company.key == "energy")

    assert entries(season).filter(organisation__name=energy).exists()
    assert not Assignment.objects.filter(
        judge__user=conflicted, entry__organisation__name=energy
    ).exists()


@slowly("judging")
def test_judges_differ_in_severity(season):
    totals: dict[str, list[float]] = {}
    for card in Scorecard.objects.filter(
        assignment__round__season=season, status="submitted"
    ).select_related("assignment__judge__user"):
        totals.setdefault(card.assignment.judge.user.email, []).append(float(card.total or 0))
    means = {email: sum(values) / len(values) for email, values in totals.items()}

    assert len(means) == len(EXPERTS)
    assert max(means.values()) - min(means.values()) > 8


@slowly("finalists")
def test_finalists_are_public_with_their_diplomas_and_no_laureate_is(season, client_of):
    results = PublishedResult.objects.filter(season=season)
    diplomas = Diploma.objects.filter(season=season)
    own = results.filter(entry__in=Entry.objects.of_member(user(NOMINEE))).first()

    assert set(results.values_list("kind", flat=True)) == {"finalist"}
    assert set(diplomas.values_list("state", flat=True)) == {"ready"}
    assert diplomas.count() == results.count()
    address = reverse("results:results", args=[season.slug])
    assert own.organisation_name in page(client_of, None, address)[1]
    diploma = diplomas.get(entry=own.entry)
    assert page(client_of, None, diploma.get_absolute_url())[0] == 200
    download = reverse("diplomas:download", args=[diploma.number])
    assert page(client_of, NOMINEE, download)[0] == 200
    assert page(client_of, SECOND_NOMINEE, download)[0] == 404


@pytest.mark.parametrize("season", ["finalists"], indirect=True)
def test_a_round_that_is_over_has_a_public_fingerprint(season, client_of):
    seal = RoundSeal.objects.get(round__season=season, round__slug="essay")
    page = client_of(None).get(f"/s/{season.slug}/methodology/")
    assert (
        seal.leaf_count == Scorecard.objects.counted().filter(assignment__round=seal.round).count()
    )
    assert seal.root in page.content.decode()


@slowly("finalists")
def test_an_essay_below_the_mark_is_left_out_of_the_finalists(season):
    admitted = entries(season).filter(status="admitted").count()
    finalists = PublishedResult.objects.filter(season=season, kind="finalist").count()

    assert 0 < finalists <= admitted


@slowly("defence")
def test_finalists_have_slots_and_some_have_presented(season, client_of):
    round_ = season.rounds.get(slug="defence")
    slots = round_.slots.all()
    cards = Scorecard.objects.filter(assignment__round=round_, status="submitted")

    assert slots.count() == round_.entries().count()
    assert slots.filter(starts_at__lt=timezone.now()).exists()
    assert slots.filter(starts_at__gt=timezone.now()).exists()
    assert 0 < cards.count() < round_.assignments.count()
    assert not PublishedResult.objects.filter(season=season, kind="laureate").exists()
    address = reverse("judging:defence", args=[season.slug])
    assert page(client_of, JUDGE, address)[0] == 200


@slowly("defence")
def test_the_jury_has_visited_one_finalist_and_another_has_still_to_confirm(season, client_of):
    visits = SiteVisit.objects.filter(round__season=season).order_by("starts_at")
    own = visits.get(entry__in=Entry.objects.of_member(user(NOMINEE)))

    assert list(visits.values_list("status", flat=True)) == ["confirmed", "planned"]
    assert page(client_of, JUDGE, visits[0].get_absolute_url())[0] == 200
    assert page(client_of, NOMINEE, reverse("judging:entry_visit", args=[own.entry_id]))[0] == 200


@slowly("ceremony")
def test_on_the_day_of_the_ceremony_everything_is_decided_and_nothing_prepared(season, client_of):
    rule = season.outcome_rules.get(kind="laureate")
    console = reverse("admin:results_outcomerule_console", args=[rule.pk])

    assert rule.stage.opens_at <= timezone.now() < rule.stage.closes_at
    assert Decision.objects.filter(rule=rule).exists()
    assert not Release.objects.filter(rule=rule).exists()
    assert page(client_of, ORGANISER, console)[0] == 200


@slowly("results")
def test_laureates_are_public_and_feedback_is_not(season, client_of):
    results = PublishedResult.objects.filter(season=season)
    own = Feedback.objects.filter(entry__in=Entry.objects.of_member(user(NOMINEE))).first()
    laureates = results.filter(kind="laureate")

    assert laureates.count() == len(set(laureates.values_list("nomination", flat=True)))
    assert laureates.count() == len(set(results.values_list("nomination", flat=True)))
    assert not can_read_feedback(user(NOMINEE), own)
    address = reverse("results:feedback", args=[own.entry_id])
    assert page(client_of, NOMINEE, address)[0] == 404


@slowly("feedback")
def test_a_nominee_reads_its_own_feedback_and_nobody_elses(season, client_of):
    own = Feedback.objects.filter(entry__in=Entry.objects.of_member(user(NOMINEE))).first()
    address = reverse("results:feedback", args=[own.entry_id])

    assert own.content["rounds"][0]["judges"] >= 3
    assert page(client_of, NOMINEE, address)[0] == 200
    assert page(client_of, SECOND_NOMINEE, address)[0] == 404
    assert page(client_of, JUDGE, address)[0] == 404
    assert Message.objects.filter(kind="feedback-ready", state=State.DONE).exists()
    assert Appeal.objects.get(entry__in=entries(season)).status == "filed"
    assert Feedback.objects.filter(entry__in=entries(season)).exclude(question="").count() == 1
    pages = LaureatePage.objects.filter(entry__in=entries(season))
    assert set(pages.values_list("state", flat=True)) == {"approved", "published"}
    assert not Job.objects.exclude(state=State.DONE).exists()
