"""One season with a full cast and one row of each kind, for the proofs about access.

Everything that can run at once does: entries are open, judging is open, finalists are released,
laureates are decided but secret, and one entry's feedback is shown while the other's is not yet.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.utils import timezone
from PIL import Image

from accounts.models import MemberRole, Membership, Organisation, OrganisationInvitation, User
from accounts.services.invitations import digest
from audit.services import record
from diplomas.models import Diploma
from judging.models import (
    Assignment,
    Conflict,
    DefenceSlot,
    Round,
    Scorecard,
)
from nominations.models import (
    Attachment,
    Category,
    Comment,
    Entry,
    EntryCode,
    EntryInvitation,
    EntryShare,
    EntryStatus,
    Hint,
    MissingRule,
    Nomination,
    Page,
    ParticipantRole,
    Prerequisite,
    Purpose,
    Recommendation,
    Reopening,
    ShareRole,
    Upload,
    Vetter,
)
from nominations.services import add_attachment, admit_entry, submit_entry
from nominations.services.codes import make_poster_code
from nominations.services.recommendations import recommend
from nominations.services.uploads import begin_upload
from nominations.slots import Slot
from results.models import Feedback, OutcomeRule, Release
from seasons.models import Channel, Extension, Organiser, Programme, Season, Stage, StageKind
from tests.factories import make_entry, make_nomination, make_person
from tests.world_appeals import add_appeals
from tests.world_defence import add_defence
from tests.world_desk import add_samples
from tests.world_feedback import add_feedback
from tests.world_judging import add_conflicts, add_judging, add_results, add_wishes
from tests.world_juries import add_juries
from tests.world_publishing import add_publishing
from tests.world_rubrics import add_rubrics
from tests.world_visits import add_visits

ROLES = (
    "anonymous",
    "nominee",
    "stranger",
    "judge",
    "conflicted",
    "chair",
    "organiser",
    "elsewhere",
    "superuser",
    "barred",
)
"""Who knocks: a visitor; the applicant; another applicant; the assigned judge; a judge who belongs to
the applicant; the chair; an organiser; another programme's; a superuser; an organiser in conflict."""


@dataclass
class World:
    """The cast by role, and the rows the proofs speak of."""

    people: dict[str, User | None]
    season: Season
    other_season: Season
    secret_season: Season
    organisation: Organisation
    nomination: Nomination
    entries: dict[str, Entry] = field(default_factory=dict)
    files: dict[str, Attachment] = field(default_factory=dict)
    assignments: dict[str, Assignment] = field(default_factory=dict)
    scorecards: dict[str, Scorecard] = field(default_factory=dict)
    diplomas: dict[str, Diploma] = field(default_factory=dict)
    rules: dict[str, OutcomeRule] = field(default_factory=dict)
    rounds: dict[str, Round] = field(default_factory=dict)
    rows: dict[type[models.Model], Any] = field(default_factory=dict)
    people_rows: dict[str, dict[str, Any]] = field(default_factory=dict)

    def person(self, role: str) -> User:
        """Somebody who is signed in."""
        found = self.people[role]
        assert found is not None
        return found


STAGES = [
    ("entry", StageKind.ENTRY, -20, 10),
    ("judging", StageKind.JUDGING, -15, 8),
    ("finalists", StageKind.FINALISTS, -10, 20),
    ("defence", StageKind.DEFENCE, -5, 15),
    ("early-feedback", StageKind.FEEDBACK, -2, 90),
    ("ceremony", StageKind.CEREMONY, 20, 25),
    ("feedback", StageKind.FEEDBACK, 25, 90),
]


def build_world() -> World:
    """Fill the database, mostly through the services people use."""
    season, other_season = make_season("cx", "CX22"), make_season("other", "OT22")
    secret_season = make_secret_season(season.programme)
    people = make_cast(season, other_season)
    organisation = Organisation.objects.create(name="Camomile Ltd")
    rival_organisation = Organisation.objects.create(name="Sunflower Ltd")
    nominee, stranger = people["nominee"], people["stranger"]
    assert nominee is not None
    assert stranger is not None
    Membership.objects.create(user=nominee, organisation=organisation, role=MemberRole.OWNER)
    Membership.objects.create(user=stranger, organisation=rival_organisation, role=MemberRole.OWNER)
    category = Category.objects.create(
        season=season, slug="corporate", number=1, name={"en": "Corporate"}
    )
    nomination = make_nomination(category, 1, "Human-centred experience")
    world = World(people, season, other_season, secret_season, organisation, nomination)
    better = make_nomination(category, 2, "Best team")
    Hint.objects.create(nomination=nomination, better=better, text={"en": "Teams go there."})
    add_entries(world, organisation, rival_organisation)
    add_people(world)
    add_judging(world)
    add_conflicts(world)
    add_wishes(world)
    add_results(world)
    add_publishing(world)
    add_feedback(world)
    add_rubrics(world)
    add_samples(world)
    add_appeals(world)
    add_channels(world)
    add_vetting(world)
    add_juries(world)
    add_visits(world)
    add_defence(world)
    collect_rows(world)
    return world


