"""WeasyPrint with the portal's style and fonts, and nothing else within its reach."""

from functools import cache
from io import BytesIO
from typing import Any

import pikepdf
import weasyprint
from django.template.loader import render_to_string
from weasyprint.text.fonts import FontConfiguration

from diplomas.rendering.content import DiplomaContent
from diplomas.rendering.errors import DiplomaError
from diplomas.rendering.fitting import STEP
from diplomas.rendering.fonts import Face, font_face_rules, stacks
from diplomas.rendering.labels import LABELS
from diplomas.rendering.resources import Resources, font_files

LARGEST_SIZE = 60
OUR_FONTS = {face.family.replace(" ", "-") for face in Face}


def draw(html: str, resources: Resources) -> pikepdf.Pdf:
    """The pages of an HTML text; a forbidden address or a foreign font is an error."""
    sheet, fonts = _style()
    page = weasyprint.HTML(string=html, url_fetcher=resources, base_url="portal:")
    drawn: bytes = page.write_pdf(stylesheets=[sheet], font_config=fonts, cache={})
    if resources.refused:
        raise DiplomaError(f"A diploma may not load {resources.refused[0]}.")
    pdf = pikepdf.open(BytesIO(drawn))
    if foreign := fonts_of(pdf) - OUR_FONTS:
        raise DiplomaError(f"A diploma may not use the font {min(foreign)}.")
    return pdf


def fonts_of(pdf: pikepdf.Pdf) -> set[str]:
    """The families of the fonts embedded in a file."""
    names = (
        str(item.FontName)
        for item in pdf.objects
        if isinstance(item, pikepdf.Dictionary) and "/FontName" in item
    )
    return {name.partition("+")[2].rstrip(",") for name in names}


def html_language(content: DiplomaContent) -> str:
    """The language tag as readers and shapers of text expect it."""
    return {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant"}.get(content.language, content.language)


@cache
def _style() -> tuple[Any, Any]:
    """The style, loaded once for the life of the process."""
    return load_style()


def load_style() -> tuple[Any, Any]:
    """The style sheet and the fonts it names."""
    fonts = FontConfiguration()
    roles = "\n".join(
        f".{language} .face-{name} {{ font-family: {stack.css} }}"
        for language in LABELS
        for name, stack in stacks(language).items()
    )
    sizes = "\n".join(
        f".size-{step} {{ font-size: {step * STEP}pt }}"
        for step in range(1, round(LARGEST_SIZE / STEP) + 1)
    )
    rules = (font_face_rules(), render_to_string("diplomas/pdf/diploma.css"), roles, sizes)
    sheet = weasyprint.CSS(
        string="\n".join(rules), font_config=fonts, url_fetcher=Resources(font_files())
    )
    return sheet, fonts
