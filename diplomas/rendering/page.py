"""The page of names: every text of a diploma broken into lines and sized for its place."""

from dataclasses import dataclass

from diplomas.rendering.code import qr_operators
from diplomas.rendering.content import DiplomaContent, Language
from diplomas.rendering.drawing import html_language
from diplomas.rendering.errors import MissingGlyphs
from diplomas.rendering.fitting import Fitted, Room, fit
from diplomas.rendering.fonts import stack_for
from diplomas.rendering.labels import LABELS, Labels, quoted


def setting(text: str, role: str, room: Room, language: Language) -> Fitted:
    """Set a text in the faces of a role; refuse it when a character would print as a box."""
    stack = stack_for(text, role, language)
    if missing := stack.missing(text):
        raise MissingGlyphs(missing)
    return fit(text, stack, room)


@dataclass(frozen=True)
class Page:
    """What stands on one diploma besides its background, ready to be drawn."""

    content: DiplomaContent
    blocks: dict[str, Fitted]
    code: bytes

    @property
    def labels(self) -> Labels:
        """The fixed words in its language."""
        return LABELS[self.content.language]

    @property
    def lang(self) -> str:
        """Its language tag."""
        return html_language(self.content)

    @classmethod
    def of(cls, content: DiplomaContent) -> "Page":
        """Set the texts of a diploma."""
        labels, language = LABELS[content.language], content.language
        title = quoted(content.entry_title, labels) if content.entry_title else ""
        name = 34 if language.startswith("zh") else 38
        rooms = {
            "recipient": (content.recipient, "display", Room(230, name, 2, largest_broken=26)),
            "nominee": (content.nominee_name, "display", Room(230, 15.5)),
            "nomination": (content.nomination, "display", Room(230, 21, 2, largest_broken=16.5)),
            "category": (content.category, "text", Room(200, 9.5)),
            "entry": (title, "italic", Room(220, 12)),
            "outcome": (content.outcome_label, "display", Room(19, 15, 3)),
            "number": (f"{labels.number} {content.number}", "strong", Room(62, 9)),
            "date": (content.date, "text", Room(55, 9)),
        }
        blocks = {
            place: setting(text, role, room, language)
            for place, (text, role, room) in rooms.items()
            if text
        }
        return cls(content, blocks, qr_operators(content.verification_url))
