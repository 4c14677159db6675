"""The picture that social networks show of an outcome: 1200 x 630, drawn once and kept."""

import hashlib
import io
import json

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageDraw, ImageFont

from diplomas.rendering.fonts import FONTS
from results.models import PublishedResult
from seasons.models import Season

SIZE = (1200, 630)
EDGE = 84
CJK = 0x2E80


def font(text: str, size: int, *, display: bool = False) -> ImageFont.FreeTypeFont:
    """A face that can draw the text."""
    if any(ord(sign) >= CJK for sign in text):
        name = "PortalSerif-Bold.ttf" if display else "PortalSans-Regular.ttf"
    else:
        name = "PortalDisplay-SemiBold.ttf" if display else "PortalText-SemiBold.ttf"
    return ImageFont.truetype(FONTS / name, size)


def lines(text: str, size: int, width: int, most: int, *, display: bool) -> list[str]:
    """The text in lines that fit; the last one says that there was more."""
    face = font(text, size, display=display)
    spaced = " " in text
    found = [""]
    for word in text.split() if spaced else list(text):
        longer = f"{found[-1]} {word}".strip() if spaced else found[-1] + word
        if face.getlength(longer) <= width or not found[-1]:
            found[-1] = longer
        else:
            found.append(word)
    if len(found) > most:
        found = [*found[: most - 1], found[most - 1].rstrip(" ,.") + "…"]
    return found


def draw(season: Season, label: str, name: str, nomination: str) -> bytes:
    """Season, outcome, name and nomination on the season's colour."""
    image = Image.new("RGB", SIZE, "#111318")
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, 28, SIZE[1]), fill=season.accent)
    width = SIZE[0] - 2 * EDGE
    written: list[tuple[int, str, int, str, bool]] = []
    top = 0
    for text, size, colour, most, display in [
        (str(season.name), 34, "#d9cfae", 1, False),
        (label, 34, "#f0cf74", 1, False),
        (name, 78, "#ffffff", 3, True),
        (nomination, 36, "#c9cbd2", 2, False),
    ]:
        for line in lines(text, size, width, most, display=display) if text else []:
            written.append((top, line, size, colour, display))
            top += round(size * 1.22)
        top += 22
    above = max(EDGE, (SIZE[1] - top) // 2)
    for down, line, size, colour, display in written:
        face = font(line, size, display=display)
        pen.text((EDGE, above + down), line, font=face, fill=colour)
    drawn = io.BytesIO()
    image.save(drawn, format="PNG", optimize=True)
    return drawn.getvalue()


def card(season: Season, row: PublishedResult | None, label: str) -> bytes:
    """The kept picture of these words, drawn when it is asked for first."""
    name = (row.nominee_name or row.organisation_name) if row else str(season.name)
    nomination = str(row.nomination.name) if row else ""
    words = ["2", season.accent, str(season.name) if row else "", label, name, nomination]
    key = hashlib.sha256(json.dumps(words).encode()).hexdigest()
    path = f"cards/{key}.png"
    if default_storage.exists(path):
        with default_storage.open(path) as file:
            content: bytes = file.read()
            return content
    drawn = draw(season, label, name, nomination)
    default_storage.save(path, ContentFile(drawn))
    return drawn