def make_season(slug: str, code: str) -> Season:
    """A season of a programme of its own, with its stages around today."""
    programme = Programme.objects.create(slug=slug, name={"en": f"{slug.title()} award"})
    season = Season.objects.create(
        programme=programme,
        slug=f"{slug}-2022",
        code=code,
        name={"en": f"{slug.title()} award 2022"},
        about={"en": "What it is about."},
        rules={"en": "How it goes."},
        time_zone="Europe/Moscow",
        language="en",
        moderate_comments=False,
    )
    now = timezone.now()
    for name, kind, opens, closes in STAGES:
        Stage.objects.create(
            season=season,
            slug=name,
            kind=kind,
            name={"en": name.title()},
            opens_at=now + timedelta(days=opens),
            closes_at=now + timedelta(days=closes),
        )
    return season


def make_secret_season(programme: Programme) -> Season:
    """Next year's season, which nobody but its organisers may see yet."""
    season = Season.objects.create(
        programme=programme, slug="next", code="CX23", name={"en": "Next"}, published=False
    )
    category = Category.objects.create(season=season, slug="one", number=1, name={"en": "One"})
    make_nomination(category, 1, "Something new")
    return season


def make_cast(season: Season, other_season: Season) -> dict[str, User | None]:
    """Everybody, by role."""
    people: dict[str, User | None] = {"anonymous": None}
    for role in ROLES[1:]:
        staff = role in {"organiser", "elsewhere", "superuser", "barred"}
        people[role] = make_person(
            f"{role}@example.org",
            f"{role.title()} Person",
            is_staff=staff,
            is_superuser=role == "superuser",
        )
    people["second"] = make_person("second@example.org", "Second Organiser", is_staff=True)
    for role, of in [
        ("organiser", season),
        ("second", season),
        ("barred", season),
        ("elsewhere", other_season),
    ]:
        user = people[role]
        assert user is not None
        Organiser.objects.create(programme=of.programme, user=user)
    return people


def add_entries(world: World, organisation: Organisation, rival: Organisation) -> None:
    """The applicant's entries in every status, and one admitted entry of a rival."""
    nominee, organiser = world.person("nominee"), world.person("organiser")
    for status in (EntryStatus.DRAFT, EntryStatus.SUBMITTED):
        world.entries[status] = make_entry(world.nomination, organisation, nominee, status)
    for status in (EntryStatus.WITHDRAWN, EntryStatus.DISQUALIFIED):
        world.entries[status] = make_entry(
            world.nomination, organisation, nominee, status, status_reason="Said so."
        )
    world.files["draft"] = add_attachment(world.entries["draft"], picture(), by=nominee)
    admitted = make_entry(world.nomination, organisation, nominee)
    admitted.participants.create(
        name=organisation.name, role=ParticipantRole.CLIENT, organisation=organisation
    )
    world.files["admitted"] = add_attachment(admitted, picture(), by=nominee)
    submit_entry(admitted, by=nominee, key=uuid4())
    world.entries["admitted"] = admit_entry(admitted, by=organiser)
    for subject in ("draft", "admitted"):
        page = Page(attachment=world.files[subject], number=1, width=8, height=8, text="Words.")
        page.image.save("1.png", picture(), save=False)
        page.save()
    world.rows[Upload] = begin_upload(
        world.entries["draft"], Slot(), by=nominee, key=uuid4(), name="survey.pdf", size=10
    )
    record(
        "entry.copied",
        by=nominee,
        about=world.entries["draft"],
        data={"key": str(uuid4()), "to": world.entries["admitted"].pk},
    )
    world.entries["rival"] = make_entry(
        world.nomination, rival, world.person("stranger"), EntryStatus.ADMITTED, title="Sunny side"
    )


