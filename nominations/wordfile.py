"""An entry as a DOCX: the same content as the PDF, in styles that Word knows."""

import io
import re
from typing import TYPE_CHECKING, Any

from django.template.defaultfilters import filesizeformat
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from docx import Document
from docx.document import Document as Written
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

from nominations.models import PromptKind

if TYPE_CHECKING:
    from nominations.documents import Paper

WARNING = RGBColor(0xA3, 0x26, 0x0F)
QUIET = RGBColor(0x55, 0x55, 0x55)
CHINESE_FACES = {"zh-hans": "Microsoft YaHei", "zh-hant": "Microsoft JhengHei"}
# XML 1.0 has no place for these; a person cannot type them.
IMPOSSIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def clean(text: Any) -> str:
    """A text that a DOCX can hold."""
    return IMPOSSIBLE.sub("", str(text))


def write_docx(paper: "Paper") -> bytes:
    """Set the document; no macro, no link, no picture."""
    document = Document()
    prepare(document, paper)
    content = paper.content
    document.add_heading(clean(paper.title), level=0)
    state = document.add_paragraph().add_run(clean(paper.state))
    if paper.is_draft:
        state.bold, state.font.color.rgb = True, WARNING
    facts(document, facts_of(paper))
    if content["credentials"]:
        document.add_heading(_("Documents"), level=1)
        quiet(document, _("not shown to the jury"))
        facts(document, [(one["label"], credential_line(one)) for one in content["credentials"]])
    if content["essay"]:
        document.add_heading(_("Essay as a file"), level=1)
        document.add_paragraph(file_line(content["essay"]))
    for answer in content["answers"]:
        write_answer(document, answer)
    if content["files"]:
        document.add_heading(_("Files"), level=1)
        bullets(document, [file_line(file) for file in content["files"]])
    quiet(
        document,
        f"SHA-256: {paper.sha256}"
        if paper.sha256
        else _("This is a draft. Only a submitted revision has a fingerprint (SHA-256)."),
    )
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def prepare(document: Written, paper: "Paper") -> None:
    """Language, faces, the line at the top and the page numbers."""
    document.core_properties.title = clean(paper.head)
    document.core_properties.author = ""
    document.core_properties.language = paper.language
    for name in ("Normal", "Title", "Heading 1"):
        style = document.styles[name]
        face = CHINESE_FACES.get(paper.language)
        if face:
            style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), face)
    document.styles["Normal"].font.size = Pt(11)
    section = document.sections[0]
    head = section.header.paragraphs[0]
    mark = f" · {_('Draft, not submitted')}" if paper.is_draft else ""
    head.text = clean(paper.head + mark)
    foot = section.footer.paragraphs[0]
    field(foot, "PAGE")
    foot.add_run(" / ")
    field(foot, "NUMPAGES")


def field(paragraph: Any, code: str) -> None:
    """A number that Word fills in."""
    run = paragraph.add_run()
    for kind, text in (("begin", ""), ("", code), ("end", "")):
        if kind:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        else:
            element = OxmlElement("w:instrText")
            element.text = text
        run._r.append(element)  # noqa: SLF001 - python-docx has no other way to a field


def facts_of(paper: "Paper") -> list[tuple[str, str]]:
    """Who competes in what."""
    content = paper.content
    who = capfirst(content["kind"])
    if content["nominee_name"]:
        who = f"{who}: {content['nominee_name']}"
    return [
        (_("Entry"), paper.number),
        (_("Season"), paper.season),
        (_("Nomination"), f"{content['nomination_number']}. {content['nomination']}"),
        (_("Organisation"), content["organisation"]),
        (_("Who competes"), who),
        *[(capfirst(one["role"]), one["name"]) for one in content["participants"]],
    ]


def credential_line(one: dict[str, Any]) -> str:
    """A document in a line."""
    day = one["expires_on"]
    parts = [
        one["number"] or "—",
        one["issuer"],
        _("valid until %(day)s") % {"day": date_format(day, "DATE_FORMAT")} if day else "",
        one["file"]["name"] if one["file"] else "",
    ]
    return " · ".join(part for part in parts if part)


def file_line(file: dict[str, Any]) -> str:
    """Name and size of a file."""
    return f"{file['name']} · {filesizeformat(file['size'])}"


def write_answer(document: Written, answer: dict[str, Any]) -> None:
    """A question with what was answered, as its kind is read best."""
    document.add_heading(clean(answer["label"]), level=1)
    if answer.get("jury") is False:
        quiet(document, _("not shown to the jury"))
    text = answer["text"]
    match answer.get("kind", PromptKind.TEXT):
        case _ if not text and not answer["files"]:
            quiet(document, _("No answer."))
        case PromptKind.NUMBER | PromptKind.METRIC if text:
            figure = document.add_paragraph().add_run(clean(f"{answer['value']} {answer['unit']}"))
            figure.bold = True
            proof = [(_("Period"), answer.get("period")), (_("Source"), answer.get("source"))]
            facts(document, [(name, value) for name, value in proof if value])
        case PromptKind.DATE if text:
            document.add_paragraph(clean(answer["value"]))
        case PromptKind.CHOICE | PromptKind.CHOICES:
            bullets(document, answer["chosen"])
        case PromptKind.TABLE if text:
            grid(document, answer["columns"], answer["rows"])
        case _:
            for line in filter(None, text.split("\n")):
                document.add_paragraph(clean(line))
    bullets(document, [file_line(file) for file in answer["files"]])


def facts(document: Written, pairs: list[tuple[str, str]]) -> None:
    """Names and values side by side."""
    if not pairs:
        return
    table = document.add_table(rows=0, cols=2)
    for name, value in pairs:
        cells = table.add_row().cells
        cells[0].text, cells[1].text = clean(name), clean(value)
    document.add_paragraph()


def grid(document: Written, columns: list[str], rows: list[list[str]]) -> None:
    """A table as it was filled."""
    table = document.add_table(rows=1, cols=max(len(columns), 1), style="Table Grid")
    for cell, name in zip(table.rows[0].cells, columns, strict=False):
        cell.paragraphs[0].add_run(clean(name)).bold = True
    for row in rows:
        for cell, value in zip(table.add_row().cells, row, strict=False):
            cell.text = clean(value or "—")
    document.add_paragraph()


def bullets(document: Written, lines: list[str]) -> None:
    """A list."""
    for line in lines:
        document.add_paragraph(clean(line), style="List Bullet")


def quiet(document: Written, text: str) -> None:
    """A remark in grey."""
    run = document.add_paragraph().add_run(clean(text))
    run.font.size, run.font.color.rgb = Pt(9), QUIET
