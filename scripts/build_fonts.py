#!/usr/bin/env python3
"""Build the fonts that ship with the portal from the fonts Debian packages.

    python scripts/build_fonts.py            # everything, about six minutes of CPU
    python scripts/build_fonts.py web print  # only these groups

The sources come from ``apt-get download`` (nothing is installed); ``--sources DIR`` reads packages
unpacked earlier with ``dpkg -x``. Two kinds of files come out:

* ``static/fonts/*.woff2`` — small Latin, Greek and Cyrillic faces for the web pages;
* ``diplomas/fonts/*.ttf`` — static TrueType faces for PDF files. Chinese outlines are converted from
  cubic (CFF) to quadratic (glyf): a PDF then carries 3-20 kB of font instead of 70-160 kB.

Every face is renamed, because its licence (SIL OFL 1.1) reserves the original names for unmodified
files. ``OFL.txt`` stands beside the results. Rerunning with the same packages gives the same bytes.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont, newTable
from fontTools.varLib.instancer import instantiateVariableFont

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "static" / "fonts"
PRINT = ROOT / "diplomas" / "fonts"

PACKAGES = ("fonts-inter-variable", "fonts-noto-core", "fonts-noto-extra", "fonts-noto-cjk")
INTER = "usr/share/fonts/truetype/inter-vf/Inter-roman.var.ttf"
NOTO_DISPLAY = "usr/share/fonts/truetype/noto/NotoSerifDisplay-{style}.ttf"
NOTO_CJK = "usr/share/fonts/opentype/noto/Noto{kind}CJK-{style}.ttc"
SIMPLIFIED_CHINESE = 2  # the index of the SC font in each Noto CJK collection

# What a page or a name written in Latin, Greek or Cyrillic letters needs.
WEB_RANGES = (
    (0x20, 0x7E),
    (0xA0, 0x17F),
    (0x18F, 0x192),
    (0x1CD, 0x1DC),
    (0x218, 0x21B),
    (0x2BB, 0x2BC),
    (0x2C6, 0x2DD),
    (0x300, 0x304),
    (0x306, 0x30C),
    (0x400, 0x45F),
    (0x490, 0x4F9),
    (0x2002, 0x2015),
    (0x2018, 0x2026),
    (0x202F, 0x203A),
    (0x20A0, 0x20BF),
    (0x2116, 0x2122),
    (0x2190, 0x2199),
    (0x2212, 0x2215),
    (0x2248, 0x2265),
    (0x2713, 0x2717),
)
PRINT_RANGES = (
    (0x20, 0x7E),
    (0xA0, 0x36F),
    (0x370, 0x52F),
    (0x1E00, 0x1EFF),
    (0x2000, 0x206F),
    (0x2070, 0x209F),
    (0x20A0, 0x20BF),
    (0x2100, 0x214F),
    (0x2150, 0x218F),
    (0x2190, 0x22FF),
    (0x25A0, 0x27BF),
)
# Characters of the national standard list of 8,105 that neither GBK nor Big5-HKSCS has and the
# sources draw: they occur in personal and company names.
RARE_HANZI = "䶮㛃𬭎"
CHINESE_LOCALES = ("ZHS ", "ZHT ")
TEXT_FEATURES = ("kern", "mark", "mkmk", "ccmp", "locl", "calt", "liga", "tnum", "case", "rlig")


@dataclass(frozen=True)
class Face:
    """One file to build: where its outlines come from and what it is called here."""

    group: str
    target: Path
    family: str
    style: str
    source: str
    characters: frozenset[int]
    weight: int | tuple[int, int] | None = None  # take this weight, or range, of a variable font
    member: int | None = None  # take this font of a collection
    features: tuple[str, ...] = TEXT_FEATURES


def ranges(pairs: Iterable[tuple[int, int]]) -> frozenset[int]:
    """Every code point of inclusive ranges."""
    return frozenset(code for first, last in pairs for code in range(first, last + 1))


def encodable(codec: str, leads: Iterable[int], trails: Iterable[int]) -> Iterator[int]:
    """The code points a two-byte Chinese encoding can spell with these lead and trail bytes."""
    trails = tuple(trails)
    for lead in leads:
        for trail in trails:
            try:
                text = bytes((lead, trail)).decode(codec)
            except UnicodeDecodeError:
                continue
            yield from map(ord, text)


def every_chinese() -> frozenset[int]:
    """GBK, Big5 with the Hong Kong supplement, Latin, Greek, Cyrillic and rare name characters."""
    gbk = encodable("gbk", range(0x81, 0xFF), range(0x40, 0xFF))
    big5 = encodable("big5hkscs", range(0x81, 0xFF), range(0x40, 0xFF))
    return frozenset((*gbk, *big5, *map(ord, RARE_HANZI))) | ranges(PRINT_RANGES)


def common_chinese() -> frozenset[int]:
    """GB2312 and the first level of Big5: what ordinary text is written with."""
    gb2312 = encodable("gb2312", range(0xA1, 0xF8), range(0xA1, 0xFF))
    big5 = encodable("big5", range(0xA1, 0xC7), range(0x40, 0xFF))
    return frozenset((*gb2312, *big5)) | ranges(PRINT_RANGES)


def faces() -> list[Face]:
    """The list of what the portal ships."""
    web, printed = ranges(WEB_RANGES), ranges(PRINT_RANGES)
    display = NOTO_DISPLAY.format
    return [
        Face(
            "web",
            WEB / "portal-text.woff2",
            "Portal Text",
            "Regular",
            INTER,
            web,
            weight=(400, 700),
        ),
        Face(
            "web",
            WEB / "portal-serif.woff2",
            "Portal Display",
            "SemiBold",
            display(style="SemiBold"),
            web,
        ),
        Face(
            "print",
            PRINT / "PortalText-Regular.ttf",
            "Portal Text",
            "Regular",
            INTER,
            printed,
            weight=400,
        ),
        Face(
            "print",
            PRINT / "PortalText-SemiBold.ttf",
            "Portal Text",
            "SemiBold",
            INTER,
            printed,
            weight=600,
        ),
        Face(
            "print",
            PRINT / "PortalDisplay-SemiBold.ttf",
            "Portal Display",
            "SemiBold",
            display(style="SemiBold"),
            printed,
        ),
        Face(
            "print",
            PRINT / "PortalDisplay-Italic.ttf",
            "Portal Display",
            "Italic",
            display(style="MediumItalic"),
            printed,
        ),
        Face(
            "chinese",
            PRINT / "PortalSerif-Bold.ttf",
            "Portal Serif",
            "Bold",
            NOTO_CJK.format(kind="Serif", style="Bold"),
            common_chinese(),
            member=SIMPLIFIED_CHINESE,
        ),
        Face(
            "chinese",
            PRINT / "PortalSans-Regular.ttf",
            "Portal Sans",
            "Regular",
            NOTO_CJK.format(kind="Sans", style="Regular"),
            every_chinese(),
            member=SIMPLIFIED_CHINESE,
        ),
    ]


def fetch(directory: Path) -> None:
    """Download the source packages and unpack them; nothing is installed."""
    subprocess.run(["apt-get", "download", *PACKAGES], cwd=directory, check=True)
    for package in sorted(directory.glob("*.deb")):
        subprocess.run(["dpkg", "-x", package.name, "."], cwd=directory, check=True)


def keep_chinese_locales(font: TTFont) -> None:
    """Keep the letter shapes of zh-hans and zh-hant; no text of the portal asks for others."""
    for tag in ("GSUB", "GPOS"):
        for record in font[tag].table.ScriptList.ScriptRecord:
            script = record.Script
            script.LangSysRecord = [
                system for system in script.LangSysRecord if system.LangSysTag in CHINESE_LOCALES
            ]
            script.LangSysCount = len(script.LangSysRecord)


def subset(font: TTFont, face: Face) -> None:
    """Cut the font to the characters and typographic features the face keeps."""
    options = Options()
    options.layout_features = list(face.features)
    options.hinting = False
    options.desubroutinize = True
    options.notdef_outline = True
    options.glyph_names = False
    options.name_IDs = ["*"]
    options.drop_tables += ["BASE", "VORG", "vhea", "vmtx", "DSIG", "STAT"]
    if "fvar" in font:
        options.drop_tables.remove("STAT")
    cutter = Subsetter(options)
    cutter.populate(unicodes=face.characters)
    cutter.subset(font)


def to_quadratic(font: TTFont) -> None:
    """Redraw cubic outlines as TrueType ones, to a thousandth of the letter's size."""
    glyphs = font.getGlyphSet()
    order = font.getGlyphOrder()
    glyf = newTable("glyf")
    glyf.glyphOrder = order
    glyf.glyphs = {}
    for name in order:
        pen = TTGlyphPen(None)
        glyphs[name].draw(Cu2QuPen(pen, max_err=1.0, reverse_direction=True))
        glyf.glyphs[name] = pen.glyph()
    font["loca"] = newTable("loca")
    font["glyf"] = glyf
    glyf.compile(font)
    maxp = font["maxp"]
    maxp.tableVersion = 0x00010000
    for name in (
        "maxTwilightPoints",
        "maxStorage",
        "maxFunctionDefs",
        "maxInstructionDefs",
        "maxStackElements",
        "maxSizeOfInstructions",
        "maxComponentElements",
    ):
        setattr(maxp, name, 0)
    maxp.maxZones = 1
    for name in order:
        outline = glyf.glyphs[name]
        outline.recalcBounds(glyf)
        advance, _bearing = font["hmtx"][name]
        font["hmtx"][name] = (advance, getattr(outline, "xMin", 0))
    post = font["post"]
    post.formatType = 3.0
    post.extraNames, post.mapping = [], {}
    del font["CFF "]
    font.sfntVersion = "\000\001\000\000"