def add_channels(world: World) -> None:
    """A poster's code, a recommendation that waits, and an entry that shows a document."""
    season, organiser, nominee = world.season, world.person("organiser"), world.person("nominee")
    season.channels = [channel.value for channel in Channel]
    season.save(update_fields=["channels"])
    make_poster_code(season, by=organiser, label="Poster")
    recommend(
        season,
        by=nominee,
        organisation_name="Bluebell Ltd",
        contact_name="Bella Blue",
        contact_email="bella@example.org",
        reason="They answer before one asks.",
        key=uuid4(),
    )
    nomination = make_nomination(world.nomination.category, 3, "Certified service")
    prerequisite = Prerequisite.objects.create(
        season=season, slug="ccsm", name={"en": "CCSM"}, missing=MissingRule.CONDITIONAL
    )
    prerequisite.nominations.add(nomination)
    entry = make_entry(nomination, world.organisation, nominee, EntryStatus.SUBMITTED)
    add_attachment(
        entry, picture(), by=nominee, purpose=Purpose.CREDENTIAL, prerequisite=prerequisite
    )
    world.entries["documents"] = entry
    entry.credentials.update(number="CCSM-7", issuer="Consortium")


def picture(name: str = "evidence.png") -> SimpleUploadedFile:
    """A small file people may attach."""
    data = BytesIO()
    Image.new("RGB", (8, 8), "white").save(data, "PNG")
    return SimpleUploadedFile(name, data.getvalue(), content_type="image/png")


TO_ORGANISATION = "secret-link-to-the-organisation"
TO_ENTRY = "secret-link-to-the-entry"


def add_people(world: World) -> None:
    """Somebody is invited to the organisation, somebody to each entry, and they talk about them."""
    nominee, until = world.person("nominee"), timezone.now() + timedelta(days=14)
    asked: dict[str, Any] = {"invited_by": nominee, "expires_at": until}
    world.rows[OrganisationInvitation] = OrganisationInvitation.objects.create(
        organisation=world.organisation,
        email="colleague@example.org",
        role=MemberRole.VIEWER,
        token_sha256=digest(TO_ORGANISATION),
        **asked,
    )
    client = make_person("client@example.org", "Client Person")
    for name, entry in world.entries.items():
        if entry.organisation != world.organisation:
            continue
        invitation = EntryInvitation.objects.create(
            entry=entry,
            email="client@example.org",
            role=ShareRole.VIEW,
            token_sha256=digest(TO_ENTRY + ("" if name == "admitted" else name)),
            **asked,
        )
        share = EntryShare.objects.create(entry=entry, user=client, role=ShareRole.VIEW)
        comment = Comment.objects.create(
            entry=entry, author=nominee, text="Between us.", idempotency_key=uuid4()
        )
        world.people_rows[name] = {"invitation": invitation, "share": share, "comment": comment}


def add_vetting(world: World) -> None:
    """Somebody is in the vetting team, and the withdrawn entry has extra time."""
    world.rows[Vetter] = Vetter.objects.create(
        season=world.season, user=make_person("vetter@example.org", "Vetter Person")
    )
    world.rows[Reopening] = Reopening.objects.create(
        entry=world.entries["withdrawn"],
        until=timezone.now() + timedelta(days=40),
        reason="You asked for it.",
        granted_by=world.person("organiser"),
    )


def collect_rows(world: World) -> None:
    """One row of each model that is about the applicant's admitted entry or its season."""
    season, admitted = world.season, world.entries["admitted"]
    Extension.objects.create(
        stage=season.stages.get(slug="entry"),
        organisation=world.organisation,
        until=timezone.now() + timedelta(days=12),
        reason="A flood.",
        granted_by=world.person("organiser"),
    )
    about_entry: list[models.Model] = [
        admitted,
        world.assignments["submitted"],
        world.scorecards["submitted"],
        world.diplomas["admitted"],
        Feedback.objects.get(entry=admitted),
        DefenceSlot.objects.get(entry=admitted),
        Release.objects.get(rule=world.rules["laureate"]),
        Conflict.objects.get(),
        world.organisation,
        world.nomination,
        world.season,
        world.rules["laureate"],
        EntryCode.objects.get(),
        Recommendation.objects.get(),
        Prerequisite.objects.get(),
        world.person("nominee"),
        *[relation.first() for relation in related(admitted)],
    ]
    for row in about_entry:
        world.rows.setdefault(type(row), row)


def related(entry: Entry) -> list[Any]:
    """Everything else that hangs on an entry."""
    return [
        entry.attachments,
        entry.answers,
        entry.revisions,
        entry.participants,
        entry.decisions,
        entry.published_results,
        entry.standing_rows,
    ]
