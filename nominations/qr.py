"""QR codes of links, as pictures to print and to send."""

from io import BytesIO

import segno
from django.utils.safestring import SafeString, mark_safe

QUIET = 4  # modules of white around it, as scanners need


def qr_svg(address: str) -> bytes:
    """A drawing that stays sharp at any size."""
    picture = BytesIO()
    segno.make(address, error="m").save(picture, kind="svg", scale=10, border=QUIET)
    return picture.getvalue()


def qr_png(address: str) -> bytes:
    """A picture of about a thousand pixels, for mails and slides."""
    code = segno.make(address, error="m")
    width = code.symbol_size(border=QUIET)[0]
    picture = BytesIO()
    code.save(picture, kind="png", scale=max(1, 1000 // width), border=QUIET)
    return picture.getvalue()


def qr_inline(address: str) -> SafeString:
    """The drawing to stand in a page; its size is the style sheet's."""
    drawing = segno.make(address, error="m").svg_inline(border=QUIET, omitsize=True, svgclass="qr")
    return mark_safe(drawing)  # noqa: S308 - segno draws it, nothing of it was typed
