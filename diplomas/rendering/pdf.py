"""From content to PDF files: a background per season and language, a thin page of names over it.

Drawing the ornament costs more than setting the names, so it is drawn once and laid under each.
"""

from collections.abc import Iterator, Sequence
from io import BytesIO
from threading import Lock

import pikepdf
from django.template.loader import render_to_string

from diplomas.rendering.background import Background, background
from diplomas.rendering.content import DiplomaContent
from diplomas.rendering.drawing import draw
from diplomas.rendering.errors import DiplomaError
from diplomas.rendering.page import Page
from diplomas.rendering.resources import Resources

CHUNK = 10

# Pango and fontconfig keep state per configuration: one thread draws at a time.
_drawing = Lock()


def render_diploma(content: DiplomaContent) -> bytes:
    """The PDF file of one diploma; the same content gives the same bytes."""
    return render_diplomas([content])[0]


def render_diplomas(items: Sequence[DiplomaContent]) -> list[bytes]:
    """The PDF files of many diplomas, in order; none when one of them cannot be drawn whole.

    Diplomas of one chunk share font subsets, so their files hold the letters of their neighbours
    too: pass together only what is released together.
    """
    pages = [Page.of(content.tidied()) for content in items]
    chunks = (pages[start : start + CHUNK] for start in range(0, len(pages), CHUNK))
    with _drawing:
        return [file for chunk in chunks for file in _files(chunk)]


def _files(pages: Sequence[Page]) -> Iterator[bytes]:
    """Draw a chunk of pages as one document and make a file of each."""
    html = render_to_string("diplomas/pdf/page.html", {"pages": pages})
    with draw(html, Resources()) as drawn:
        if len(drawn.pages) != len(pages):
            raise DiplomaError("A diploma ran over its page.")
        for page, sheet in zip(pages, drawn.pages, strict=True):
            yield _file(page, sheet)


def _file(page: Page, sheet: pikepdf.Page) -> bytes:
    """One page over its background, as a file that says what it is."""
    content = page.content
    ground_file = BytesIO(background(Background.of(content)))
    with pikepdf.new() as diploma, pikepdf.open(ground_file) as ground:
        diploma.pages.append(sheet)
        form = diploma.copy_foreign(ground.Root["/Ground"])
        name = diploma.pages[0].add_resource(form, pikepdf.Name.XObject, pikepdf.Name.Ground)
        under = b"q %s Do Q\n" % str(name).encode() + page.code
        diploma.pages[0].contents_add(under, prepend=True)
        title = page.labels.titles[content.kind]
        diploma.docinfo["/Title"] = f"{title} {content.number} — {content.recipient}"
        diploma.docinfo["/Author"] = content.programme
        diploma.docinfo["/Subject"] = f"{content.season} — {content.nomination}"
        diploma.Root["/Lang"] = pikepdf.String(page.lang)
        diploma.Root["/ViewerPreferences"] = pikepdf.Dictionary(DisplayDocTitle=True)
        file = BytesIO()
        diploma.save(
            file, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate
        )
        return file.getvalue()
