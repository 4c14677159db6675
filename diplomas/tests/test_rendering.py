"""Diplomas are read back from their files: words, fonts, glyphs, addresses, bytes."""

import io
import re
from dataclasses import replace
from functools import cache

import pikepdf
import pytest
import segno
from fontTools.ttLib import TTFont
from pypdf import PdfReader

from diplomas.rendering import (
    DiplomaContent,
    DiplomaError,
    MissingGlyphs,
    UnreadableLogo,
    render_diploma,
    render_diplomas,
)
from diplomas.rendering.background import Background, background
from diplomas.rendering.code import SIDE, qr_operators
from diplomas.rendering.drawing import OUR_FONTS, draw, fonts_of
from diplomas.rendering.fitting import MM_PER_POINT, Room, fit
from diplomas.rendering.fonts import FONTS, Face, metrics, stack_for, stacks
from diplomas.rendering.guilloche import SEAL, SEAL_RADIUS, artwork
from diplomas.rendering.labels import LABELS, quoted
from diplomas.rendering.resources import Resources, cleaned_logo

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


@IN_FOUR_LANGUAGES
def test_a_diploma_says_everything_it_was_given_on_one_page(content):
    text = read(rendered(content))

    assert [line for line in printed_texts(content) if squeezed(line) not in text] == []


@IN_FOUR_LANGUAGES
def test_every_character_has_an_outline_in_an_embedded_font(content):
    signs = set("".join(map(squeezed, printed_texts(content))))

    assert signs - outlined(rendered(content)) == set()


@IN_FOUR_LANGUAGES
def test_no_page_draws_the_glyph_of_a_missing_character(content):
    glyphs = drawn_glyphs(rendered(content))

    assert len(glyphs) > 20
    assert 0 not in glyphs


@IN_FOUR_LANGUAGES
def test_only_the_fonts_of_the_portal_are_embedded(content):
    with pikepdf.open(io.BytesIO(rendered(content))) as pdf:
        families = fonts_of(pdf)

    assert families != set()
    assert families - OUR_FONTS == set()


@IN_FOUR_LANGUAGES
def test_the_file_names_its_title_author_and_language(content):
    with pikepdf.open(io.BytesIO(rendered(content))) as pdf:
        told = (str(pdf.docinfo["/Title"]), str(pdf.docinfo["/Author"]), str(pdf.Root["/Lang"]))

    title = LABELS[content.language].titles[content.kind]
    assert told == (
        f"{title} {content.number} — {content.recipient}",
        content.programme,
        {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant"}.get(content.language, content.language),
    )


def test_a_page_is_an_a4_sheet_on_its_side():
    (page,) = PdfReader(io.BytesIO(rendered(RUSSIAN))).pages

    sides = [float(side) * MM_PER_POINT for side in (page.mediabox.width, page.mediabox.height)]
    assert sides == pytest.approx([297, 210], abs=0.1)


def test_optional_lines_leave_no_empty_quotation_marks():
    text = read(render_diploma(replace(RUSSIAN, nominee_name="", entry_title="", category="")))

    assert "«»" not in text
    assert squeezed(RUSSIAN.recipient) in text


def test_the_same_content_gives_the_same_bytes():
    assert render_diploma(RUSSIAN) == render_diploma(replace(RUSSIAN))


def test_a_batch_says_what_single_diplomas_say():
    contents = [RUSSIAN, ENGLISH, SIMPLIFIED]

    batch = render_diplomas(contents)

    assert [read(pdf) for pdf in batch] == [read(rendered(content)) for content in contents]


def test_a_batch_longer_than_a_chunk_keeps_its_order():
    contents = [replace(RUSSIAN, number=f"CX22-F-{number:04}") for number in range(12)]

    texts = [read(pdf) for pdf in render_diplomas(contents)]

    numbers = [squeezed(content.number) for content in contents]
    assert [number in text for number, text in zip(numbers, texts, strict=True)] == [True] * 12


def test_an_empty_batch_is_no_files():
    assert render_diplomas([]) == []


def test_a_season_is_drawn_once_for_all_its_diplomas():
    background.cache_clear()

    render_diplomas([replace(RUSSIAN, recipient=name) for name in ("Ромашка", "Василёк")])

    assert background.cache_info().misses == 1


def test_the_background_holds_no_name_of_a_recipient():
    assert "recipient" not in Background.__dataclass_fields__
    assert "nomination" not in Background.__dataclass_fields__


# --- Characters that cannot be drawn


@pytest.mark.parametrize(
    "change",
    [
        {"recipient": "ООО «Ромашка» 🌼"},
        {"nomination": "مركز الاتصال"},
        {"signatories": (("ธนาคาร", "Директор"),)},
        {"season": "Сезон ꙮ"},
    ],
    ids=["emoji", "Arabic", "Thai signatory", "season"],
)
def test_a_character_no_shipped_font_draws_is_refused_by_name(change):
    with pytest.raises(MissingGlyphs) as refused:
        render_diploma(replace(RUSSIAN, **change))

    assert all(f"U+{ord(sign):04X}" in str(refused.value) for sign in refused.value.characters)


def test_a_missing_character_is_named_so_that_it_can_be_found():
    with pytest.raises(MissingGlyphs) as refused:
        render_diploma(replace(RUSSIAN, recipient="Ромашка 🌼"))

    assert refused.value.characters == ("🌼",)
    assert "U+1F33C BLOSSOM" in str(refused.value)


def test_one_undrawable_name_holds_the_whole_batch():
    with pytest.raises(MissingGlyphs):
        render_diplomas([RUSSIAN, replace(RUSSIAN, recipient="🌼")])


def test_accents_typed_apart_and_invisible_marks_are_tidied():
    content = replace(RUSSIAN, recipient=" Е\u0308лка\u200b\u202e и\u0306 \n Ко ")

    assert content.tidied().recipient == "Ёлка й Ко"


@pytest.mark.parametrize("sign", "㛃䶮𬭎")
def test_rare_name_characters_are_drawn(sign):
    assert not stack_for(sign, "display", "zh-hans").missing(sign)


def test_a_name_with_one_rare_character_is_set_in_one_face():
    common, rare = "李晓明", "李㛃明"

    assert Face.SERIF in stack_for(common, "display", "zh-hans").faces
    assert Face.SERIF not in stack_for(rare, "display", "zh-hans").faces


# --- Content that is refused


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "winner"},
        {"language": "de"},
        {"accent": "red; background: url(file:///etc/passwd)"},
        {"signatories": (("A", "B"),) * 4},
    ],
    ids=["kind", "language", "accent", "signatories"],
)
def test_content_outside_the_form_is_refused(change):
    with pytest.raises(DiplomaError):
        replace(RUSSIAN, **change)


