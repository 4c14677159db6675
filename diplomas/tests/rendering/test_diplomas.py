"""Diplomas are read back from their files: words, fonts, glyphs, bytes; what cannot be drawn is refused."""

import io
from dataclasses import replace

import pikepdf
import pytest
from pypdf import PdfReader

from diplomas.rendering import (
    DiplomaError,
    MissingGlyphs,
    render_diploma,
    render_diplomas,
)
from diplomas.rendering.background import Background, background
from diplomas.rendering.drawing import OUR_FONTS, fonts_of
from diplomas.rendering.fitting import MM_PER_POINT
from diplomas.rendering.fonts import Face, stack_for
from diplomas.rendering.labels import LABELS
from diplomas.tests.rendering.samples import (
    ENGLISH,
    IN_FOUR_LANGUAGES,
    RUSSIAN,
    SIMPLIFIED,
    drawn_glyphs,
    outlined,
    printed_texts,
    read,
    rendered,
    squeezed,
)


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
