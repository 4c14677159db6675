"""Names fit their room; ornament, code and fonts are what they should be."""

import re
from dataclasses import replace

import pytest
import segno
from fontTools.ttLib import TTFont

from diplomas.rendering import (
    render_diploma,
)
from diplomas.rendering.code import SIDE, qr_operators
from diplomas.rendering.fitting import MM_PER_POINT, Room, fit
from diplomas.rendering.fonts import FONTS, Face, metrics, stack_for, stacks
from diplomas.rendering.guilloche import SEAL, SEAL_RADIUS, artwork
from diplomas.rendering.labels import LABELS, quoted
from diplomas.tests.rendering.samples import (
    RUSSIAN,
    positions,
    squeezed,
)


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