# --- Nothing is loaded from anywhere


@pytest.mark.parametrize(
    "address",
    ["file:///etc/hostname", "http://localhost/", "https://example.org/", "portal:other.svg"],
)
def test_an_address_outside_memory_is_refused(address):
    resources = Resources({"known.svg": b""})

    with pytest.raises(PermissionError):
        resources.fetch(address)

    assert resources.refused == [address]


def test_an_address_in_memory_is_answered():
    assert Resources({"known.svg": b"<svg/>"}).fetch("portal:known.svg").read() == b"<svg/>"


def test_a_page_that_asks_for_a_file_is_not_made(tmp_path):
    secret = tmp_path / "secret.svg"
    secret.write_bytes(LOGO % b'<circle r="9"/>')

    with pytest.raises(DiplomaError, match="may not load"):
        draw(f'<img src="{secret.as_uri()}">', Resources())


def test_markup_in_a_name_is_printed_as_it_was_typed():
    name = '<img src="file:///etc/hostname"> & {{ number }}'

    assert squeezed(name) in read(render_diploma(replace(RUSSIAN, recipient=name)))


@pytest.mark.parametrize(
    "inside",
    [
        b'<image href="file:///etc/hostname" width="9" height="9"/>',
        b'<use href="file:///etc/hostname#a"/>',
        b'<rect width="9" height="9" fill="url(http://localhost/a.svg#b)"/>',
        b"<style>@import url(http://localhost/a.css);</style>",
        b"<style>rect { fill: url('http://localhost/a.svg#b') }</style>",
        b"<script>fetch('http://localhost/')</script>",
        b'<rect onload="alert(1)" style="mask: url(file:///etc/hostname)"/>',
    ],
)
def test_a_logo_loses_whatever_would_load_or_run(inside):
    cleaned = cleaned_logo(LOGO % inside)

    assert not re.search(rb"hostname|localhost|alert", cleaned)
    assert read(render_diploma(replace(RUSSIAN, logo=LOGO % inside)))


def test_a_logo_keeps_its_own_drawing():
    cleaned = cleaned_logo(
        LOGO % b'<style>.a{fill:#123456;font-family:Arial}</style><g id="g"/><use href="#g"/>'
    )

    assert b".a{fill:#123456;}" in cleaned
    assert b'href="#g"' in cleaned


def test_the_letters_of_a_logo_are_set_in_our_fonts():
    logo = LOGO % '<text y="20" style="font: 12px Georgia" font-family="Arial">Ж</text>'.encode()

    pdf = render_diploma(replace(RUSSIAN, logo=logo))

    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert fonts_of(opened) - OUR_FONTS == set()


@pytest.mark.parametrize(
    "logo",
    [
        b"",
        b"\x89PNG\r\n",
        b"<html/>",
        b'<!DOCTYPE svg [<!ENTITY a "b">]>' + LOGO % b"&a;",
        LOGO % (b" " * 500_001),
    ],
    ids=["nothing", "PNG", "HTML", "entities", "huge"],
)
def test_a_logo_that_is_not_a_plain_svg_is_refused(logo):
    with pytest.raises(UnreadableLogo):
        render_diploma(replace(RUSSIAN, logo=logo))


