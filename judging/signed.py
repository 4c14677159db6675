"""The record of a signed confidentiality agreement as a PDF to keep."""

from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import get_language

from nominations.printing import FACES, own_fetcher
from nominations.wordfile import clean

STYLE = Path(__file__).with_suffix(".css")


def signed_pdf(record: dict[str, Any]) -> bytes:
    """Set it in the portal's own faces; nothing else is loaded."""
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration

    fonts, fetcher = FontConfiguration(), own_fetcher()
    faces = "\n".join(
        f'@font-face {{ font-family: "{family}"; src: url("portal:{file}") }}'
        for family, file in FACES.items()
    )
    html = clean(
        render_to_string("judging/signed_paper.html", {**record, "page_language": get_language()})
    )
    sheet = weasyprint.CSS(string=faces + STYLE.read_text(), font_config=fonts, url_fetcher=fetcher)
    page = weasyprint.HTML(string=html, url_fetcher=fetcher, base_url="portal:")
    printed: bytes = page.write_pdf(stylesheets=[sheet], font_config=fonts)
    return printed
