"""A public jury, an invitation that waits, an objection, and portraits, for the proofs about access.

The judge sits on the public jury as well: the member's view of the matrix.
"""

from io import BytesIO
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image

from accounts.services.invitations import VALID, digest
from judging.models import (
    Admission,
    ConflictRules,
    Handout,
    Judge,
    Jury,
    JuryInvitation,
    JuryKind,
    Objection,
    PanelWeight,
)
from judging.services.registering import register_for_jury

if TYPE_CHECKING:
    from tests.world import World

TO_JURY = "the-secret-of-a-letter-to-a-judge"


def square() -> ContentFile[bytes]:
    """A small portrait."""
    data = BytesIO()
    Image.new("RGB", (8, 8), "white").save(data, "JPEG")
    return ContentFile(data.getvalue())


def add_juries(world: "World") -> None:
    """The rows, and the fields the pages of a jury need."""
    season, member = world.season, world.person("judge")
    crowd = Jury.objects.create(
        season=season,
        slug="public",
        kind=JuryKind.PUBLIC,
        name={"en": "Public jury"},
        about={"en": "Because customers know."},
        admission=Admission.OPEN,
        handout=Handout.ALL,
    )
    essay = world.rounds["essay"]
    weighed = [(jury, 80) for jury in essay.juries.all()]
    essay.juries.add(crowd)
    for jury, weight in [*weighed, (crowd, 20)]:
        PanelWeight.objects.create(round=essay, jury=jury, weight=weight)
    registration = register_for_jury(crowd, by=member, profile="observer")
    assert registration.judge is not None
    registration.judge.photo.save("me.jpg", square())
    judge = world.assignments["submitted"].judge
    judge.photo.save("me.jpg", square())
    ConflictRules.objects.filter(season=season).update(
        objections=True, objections_until=timezone.now() + VALID
    )
    Objection.objects.create(
        entry=world.entries["admitted"],
        judge=world.assignments["chair"].judge,
        reason="They were our supplier.",
        made_by=world.person("nominee"),
    )
    JuryInvitation.objects.create(
        jury=judge.jury,
        email="invited@example.org",
        language="en",
        invited_by=world.person("organiser"),
        token_sha256=digest(TO_JURY),
        expires_at=timezone.now() + VALID,
    )


def unlisted(world: "World") -> Judge:
    """The judge's seat on the public jury."""
    return Judge.objects.get(user=world.person("judge"), jury__kind=JuryKind.PUBLIC)
