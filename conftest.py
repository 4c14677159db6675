"""People, seasons and entries that tests of every room share."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone, translation

from accounts.models import MemberRole, Membership, Organisation, User
from judging.models import (
    Agreement,
    Assignment,
    Entrants,
    Judge,
    Jury,
    Round,
    Rubric,
)
from nominations.models import (
    Category,
    Entry,
    EntryKind,
    EntryStatus,
    Nomination,
    Prompt,
    PromptKind,
)
from seasons.models import Organiser, Programme, Season, Stage, StageKind
from tests.factories import (
    make_entry,
    make_judge,
    make_nomination,
    make_person,
    make_rubric,
    make_stages,
)

pytest_plugins = ["tests.browser", "tests.ready_database", "tests.selection"]


@pytest.fixture(autouse=True)
def _quick_and_private(settings: Any, tmp_path: Path) -> Iterator[None]:
    """Keep uploads in the test's own folder, hash passwords fast, do queued work at once."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.CELERY_TASK_ALWAYS_EAGER = True
    settings.STORAGES = {
        **django_settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    cache.clear()
    yield
    timezone.deactivate()
    translation.deactivate()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_modify_db_settings_parallel_suffix: None,
) -> None:
    """A database per worker; journeys get one in a file, which a live server's threads can share."""
    journeys = any(item.get_closest_marker("browser") for item in request.session.items)
    if journeys and connection.vendor == "sqlite":
        file = tmp_path_factory.mktemp("database") / "test.sqlite3"
        connection.settings_dict["TEST"]["NAME"] = str(file)


@pytest.fixture
def nominee(db: None) -> User:
    return make_person("nominee@example.org", "Nina Nominee")


@pytest.fixture
def other_nominee(db: None) -> User:
    return make_person("other-nominee@example.org", "Oleg Other")


@pytest.fixture
def judge_user(db: None) -> User:
    return make_person("judge@example.org", "Yuri Judge")


@pytest.fixture
def conflicted_judge_user(db: None) -> User:
    return make_person("conflicted-judge@example.org", "Kira Conflicted")


@pytest.fixture
def chair_user(db: None) -> User:
    return make_person("chair@example.org", "Clara Chair")


@pytest.fixture
def organiser(db: None, programme: Programme) -> User:
    user = make_person("organiser@example.org", "Olga Organiser", is_staff=True)
    Organiser.objects.create(programme=programme, user=user)
    return user


@pytest.fixture
def second_organiser(db: None, programme: Programme) -> User:
    user = make_person("second-organiser@example.org", "Stepan Second", is_staff=True)
    Organiser.objects.create(programme=programme, user=user)
    return user


@pytest.fixture
def other_organiser(db: None, other_season: Season) -> User:
    user = make_person("other-organiser@example.org", "Ulyana Elsewhere", is_staff=True)
    Organiser.objects.create(programme=other_season.programme, user=user)
    return user


@pytest.fixture
def superuser(db: None) -> User:
    return make_person("superuser@example.org", "Sofia Super", is_staff=True, is_superuser=True)


@pytest.fixture
def client_of() -> Callable[[User | None], Client]:
    """A browser of a person; None is a visitor."""

    def make(user: User | None) -> Client:
        client = Client(headers={"accept-language": "en"})
        if user is not None:
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return make


@pytest.fixture
def organisation(nominee: User) -> Organisation:
    organisation = Organisation.objects.create(name="Camomile Ltd")
    Membership.objects.create(user=nominee, organisation=organisation, role=MemberRole.OWNER)
    return organisation


@pytest.fixture
def other_organisation(other_nominee: User) -> Organisation:
    organisation = Organisation.objects.create(name="Sunflower Ltd")
    Membership.objects.create(user=other_nominee, organisation=organisation, role=MemberRole.OWNER)
    return organisation


@pytest.fixture
def programme(db: None) -> Programme:
    return Programme.objects.create(slug="cx", name={"en": "CX award", "ru": "Премия CX"})


@pytest.fixture
def season(programme: Programme) -> Season:
    season = Season.objects.create(
        programme=programme,
        slug="cx-2022",
        code="CX22",
        name={"en": "CX award 2022", "ru": "Премия CX 2022"},
        time_zone="Europe/Moscow",
        language="en",
        moderate_comments=False,
    )
    make_stages(season, timezone.now())
    return season


@pytest.fixture
def other_season(db: None) -> Season:
    programme = Programme.objects.create(slug="other", name={"en": "Other award"})
    season = Season.objects.create(
        programme=programme, slug="other-2022", code="OT22", name={"en": "Other award 2022"}
    )
    make_stages(season, timezone.now())
    return season


