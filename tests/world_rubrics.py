"""What the world has for rubrics: a draft version that the nominee is consulted on."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from judging.models import Consultation, Invitee, Phase, Rubric, SplitCriterion
from judging.rubrics import copy_rubric

if TYPE_CHECKING:
    from tests.world import World


def add_rubrics(world: "World") -> None:
    """The next version of the rubric of the essays."""
    consult(world, copy_rubric(world.rounds["essay"].rubric, by=world.person("organiser")))


def consult(world: "World", draft: Rubric) -> None:
    """Ask the nominee about a draft with a phase and a split criterion."""
    Phase.objects.create(rubric=draft, position=1, slug="intent", name={"en": "Intent"})
    SplitCriterion.objects.create(
        dimension=draft.dimensions.get(), slug="voice", name={"en": "Voice"}
    )
    now = timezone.now()
    consultation = Consultation.objects.create(
        rubric=draft,
        text={"en": "What do you think?"},
        opens_at=now - timedelta(days=1),
        closes_at=now + timedelta(days=7),
    )
    nominee = world.person("nominee")
    Invitee.objects.create(consultation=consultation, email=nominee.email, user=nominee)