# --- Setting of names


@pytest.mark.parametrize(
    "name",
    [
        "Ромашка",
        "ООО «Межрегиональный центр обслуживания клиентов и цифровых технологий»",
        "Общество с ограниченной ответственностью " * 6,
        "Достопримечательность" * 12,
        "上海喆堃镕信息技术有限公司" * 6,
        "А",
    ],
)
@pytest.mark.parametrize("width", [60, 120, 230])
def test_every_line_of_a_name_stays_within_its_room(name, width):
    stack = stack_for(name, "display", "ru")

    fitted = fit(name.strip(), stack, Room(width, 38, 2))

    assert 1 <= len(fitted.lines) <= 2
    assert all(stack.width(line) * fitted.size * MM_PER_POINT <= width for line in fitted.lines)


def test_no_letter_is_lost_where_a_name_is_broken():
    name = "Общество с ограниченной ответственностью «Ромашка и партнёры»"

    fitted = fit(name, stacks("ru")["display"], Room(120, 38, 2))

    assert squeezed("".join(fitted.lines)) == squeezed(name)
    assert len(fitted.lines) == 2


def test_the_lines_of_a_broken_name_are_balanced():
    stack = stacks("en")["display"]

    fitted = fit("one two three four five six", stack, Room(60, 38, 2))

    assert fitted.lines == ("one two three", "four five six")


def test_a_legal_form_and_a_short_word_stay_with_the_next_one():
    fitted = fit("Ромашка и ООО Василёк", stacks("ru")["display"], Room(60, 38, 4))

    assert fitted.lines == ("Ромашка", "и\u00a0ООО\u00a0Василёк")


def test_chinese_punctuation_does_not_begin_a_line():
    fitted = fit("上海（中国）。北京《上海》", stacks("zh-hans")["display"], Room(30, 30, 4))

    assert all(line[0] not in "）。》" and line[-1] not in "（《" for line in fitted.lines)


def test_the_fullest_diploma_leaves_room_for_its_seal():
    content = replace(
        RUSSIAN,
        recipient="Общество с ограниченной ответственностью «Межрегиональный центр»",
        nomination="Эффективное применение технологий в клиентском опыте для бизнеса любого рода",
        entry_title="Как мы научили бота слушать: платформа для сорока миллионов клиентов",
    )

    baselines = positions(render_diploma(content))

    title, entry = LABELS["ru"].titles["finalist"], quoted(content.entry_title, LABELS["ru"])
    assert baselines[LABELS["ru"].awarded] - baselines[title] > 12
    assert SEAL[1] - SEAL_RADIUS - 2.5 - baselines[entry] > 3


def test_inner_quotation_marks_differ_from_the_outer_ones():
    assert quoted("Бот «Ася»", LABELS["ru"]) == "«Бот „Ася“»"
    assert quoted("The “Asya” bot", LABELS["en"]) == "“The ‘Asya’ bot”"


# --- Ornament, code, fonts


def test_the_ornament_depends_on_nothing_but_the_season():
    first = artwork("laureate", "#7a2e5d")
    artwork.cache_clear()

    assert artwork("laureate", "#7a2e5d") == first
    assert artwork("finalist", "#7a2e5d") != first
    assert artwork("laureate", "#14646b") != first


def test_the_drawn_code_is_the_code_of_the_address():
    address = RUSSIAN.verification_url
    expected = [bytes(row) for row in segno.make(address, error="m", boost_error=False).matrix]

    boxes = re.findall(r"^(\d+) (-\d+) (\d+) 1 re$", qr_operators(address).decode(), re.MULTILINE)
    drawn = [bytearray(len(expected)) for _row in expected]
    for x, y, width in ((int(x), int(y), int(width)) for x, y, width in boxes):
        drawn[-y - 1][x : x + width] = b"\x01" * width

    assert [bytes(row) for row in drawn] == expected


def test_the_code_is_printed_large_enough_to_be_scanned():
    longest = "https://awards.example.org/diplomas/" + "X" * 60
    modules = len(segno.make(longest, error="m", boost_error=False).matrix)

    assert SIDE / modules > 0.4


@pytest.mark.parametrize("face", list(Face), ids=lambda face: face.name)
def test_a_shipped_font_is_a_renamed_truetype_file(face):
    with TTFont(face.path) as font:
        family = font["name"].getDebugName(16)

        assert "glyf" in font
        assert family.startswith("Portal ")
        assert face.family.startswith(family)
        assert font["OS/2"].fsType == 0


def test_the_fonts_stand_beside_their_licence():
    assert "SIL OPEN FONT LICENSE" in (FONTS / "OFL.txt").read_text(encoding="utf-8")
    assert sum(face.path.stat().st_size for face in Face) < 17_500_000


def test_the_sans_draws_every_character_of_gbk():
    drawn = metrics(Face.SANS).advances
    hanzi = {chr(code) for code in range(0x4E00, 0x9FA6)}

    assert {sign for sign in hanzi if ord(sign) not in drawn} == set()