def rename(font: TTFont, face: Face) -> None:
    """Give the modified font its own name and keep who made the original and its licence."""
    names = font["name"]
    kept = {number: names.getDebugName(number) for number in (0, 13, 14)}
    variable_names = [(record.nameID, str(record)) for record in names.names if record.nameID > 255]
    full = f"{face.family} {face.style}"
    postscript = full.replace(" ", "")
    names.names = []
    texts = kept | {
        1: full if face.style != "Regular" else face.family,
        2: "Regular",
        3: f"1.0;{postscript}",
        4: full,
        5: "Version 1.0",
        6: postscript,
        16: face.family,
        17: face.style,
    }
    if "fvar" in font:
        texts |= dict(variable_names)
    for number, text in sorted(texts.items()):
        if text:
            names.setName(text, number, 3, 1, 0x409)


def build(face: Face, sources: Path) -> None:
    """Make one file and say how large it became."""
    options = {} if face.member is None else {"fontNumber": face.member}
    font = TTFont(sources / face.source, recalcTimestamp=False, **options)
    if face.member is not None:
        keep_chinese_locales(font)
    subset(font, face)
    if face.weight is not None:
        instantiateVariableFont(font, {"wght": face.weight}, inplace=True)
    if "CFF " in font:
        to_quadratic(font)
    rename(font, face)
    font.flavor = "woff2" if face.target.suffix == ".woff2" else None
    face.target.parent.mkdir(parents=True, exist_ok=True)
    font.save(face.target, reorderTables=True)
    size = face.target.stat().st_size
    print(f"{face.target.relative_to(ROOT)}: {len(font.getGlyphOrder())} glyphs, {size:,} bytes")


def main() -> int:
    """Build the groups asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("groups", nargs="*", help="web, print, chinese (default: all)")
    parser.add_argument("--sources", type=Path, help="a directory of packages already unpacked")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        sources = asked.sources or Path(scratch)
        if asked.sources is None:
            fetch(sources)
        for face in faces():
            if not asked.groups or face.group in asked.groups:
                build(face, sources)
    return 0


if __name__ == "__main__":
    sys.exit(main())
