"""The one way the portal sets a text as a PDF to keep: its own faces, one sheet, nothing loaded."""

from pathlib import Path

from nominations.printing import FACES, own_fetcher
from nominations.wordfile import clean

STYLE = Path(__file__).with_suffix(".css")


def set_as_pdf(html: str) -> bytes:
    """Set a document; characters that no document can hold are left out."""
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration

    fonts, fetcher = FontConfiguration(), own_fetcher()
    faces = "\n".join(
        f'@font-face {{ font-family: "{family}"; src: url("portal:{file}") }}'
        for family, file in FACES.items()
    )
    sheet = weasyprint.CSS(string=faces + STYLE.read_text(), font_config=fonts, url_fetcher=fetcher)
    page = weasyprint.HTML(string=clean(html), url_fetcher=fetcher, base_url="portal:")
    printed: bytes = page.write_pdf(stylesheets=[sheet], font_config=fonts)
    return printed
