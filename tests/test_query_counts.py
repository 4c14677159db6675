"""Every list page asks the database as often for thirty rows as for three."""

import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import MemberRole, Membership, Organisation, User
from audit.services import record
from diplomas.models import Diploma
from judging.models import (
    Advancement,
    Agreement,
    Assignment,
    AvoidPair,
    Bid,
    Conflict,
    Consent,
    DefenceSlot,
    Judge,
    Jury,
    JuryInvitation,
    Mark,
    Meeting,
    Objection,
    PaperSheet,
    Registration,
    Round,
    Sample,
    Scorecard,
    SiteVisit,
)
from nominations.models import Category, EntryStatus, Prerequisite, Recommendation, Vetter
from nominations.services.codes import make_poster_code
from outbox.jobs import enqueue
from outbox.services import hold_queue, post
from results.models import (
    Appeal,
    Decision,
    Feedback,
    JuryComment,
    LaureatePage,
    PageState,
    PublishedResult,
    Release,
    Standing,
)
from seasons.models import Extension, Programme, Season, Stage, StageKind
from tests.addresses import admin_models
from tests.factories import make_entry, make_nomination, make_person, make_rubric
from tests.world import World, build_world
from tests.world_judging import criteria_of
from tests.world_rubrics import consult

MOST = 25
FEW, MANY = 3, 30
ClientOf = Callable[[User | None], Client]


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


