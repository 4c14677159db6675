"""Turn an essay file into pictures of its pages, in a confined process.

`python -m nominations.printing essay.docx folder` writes 1.png, 2.png… into the folder and prints
{"fault": …, "pages": [{"width": …, "height": …, "text": …}]}. The file may be anything: a PDF is drawn by
pdfium; a DOCX becomes plain HTML, is cleaned, and is set in the portal's own faces.
"""

import io
import json
import sys
from pathlib import Path
from typing import Any

from common.sandbox import BASE, Limits, confine

LIMITS = Limits(seconds=100, megabytes=2500, written=40)
MOST_PAGES = 60
DOTS = 110
LONGEST_SIDE = 2200
LONGEST_TEXT = 20_000
SHORT_LINE = 0.75
FIRST_IDEOGRAPH = "\u3000"
FONTS = BASE / "diplomas" / "fonts"
FACES = {
    "Portal Text": "PortalText-Regular.ttf",
    "Portal Text Strong": "PortalText-SemiBold.ttf",
    "Portal Display": "PortalDisplay-SemiBold.ttf",
    "Portal Display Italic": "PortalDisplay-Italic.ttf",
    "Portal Sans": "PortalSans-Regular.ttf",
}
STYLE = Path(__file__).with_suffix(".css")
TAGS = {
    *("h1", "h2", "h3", "h4", "h5", "h6", "p", "br", "blockquote", "ul", "ol", "li", "a", "img"),
    *("strong", "b", "em", "i", "u", "s", "sup", "sub"),
    *("table", "thead", "tbody", "tr", "td", "th"),
}
ATTRIBUTES = {
    "a": {"href"},
    "img": {"src", "alt"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
LONG, DAMAGED, HEAVY = "long", "damaged", "heavy"


def print_essay(source: Path, folder: Path) -> dict[str, Any]:
    """Draw the pages of a file; what is wrong with it is one word."""
    import pypdfium2

    try:
        content = source.read_bytes()
        if source.suffix == ".docx":
            content = as_pdf(io.BytesIO(content))
        pdf = pypdfium2.PdfDocument(content)
        if len(pdf) > MOST_PAGES:
            return {"fault": LONG, "pages": []}
        pages = [draw(pdf[place], folder / f"{place + 1}.png") for place in range(len(pdf))]
    except MemoryError:
        return {"fault": HEAVY, "pages": []}
    except Exception:  # noqa: BLE001  (libraries raise what they like; what cannot be drawn is damaged)
        return {"fault": DAMAGED, "pages": []}
    return {"fault": "" if pages else DAMAGED, "pages": pages}


def draw(page: Any, target: Path) -> dict[str, Any]:
    """Draw one page and read its text."""
    width, height = page.get_size()
    scale = min(DOTS / 72, LONGEST_SIDE / max(width, height, 1))
    picture = page.render(scale=scale).to_pil().convert("RGB")
    if picture.getcolors(256):  # text alone: a third of the size, nothing lost
        picture = picture.quantize(256)
    picture.save(target, "PNG", optimize=True)
    text = page.get_textpage().get_text_bounded().replace("\0", "")
    lines = ["".join(filter(str.isprintable, line)).strip() for line in text.splitlines()]
    words = paragraphs(lines)[:LONGEST_TEXT]
    return {"width": picture.width, "height": picture.height, "text": words}


def paragraphs(lines: list[str]) -> str:
    """Join the lines of a page to paragraphs: one ends with a short line, or with an empty one."""
    full = max(map(len, lines), default=0) * SHORT_LINE
    found, ended = [""], True
    for line in lines:
        if ended or not line:
            found.append(line)
        else:
            between = "" if max(found[-1][-1:], line[:1]) >= FIRST_IDEOGRAPH else " "
            found[-1] = f"{found[-1]}{between}{line}"
        ended = len(line) < full
    return "\n".join(found).strip()


def as_pdf(document: io.BytesIO) -> bytes:
    """Set a DOCX as a PDF in our own faces; nothing is loaded but them and its own pictures."""
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration

    fonts = FontConfiguration()
    fetcher = own_fetcher()
    faces = "\n".join(
        f'@font-face {{ font-family: "{family}"; src: url("portal:{file}") }}'
        for family, file in FACES.items()
    )
    sheet = weasyprint.CSS(string=faces + STYLE.read_text(), font_config=fonts, url_fetcher=fetcher)
    page = weasyprint.HTML(string=as_html(document), url_fetcher=fetcher, base_url="portal:")
    printed: bytes = page.write_pdf(stylesheets=[sheet], font_config=fonts)
    return printed


def as_html(document: io.BytesIO) -> str:
    """The text of a DOCX as clean HTML: headings, lists, tables, pictures."""
    import mammoth
    import nh3

    html: str = mammoth.convert_to_html(document).value

    def keep(tag: str, name: str, value: str) -> str | None:
        if name == "src":
            return value if value.startswith(("data:image/png", "data:image/jpeg")) else None
        return None if name == "href" and value.startswith("data:") else value

    return nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=keep,
        url_schemes={"http", "https", "mailto", "data"},
    )


def own_fetcher() -> Any:
    """What the printed page may load: our faces, and pictures that lie in the document itself."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Own(URLFetcher):
        """Answers `portal:` and `data:`; refuses all else."""

        def fetch(self, url: str, headers: object = None) -> Any:
            scheme, _colon, name = url.partition(":")
            if scheme == "data":
                return super().fetch(url)
            if scheme == "portal" and name in FACES.values():
                content = (FONTS / name).read_bytes()
                return URLFetcherResponse(url, content, {"Content-Type": "font/ttf"})
            raise PermissionError(url)

    return Own(allowed_protocols=("portal", "data"), allow_redirects=False)


if __name__ == "__main__":
    confine(LIMITS)
    sys.stdout.write(json.dumps(print_essay(Path(sys.argv[1]), Path(sys.argv[2]))))
