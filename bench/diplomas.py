"""Diplomas made per CPU-second, beside WeasyPrint drawing every page whole, in the same run.

    ./portal bench diplomas [--count 60] [--rounds 3]

The naive way reads the style sheet and fonts and draws the ornament for each diploma. Both ways
take turns in one process, so a busy machine slows them alike: the ratio is what to compare.
"""

import argparse
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import django
import segno
import weasyprint
from django.template.loader import render_to_string

from diplomas.rendering import DiplomaContent, render_diplomas
from diplomas.rendering.background import Background, composed
from diplomas.rendering.drawing import load_style
from diplomas.rendering.page import Page
from diplomas.rendering.resources import Resources

RUSSIAN = DiplomaContent(
    kind="laureate",
    language="ru",
    programme="Премия за клиентский опыт",
    season="Сезон 2021/22",
    nomination="Контактный центр",
    category="Проекты, подходы и стратегии",
    recipient="ООО «Ромашка»",
    outcome_label="Лауреат",
    number="CX22-L-0007",
    verification_url="https://awards.example.org/diplomas/CX22-L-0007/",
    date="20 апреля 2022 года",
    signatories=(("Анна Берёзкина", "Председатель жюри"), ("Пётр Осокин", "Директор премии")),
)
CHINESE = replace(
    RUSSIAN,
    language="zh-hans",
    programme="金耳唛杯",
    season="2025年度",
    nomination="数字化运营标杆",
    category="运营管理类",
    recipient="上海信息技术有限公司",
    outcome_label="金奖",
    date="2025年6月18日",
    signatories=(("王建国", "评审团主席"),),
)
SYLLABLES = ("Аль", "Бета", "Вега", "Дельта", "Заря", "Искра", "Луч", "Мир", "Нева", "Орион")
HANZI = "安博达恒华金康利明瑞盛泰信兴远中"


def contents(count: int) -> list[DiplomaContent]:
    """Diplomas of two seasons with names that differ, half in Russian and half in Chinese."""
    made = []
    for turn in range(count):
        first, second = SYLLABLES[turn % 10], SYLLABLES[turn // 10 % 10].lower()
        name = HANZI[turn % 16] + HANZI[turn // 16 % 16]
        number = f"X-{turn:05}"
        address = f"https://awards.example.org/diplomas/{number}/"
        season, recipient = (
            (RUSSIAN, f"ООО «{first}{second}»")
            if turn < count / 2
            else (CHINESE, f"{name}科技公司")
        )
        made.append(replace(season, recipient=recipient, number=number, verification_url=address))
    return made


def whole(content: DiplomaContent) -> bytes:
    """One diploma the naive way: everything is read and drawn for it alone."""
    ground, files = composed(Background.of(content))
    names = render_to_string("diplomas/pdf/page.html", {"pages": [Page.of(content)]})
    code = segno.make(content.verification_url, error="m").svg_inline(border=0)
    inside = names.partition("<body>")[2].partition("</body>")[0].partition(">")[2]
    place = '<div style="position: absolute; left: 248mm; top: 156mm">'
    html = ground.replace("</body>", "").rpartition("</div>")[0] + inside + place + code + "</div>"
    sheet, fonts = load_style()
    page = weasyprint.HTML(string=html, url_fetcher=Resources(files), base_url="portal:")
    pdf: bytes = page.write_pdf(stylesheets=[sheet], font_config=fonts)
    return pdf


def one_by_one(items: Sequence[DiplomaContent]) -> list[bytes]:
    """The naive way for many."""
    return [whole(content) for content in items]


def rate(make: Callable[[Sequence[DiplomaContent]], list[bytes]], count: int) -> float:
    """How many diplomas a way makes in a second of CPU."""
    items = contents(count)
    start = time.process_time()
    made = make(items)
    spent = time.process_time() - start
    if len(made) != count or not all(pdf.startswith(b"%PDF") for pdf in made):
        raise RuntimeError("not every diploma was made")
    return count / spent


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args(arguments)
    django.setup()
    naive, ours = [], []
    render_diplomas(contents(2))
    for _round in range(asked.rounds):
        naive.append(rate(one_by_one, max(asked.count // 6, 2)))
        ours.append(rate(render_diplomas, asked.count))
    ratios = [mine / theirs for mine, theirs in zip(ours, naive, strict=True)]
    print(f"naive WeasyPrint   {statistics.median(naive):6.1f} diplomas per CPU-second")
    print(f"the portal         {statistics.median(ours):6.1f} diplomas per CPU-second")
    print(
        f"ratio              {statistics.median(ratios):6.1f} ({min(ratios):.1f} to {max(ratios):.1f})"
    )


if __name__ == "__main__":
    main()