class Crowd:
    """Makes the season larger, a row of each kind at a time."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.size = 0

    def grow_to(self, size: int) -> None:
        """Add until there are so many of each beyond the world's own."""
        with hold_queue():
            while self.size < size:
                self.size += 1
                self.add_catalogue(self.size)
                self.add_entry(self.size)
                self.add_clock(self.size)
                self.add_office(self.size)

    def add_catalogue(self, n: int) -> None:
        """A category with a nomination, a jury with a judge, a rubric with a round."""
        season = self.world.season
        category = Category.objects.create(
            season=season, slug=f"c{n}", number=100 + n, name={"en": f"Category {n}"}
        )
        make_nomination(category, 100 + n, f"Nomination {n}")
        self.add_channels(n)
        consult(self.world, make_rubric(season, f"draft{n}"))
        jury = Jury.objects.create(season=season, slug=f"j{n}", name={"en": f"Jury {n}"})
        person = make_person(f"judge{n}@example.org", f"Judge {n:02d}")
        judge = Judge.objects.create(jury=jury, user=person, employer="Aster")
        JuryInvitation.objects.create(
            jury=jury,
            email=f"invited{n}@example.org",
            language="en",
            invited_by=self.world.person("organiser"),
            token_sha256=f"{n:064d}",
            expires_at=timezone.now() + timedelta(days=5),
        )
        Registration.objects.create(
            jury=jury, user=person, profile="observer", email_key=person.email
        )
        Bid.objects.create(judge=judge, nomination=self.world.nomination, wish="want")
        AvoidPair.objects.create(season=season, one=self.world.person("judge"), other=person)
        Vetter.objects.create(season=season, user=person)
        agreement = Agreement.objects.create(
            season=self.world.other_season, version=f"v{n}", text={"en": "Quiet."}
        )
        Consent.objects.create(
            agreement=agreement,
            user=person,
            language="en",
            text_sha256="0" * 64,
            given_at=timezone.now(),
        )
        round_ = Round.objects.create(
            season=season,
            slug=f"r{n}",
            name={"en": f"Round {n}"},
            stage=season.stages.get(slug="judging"),
            rubric=make_rubric(season, f"rubric{n}"),
        )
        Sample.objects.create(round=round_, slug="sample", title={"en": f"Sample {n}"})

    def add_channels(self, n: int) -> None:
        """A code, a recommendation and a prerequisite that no nomination of an entry asks for."""
        season, by = self.world.season, self.world.person("organiser")
        make_poster_code(season, by=by, label=f"Poster {n}")
        Recommendation.objects.create(
            season=season,
            recommended_by=self.world.person("nominee"),
            organisation_name=f"Team {n}",
            contact_name="Somebody",
            contact_email=f"team{n}@example.org",
            reason="They listen.",
            idempotency_key=uuid4(),
        )
        prerequisite = Prerequisite.objects.create(
            season=season, slug=f"p{n}", position=n, name={"en": f"Certificate {n}"}
        )
        prerequisite.nominations.add(season.nominations.get(number=100 + n))

    def add_entry(self, n: int) -> None:
        """An entry with everything that hangs on it."""
        world = self.world
        organisation = Organisation.objects.create(name=f"Company {n:02d}")
        Membership.objects.create(
            user=world.person("nominee"), organisation=organisation, role=MemberRole.OWNER
        )
        entry = make_entry(
            world.nomination, organisation, world.person("nominee"), EntryStatus.ADMITTED
        )
        judge = world.assignments["submitted"].judge
        for name in ("essay", "defence"):
            round_ = world.rounds[name]
            if name == "defence":
                Advancement.objects.create(round=round_, entry=entry)
            assignment = Assignment.objects.create(round=round_, judge=judge, entry=entry)
            revision = entry.revisions.get()
            card = Scorecard.objects.create(assignment=assignment, revision=revision)
            criterion = criteria_of(round_.rubric)[0]
            Mark.objects.create(scorecard=card, criterion=criterion, value=Decimal(5), version=1)
            if name == "defence":
                PaperSheet.objects.create(
                    assignment=assignment, key=uuid4(), entered_by=world.person("organiser")
                )
        DefenceSlot.objects.create(
            round=world.rounds["defence"],
            entry=entry,
            starts_at=timezone.now() + timedelta(hours=n),
            minutes=20,
        )
        visits, at = world.rounds["visits"], timezone.now() + timedelta(days=n)
        Advancement.objects.create(round=visits, entry=entry)
        SiteVisit.objects.create(
            round=visits, entry=entry, place="A hall", starts_at=at, ends_at=at + timedelta(hours=1)
        )
        self.add_outcome(n, entry)
        Objection.objects.create(
            entry=entry,
            judge=judge,
            reason="They were our supplier.",
            made_by=world.person("nominee"),
        )
        Appeal.objects.create(
            rule=world.rules["finalist"],
            release=world.rules["finalist"].releases.get(state="released"),
            entry=entry,
            ground="facts",
            text="A table was overlooked.",
            idempotency_key=uuid4(),
            filed_by=world.person("nominee"),
            filed_at=timezone.now(),
        )
        Conflict.objects.create(
            user=world.person("stranger"),
            entry=entry,
            reason="A friend.",
            declared_by=world.person("stranger"),
        )

    def add_outcome(self, n: int, entry) -> None:
        """A standing, a decision, a published result, a diploma and feedback."""
        world = self.world
        now, by = timezone.now(), world.person("organiser")
        release = Release.objects.get(rule=world.rules["finalist"], state="released")
        first = world.rules["finalist"].standings.earliest("pk")
        standing = Standing.objects.create(
            rule=world.rules["finalist"],
            nomination=world.nomination,
            method="mean",
            inputs=first.inputs,
            inputs_sha256="0" * 64,
            computed_at=now,
            computed_by=by,
        )
        for row in first.rows.all():
            row.pk, row.standing = None, standing
            row.save()
        Decision.objects.create(
            rule=world.rules["laureate"],
            entry=entry,
            standing=standing,
            confirmed_by=by,
            confirmed_at=now,
        )
        PublishedResult.objects.create(
            release=release,
            season=world.season,
            nomination=world.nomination,
            entry=entry,
            kind="finalist",
            organisation_name=entry.organisation.name,
            published_at=now,
        )
        Diploma.objects.create(
            season=world.season,
            entry=entry,
            kind="finalist",
            number=f"CX22-D9{n:03d}",
            language="en",
            issued_at=now,
        )
        Feedback.objects.create(
            entry=entry, stage=world.season.stages.get(slug="feedback"), content={"rounds": []}
        )
        Meeting.objects.create(
            round=world.rounds["essay"],
            entry=entry,
            decision="The marks stay.",
            opened_by=by,
            opened_at=now,
            closed_by=by,
            closed_at=now,
        )
        JuryComment.objects.create(
            entry=entry, round=world.rounds["essay"], sha256=f"{n:064d}", text="Well told."
        )
        LaureatePage.objects.create(
            entry=entry, summary={"en": "We answer fast."}, state=PageState.APPROVED
        )
        Release.objects.create(
            rule=world.rules["finalist"],
            state="cancelled",
            not_before=now,
            armed_by=by,
            armed_at=now,
        )

    def add_clock(self, n: int) -> None:
        """A stage with an extension, and another programme with a season."""
        season, now = self.world.season, timezone.now()
        stage = Stage.objects.create(
            season=season,
            slug=f"s{n}",
            kind=StageKind.DEFENCE,
            name={"en": f"Stage {n}"},
            opens_at=now,
            closes_at=now + timedelta(days=n),
        )
        Extension.objects.create(
            stage=stage,
            until=now + timedelta(days=90),
            reason="Snow.",
            granted_by=self.world.person("organiser"),
        )
        programme = Programme.objects.create(slug=f"p{n}", name={"en": f"Programme {n}"})
        other = Season.objects.create(
            programme=programme, slug=f"p{n}", code=f"P{n}", name={"en": f"Season {n}"}
        )
        Stage.objects.create(
            season=other,
            slug="entry",
            kind=StageKind.ENTRY,
            name={"en": "Entries"},
            opens_at=now - timedelta(days=1),
            closes_at=now + timedelta(days=n),
        )

    def add_office(self, n: int) -> None:
        """A message, a job and a line of the log."""
        record("crowd.grew", by=None, about=self.world.season, data={"to": n})
        post("account-notice", effect_key=f"crowd{n}", to=self.world.person("nominee"))
        enqueue("announce-feedback", effect_key=f"crowd{n}", args={"stage": 1})


def queries(client: Client, path: str) -> int:
    """How often a page asks, once what is kept between requests is there."""
    client.get(path)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200, path
    return len(asked)


