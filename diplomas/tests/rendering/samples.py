"""Diplomas to draw, and ways to read back what was drawn."""

import io
import re
from dataclasses import replace
from functools import cache

import pikepdf
import pytest
from fontTools.ttLib import TTFont
from pypdf import PdfReader

from diplomas.rendering import (
    DiplomaContent,
    render_diploma,
)
from diplomas.rendering.fitting import MM_PER_POINT
from diplomas.rendering.labels import LABELS, quoted

RUSSIAN = DiplomaContent(
    kind="finalist",
    language="ru",
    programme="Премия за клиентский опыт",
    season="Сезон 2021/22",
    nomination="Контактный центр",
    category="Проекты, подходы и стратегии",
    recipient="ООО «Ромашка»",
    nominee_name="Ёлкина Щукарь Ъ. Ы.",
    entry_title="Слышим каждого",
    outcome_label="Финалист",
    number="CX22-F-0007",
    verification_url="https://awards.example.org/diplomas/CX22-F-0007/",
    date="1 марта 2022 года",
    signatories=(("Анна Берёзкина", "Председатель жюри"), ("Пётр Осокин", "Директор премии")),
)
ENGLISH = replace(
    RUSSIAN,
    kind="laureate",
    language="en",
    programme="Customer Experience Award",
    season="Season 2021/22",
    nomination="Contact Centre",
    category="Projects",
    recipient="Brightwater & Søn <plc>",
    nominee_name="Zoë O’Connor",
    entry_title="We hear everyone",
    outcome_label="Laureate",
    number="CX22-L-0007",
    date="20 April 2022",
    signatories=(("Anna Berezkina", "Chair of the jury"),),
)
SIMPLIFIED = replace(
    RUSSIAN,
    kind="laureate",
    language="zh-hans",
    programme="金耳唛杯",
    season="2025年度",
    nomination="数字化运营标杆",
    category="运营管理类",
    recipient="喆堃镕信息技术（上海）有限公司",
    nominee_name="李晓明",
    entry_title="智能客服平台",
    outcome_label="金奖",
    number="JE25-0003",
    date="2025年6月18日",
    signatories=(("王建国", "评审团主席"),),
)
TRADITIONAL = replace(
    RUSSIAN,
    language="zh-hant",
    programme="傑出顧客關係服務獎",
    season="2024 年度",
    nomination="傑出客戶服務中心",
    category="企業獎項",
    recipient="香港骨科器材直銷有限公司",
    nominee_name="陳大文",
    entry_title="聆聽每一位顧客",
    outcome_label="入圍",
    number="CRE24-0011",
    date="2024年11月5日",
    signatories=(("黃小明", "評審團主席"),),
)
IN_FOUR_LANGUAGES = pytest.mark.parametrize(
    "content",
    [RUSSIAN, ENGLISH, SIMPLIFIED, TRADITIONAL],
    ids=lambda content: content.language,
)
LOGO = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40">%s</svg>'


rendered = cache(render_diploma)


def read(pdf: bytes) -> str:
    """The text of the only page, white space left out: line breaks are the typesetter's."""
    (page,) = PdfReader(io.BytesIO(pdf)).pages
    return squeezed(page.extract_text())


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def printed_texts(content: DiplomaContent) -> list[str]:
    labels = LABELS[content.language]
    return [
        labels.titles[content.kind],
        labels.awarded,
        labels.nomination,
        labels.verify,
        f"{labels.number} {content.number}",
        quoted(content.entry_title, labels),
        content.programme,
        content.season,
        content.nomination,
        content.category,
        content.recipient,
        content.nominee_name,
        content.outcome_label,
        content.date,
        *(text for pair in content.signatories for text in pair),
    ]


def outlined(pdf: bytes) -> set[str]:
    """The characters whose glyph in an embedded font is really drawn with lines.

    Read from the font's text map, not its cmap: a shaped glyph (a traditional form, a hyphen
    between capitals) stands for its character without being its default one.
    """
    found: set[str] = set()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        for item in opened.objects:
            if isinstance(item, pikepdf.Dictionary) and "/DescendantFonts" in item:
                descriptor = item["/DescendantFonts"][0]["/FontDescriptor"]
                glyphs = TTFont(io.BytesIO(descriptor["/FontFile2"].read_bytes()))["glyf"]
                text_map = item["/ToUnicode"].read_bytes().decode()
                found |= {
                    bytes.fromhex(text).decode("utf-16-be")
                    for glyph, text in re.findall(r"<([0-9a-f]{4})> <([0-9a-f]+)>", text_map)
                    if glyphs[glyphs.glyphOrder[int(glyph, 16)]].numberOfContours
                }
    return set("".join(found))


def positions(pdf: bytes) -> dict[str, float]:
    """How far down the page each line of text stands, in millimetres."""
    found: dict[str, float] = {}

    def note(text, matrix, text_matrix, _font, _size):
        across, down = text_matrix[4], text_matrix[5]
        height = across * matrix[1] + down * matrix[3] + matrix[5]
        found[" ".join(text.split())] = 210 - height * MM_PER_POINT

    PdfReader(io.BytesIO(pdf)).pages[0].extract_text(visitor_text=note)
    return found


def drawn_glyphs(pdf: bytes) -> set[int]:
    """The glyph numbers that the page and the forms on it show."""
    shown: set[int] = set()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        forms = [item for item in opened.objects if isinstance(item, pikepdf.Stream)]
        shapes: list[pikepdf.Page | pikepdf.Stream] = [opened.pages[0]]
        shapes += [form for form in forms if form.get("/Subtype") == "/Form"]
        for shape in shapes:
            for step in pikepdf.parse_content_stream(shape, "Tj TJ"):
                parts = step.operands[0] if str(step.operator) == "TJ" else step.operands
                for part in parts:
                    if isinstance(part, pikepdf.String):
                        codes = bytes(part)
                        shown |= {
                            int.from_bytes(codes[at : at + 2]) for at in range(0, len(codes), 2)
                        }
    return shown