@pytest.fixture
def category(season: Season) -> Category:
    return Category.objects.create(
        season=season, slug="corporate", number=1, name={"en": "Corporate"}
    )


@pytest.fixture
def nomination(category: Category) -> Nomination:
    return make_nomination(category, 1, "Human-centred experience")


@pytest.fixture
def person_nomination(category: Category) -> Nomination:
    return make_nomination(category, 23, "Best specialist", kinds=[EntryKind.PERSON])


@pytest.fixture
def joint_nomination(category: Category) -> Nomination:
    nomination = make_nomination(
        category,
        6,
        "Effective technology",
        kinds=[EntryKind.ORGANISATION, EntryKind.JOINT],
        requires_roles=["client"],
    )
    Prompt.objects.create(
        nomination=nomination,
        position=3,
        slug="year",
        kind=PromptKind.YEAR,
        label={"en": "Year of introduction", "ru": "Год внедрения"},
        minimum=2020,
        minimum_message={
            "en": "The technology must have been introduced in 2020 or later.",
            "ru": "Технология должна быть внедрена не ранее 2020 года.",
        },
    )
    return nomination


@pytest.fixture
def draft(nomination: Nomination, organisation: Organisation, nominee: User) -> Entry:
    return make_entry(nomination, organisation, nominee)


@pytest.fixture
def submitted_entry(nomination: Nomination, organisation: Organisation, nominee: User) -> Entry:
    return make_entry(nomination, organisation, nominee, EntryStatus.SUBMITTED)


@pytest.fixture
def admitted_entry(nomination: Nomination, organisation: Organisation, nominee: User) -> Entry:
    return make_entry(nomination, organisation, nominee, EntryStatus.ADMITTED)


@pytest.fixture
def rubric(season: Season) -> Rubric:
    return make_rubric(season, "essay")


@pytest.fixture
def jury(season: Season) -> Jury:
    return Jury.objects.create(season=season, slug="expert", name={"en": "Expert jury"})


@pytest.fixture
def agreement(season: Season) -> Agreement:
    return Agreement.objects.create(
        season=season, version="1", text={"en": "I keep what I read to myself."}
    )


@pytest.fixture
def essay_round(season: Season, rubric: Rubric, jury: Jury) -> Round:
    round_ = Round.objects.create(
        season=season,
        slug="essay",
        name={"en": "Essays"},
        stage=Stage.objects.get(season=season, kind=StageKind.JUDGING),
        rubric=rubric,
        weight=Decimal(50),
        quorum=1,
    )
    round_.juries.add(jury)
    return round_


@pytest.fixture
def defence_round(season: Season, jury: Jury) -> Round:
    round_ = Round.objects.create(
        season=season,
        slug="defence",
        name={"en": "Defence"},
        stage=Stage.objects.get(season=season, kind=StageKind.DEFENCE),
        rubric=make_rubric(season, "defence"),
        entrants=Entrants.FINALISTS,
        weight=Decimal(50),
        quorum=1,
    )
    round_.juries.add(jury)
    return round_


@pytest.fixture
def judge(jury: Jury, judge_user: User, agreement: Agreement) -> Judge:
    return make_judge(jury, judge_user, agreement, position="CX director", employer="Aster")


@pytest.fixture
def conflicted_judge(
    jury: Jury, conflicted_judge_user: User, agreement: Agreement, organisation: Organisation
) -> Judge:
    """A judge who belongs to the organisation of the entries `draft`, `submitted_entry`…."""
    Membership.objects.create(
        user=conflicted_judge_user, organisation=organisation, role=MemberRole.VIEWER
    )
    return make_judge(jury, conflicted_judge_user, agreement)


@pytest.fixture
def assignment(essay_round: Round, judge: Judge, admitted_entry: Entry) -> Assignment:
    return Assignment.objects.create(round=essay_round, judge=judge, entry=admitted_entry)


@pytest.fixture
def judging_open(season: Season) -> Callable[[], None]:
    """Move the stages so that judging is open now."""

    def move(kind: str = StageKind.JUDGING) -> None:
        stages = list(season.stages.order_by("opens_at"))
        target = next(stage for stage in stages if stage.kind == kind)
        shift = timezone.now() - timedelta(days=1) - target.opens_at
        for stage in stages:
            Stage.objects.filter(pk=stage.pk).update(
                opens_at=stage.opens_at + shift, closes_at=stage.closes_at + shift
            )

    return move


@pytest.fixture
def noon() -> datetime:
    """A fixed moment for tests that freeze the clock."""
    return datetime(2022, 1, 10, 12, 0, tzinfo=UTC)