PAGES = {
    "seasons:home": ("anonymous", []),
    "seasons:season": ("anonymous", ["cx-2022"]),
    "nominations:nomination_list": ("anonymous", ["cx-2022"]),
    "judging:jury": ("anonymous", ["cx-2022"]),
    "results:results": ("anonymous", ["cx-2022"]),
    "accounts:desk": ("nominee", []),
    "nominations:enter": ("nominee", ["cx-2022"]),
    "nominations:vetting": ("organiser", ["cx-2022"]),
    "nominations:recommend": ("nominee", ["cx-2022"]),
    "judging:desk": ("judge", []),
    "judging:defence": ("judge", ["cx-2022"]),
    "judging:rubrics": ("anonymous", ["cx-2022"]),
    "results:print": ("anonymous", ["cx-2022"]),
    "results:widget": ("anonymous", ["cx-2022"]),
    "results:feed": ("anonymous", ["cx-2022"]),
    "results:methodology": ("anonymous", ["cx-2022"]),
    "results:sitemap": ("anonymous", []),
}


def pages_of_rows(world: World) -> dict[str, tuple[str, str]]:
    """Lists that hang on a row: role and address."""
    essay, finalist = world.rounds["essay"].pk, world.rules["finalist"].pk
    programme = world.season.programme.slug
    defence = world.rounds["defence"].pk
    moderated = reverse("admin:results_outcomerule_laureate_pages", args=[finalist])
    meetings = reverse("admin:results_outcomerule_discussions", args=[finalist])
    comments = reverse("admin:results_outcomerule_comments", args=[finalist])
    return {
        "ballots of the public jury": ("judge", reverse("judging:ballots", args=[essay])),
        "marks from paper": ("organiser", reverse("judging:papers", args=[defence])),
        "plan of the defence": ("organiser", reverse("judging:plan", args=[defence])),
        "who has scored samples": (
            "organiser",
            reverse("judging:calibration_judges", args=[essay]),
        ),
        "own entries side by side": ("judge", reverse("judging:comparison", args=[essay])),
        "page of the chair": ("chair", reverse("judging:chair", args=[essay])),
        "archive": ("anonymous", reverse("results:archive", args=[programme])),
        "pages of the nominees": ("organiser", moderated),
        "comments of the jury": ("organiser", comments),
        "summaries of meetings": ("organiser", meetings),
    }


# Pages of the console of an outcome; the latter are about one nomination.
CONSOLE = ["console", "confirm_all", "release", "rules", "disclosure", "preview"]
CONSOLE_OF_NOMINATION = ["nomination", "firmness", "reviews"]


def consoles(world: World) -> dict[str, str]:
    """Every page of both consoles that lists something."""
    found = {}
    for kind, rule in world.rules.items():
        for name in CONSOLE:
            path = reverse(f"admin:results_outcomerule_{name}", args=[rule.pk])
            found[f"{name} of {kind}"] = path
        for name in CONSOLE_OF_NOMINATION:
            arguments = [rule.pk, world.nomination.number]
            path = reverse(f"admin:results_outcomerule_{name}", args=arguments)
            found[f"{name} of {kind}"] = path
    laureate = world.rules["laureate"].pk
    for name in ("release_confirm", "ceremony"):
        path = reverse(f"admin:results_outcomerule_{name}", args=[laureate])
        found[f"{name} of laureates"] = path
    return found


def test_list_pages_ask_as_often_for_thirty_rows_as_for_three(
    db: None, client_of: ClientOf
) -> None:
    world = build_world()
    crowd = Crowd(world)
    superuser = client_of(world.person("superuser"))
    pages = {
        name: (client_of(world.people[role]), reverse(name, args=arguments))
        for name, (role, arguments) in PAGES.items()
    }
    for name, (role, path) in pages_of_rows(world).items():
        pages[name] = (client_of(world.people[role]), path)
    pages["admin:index"] = (superuser, reverse("admin:index"))
    for name in admin_models():
        pages[name] = (superuser, reverse(f"admin:{name}_changelist"))
    for name, path in consoles(world).items():
        pages[name] = (superuser, path)

    crowd.grow_to(FEW)
    few = {name: queries(client, path) for name, (client, path) in pages.items()}
    crowd.grow_to(MANY)
    many = {name: queries(client, path) for name, (client, path) in pages.items()}

    growing = {name: (few[name], many[name]) for name in pages if few[name] != many[name]}
    assert growing == {}
    assert {name: count for name, count in many.items() if count > MOST} == {}


def test_the_lists_of_the_back_office_are_long_in_this_proof(db: None, client_of: ClientOf) -> None:
    world = build_world()
    Crowd(world).grow_to(MANY)

    # A season keeps two outcomes and one set of rules about interests; every other list really grew.
    lengths = {
        name: model._default_manager.count()
        for name, model in admin_models().items()
        if name not in {"results_outcomerule", "judging_conflictrules"}
    }
    assert {name: count for name, count in lengths.items() if count < MANY} == {}
    assert len(lengths) == len(admin.site._registry) - 2
