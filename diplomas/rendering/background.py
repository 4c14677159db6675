"""What all diplomas of a season share: ornament, logo, title, signatures. Drawn once, then kept."""

from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO

from django.template.loader import render_to_string

from diplomas.rendering.content import DiplomaContent, Kind, Language
from diplomas.rendering.drawing import draw, html_language
from diplomas.rendering.fitting import Room
from diplomas.rendering.guilloche import artwork
from diplomas.rendering.labels import LABELS
from diplomas.rendering.page import setting
from diplomas.rendering.resources import Resources, cleaned_logo

BACKGROUNDS_KEPT = 32
NAME_ROOM = Room(30, 8.5, 2)
POSITION_ROOM = Room(30, 7.5, 3)


@dataclass(frozen=True)
class Background:
    """The part of a diploma's content that its background depends on: the key of the cache."""

    kind: Kind
    language: Language
    lang: str
    programme: str
    season: str
    signatories: tuple[tuple[str, str], ...]
    accent: str
    logo: bytes | None = field(repr=False)

    @classmethod
    def of(cls, content: DiplomaContent) -> "Background":
        """The background of a diploma."""
        return cls(
            content.kind,
            content.language,
            html_language(content),
            content.programme,
            content.season,
            content.signatories,
            content.accent,
            content.logo,
        )


@lru_cache(maxsize=BACKGROUNDS_KEPT)
def background(ground: Background) -> bytes:
    """A PDF file whose /Ground is the page without its names, as a form to place under others."""
    html, files = composed(ground)
    file = BytesIO()
    with draw(html, Resources(files)) as pdf:
        pdf.Root["/Ground"] = pdf.make_indirect(pdf.pages[0].as_form_xobject())
        del pdf.pages[0]
        pdf.save(file)
    return file.getvalue()


def composed(ground: Background) -> tuple[str, dict[str, bytes]]:
    """The background as HTML, and the pictures it shows by name."""
    labels, language = LABELS[ground.language], ground.language
    files = {"artwork.svg": artwork(ground.kind, ground.accent).encode()}
    if ground.logo is not None:
        files["logo.svg"] = cleaned_logo(ground.logo)
    blocks = {
        "programme": setting(ground.programme, "strong", Room(170, 12), language),
        "season": setting(ground.season, "text", Room(170, 9.5), language),
        "title": setting(labels.titles[ground.kind], "display", Room(230, 44), language),
    }
    signatories = [
        (
            setting(name, "strong", NAME_ROOM, language),
            setting(position, "text", POSITION_ROOM, language),
        )
        for name, position in ground.signatories
    ]
    html = render_to_string(
        "diplomas/pdf/background.html",
        {"ground": ground, "labels": labels, "blocks": blocks, "signatories": signatories},
    )
    return html, files
