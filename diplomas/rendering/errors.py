"""Why a diploma cannot be made. The messages are shown beside the failed job."""

import unicodedata
from collections.abc import Iterable

from django.utils.translation import gettext as _

from common.errors import DomainError


class DiplomaError(DomainError):
    """This diploma cannot be printed as it stands."""


class MissingGlyphs(DiplomaError):  # noqa: N818 - the name says what is missing
    """A name holds characters that the shipped fonts cannot draw: no box is ever printed."""

    def __init__(self, characters: Iterable[str]) -> None:
        self.characters = tuple(sorted(set(characters)))
        listed = ", ".join(f"“{sign}” ({described(sign)})" for sign in self.characters)
        super().__init__(
            _("The diploma fonts cannot draw these characters: %(characters)s.")
            % {"characters": listed}
        )


class UnreadableLogo(DiplomaError):  # noqa: N818 - the name says what is unreadable
    """The logo is not an SVG picture that can be drawn."""

    def __init__(self) -> None:
        super().__init__(_("The logo is not an SVG picture that can be drawn."))


def described(sign: str) -> str:
    """The code point and, where there is one, the Unicode name of a character."""
    return f"U+{ord(sign):04X} {unicodedata.name(sign, '')}".rstrip()
