"""What the world has for the pages of publication: a ceremony in preparation, a page of a finalist."""

from io import BytesIO
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile
from PIL import Image

from results.models import CHOICES, Disclosure, LaureatePage, PageState, Release

if TYPE_CHECKING:
    from tests.world import World


def add_publishing(world: "World") -> None:
    """The laureates are to be revealed at a ceremony; a finalist's page is published."""
    Release.objects.filter(rule=world.rules["laureate"]).update(by_ceremony=True)
    Disclosure.objects.create(season=world.season, **dict.fromkeys(CHOICES, True))
    drawn = BytesIO()
    Image.new("RGB", (8, 8)).save(drawn, format="JPEG")
    page = LaureatePage(
        entry=world.entries["admitted"],
        summary={"en": "We answer within a minute."},
        alt="A team",
        state=PageState.PUBLISHED,
    )
    page.picture.save("picture.jpg", ContentFile(drawn.getvalue()))
