"""The faces a diploma is set in, what they can draw and how wide it comes out.

Each file is its own family with one weight: WeasyPrint draws wrong glyphs when two files share a
family, weight and style, and nothing is ever slanted or emboldened by force.
"""

import unicodedata
from dataclasses import dataclass
from enum import Enum
from functools import cache, cached_property
from pathlib import Path

from fontTools.ttLib import TTFont

from diplomas.rendering.content import Language

FONTS = Path(__file__).resolve().parent.parent / "fonts"


class Face(Enum):
    """A font file; the value is its family in the style sheet and the file's name."""

    TEXT = ("Portal Text", "PortalText-Regular.ttf")
    STRONG = ("Portal Text Strong", "PortalText-SemiBold.ttf")
    DISPLAY = ("Portal Display", "PortalDisplay-SemiBold.ttf")
    ITALIC = ("Portal Display Italic", "PortalDisplay-Italic.ttf")
    SERIF = ("Portal Serif", "PortalSerif-Bold.ttf")
    SANS = ("Portal Sans", "PortalSans-Regular.ttf")

    @property
    def family(self) -> str:
        return self.value[0]

    @property
    def path(self) -> Path:
        return FONTS / self.value[1]


@dataclass(frozen=True)
class Metrics:
    """The advance of every character of a face, in thousandths of its size."""

    advances: dict[int, float]
    postscript_name: str


@cache
def metrics(face: Face) -> Metrics:
    """Read a face once: what it draws and how wide."""
    with TTFont(face.path, lazy=True) as font:
        scale = 1000 / font["head"].unitsPerEm
        widths = font["hmtx"].metrics
        advances = {code: widths[name][0] * scale for code, name in font.getBestCmap().items()}
        return Metrics(advances, font["name"].getDebugName(6))


@dataclass(frozen=True)
class Stack:
    """Faces in the order they are tried for each character."""

    name: str
    faces: tuple[Face, ...]

    @cached_property
    def _advances(self) -> dict[int, float]:
        merged: dict[int, float] = {}
        for face in reversed(self.faces):
            merged |= metrics(face).advances
        return merged

    def missing(self, text: str) -> set[str]:
        """The characters of the text that no face of the stack draws."""
        return {sign for sign in text if ord(sign) not in self._advances}

    def width(self, text: str) -> float:
        """The width of the text at the size of one; characters set side by side, unkerned."""
        return sum(self._advances.get(ord(sign), 1000) for sign in text) / 1000

    @property
    def css(self) -> str:
        """The value of font-family."""
        return ", ".join(f'"{face.family}"' for face in self.faces)


# Latin and Cyrillic texts take Chinese names from the Chinese faces, and the other way round.
WESTERN = {
    "display": Stack("display", (Face.DISPLAY, Face.SERIF, Face.SANS)),
    "italic": Stack("italic", (Face.ITALIC, Face.SERIF, Face.SANS)),
    "strong": Stack("strong", (Face.STRONG, Face.SANS)),
    "text": Stack("text", (Face.TEXT, Face.SANS)),
    "plain": Stack("plain", (Face.DISPLAY, Face.SANS)),
}
CHINESE = {
    "display": Stack("display", (Face.SERIF, Face.DISPLAY, Face.SANS)),
    "italic": Stack("italic", (Face.SANS, Face.TEXT)),
    "strong": Stack("strong", (Face.SERIF, Face.STRONG, Face.SANS)),
    "text": Stack("text", (Face.SANS, Face.TEXT)),
    "plain": Stack("plain", (Face.SANS, Face.DISPLAY)),
}


def stacks(language: Language) -> dict[str, Stack]:
    """The stacks of a language by role."""
    return CHINESE if language.startswith("zh") else WESTERN


def stack_for(text: str, role: str, language: Language) -> Stack:
    """The faces of a role; without the serif when it lacks a hanzi, lest that one look alien."""
    stack = stacks(language)[role]
    drawn = metrics(Face.SERIF).advances
    if Face.SERIF in stack.faces and any(ord(sign) not in drawn for sign in text if is_hanzi(sign)):
        return stacks(language)["plain"]
    return stack


def is_hanzi(sign: str) -> bool:
    """Whether a character is a Chinese ideograph."""
    return unicodedata.name(sign, "").startswith("CJK ")


def font_face_rules() -> str:
    """The @font-face rules of all the faces, under the addresses `resources` answers."""
    return "\n".join(
        f'@font-face {{ font-family: "{face.family}"; src: url("portal:{face.path.name}");'
        " font-weight: normal; font-style: normal }"
        for face in Face
    )
