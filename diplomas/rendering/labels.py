"""The fixed words of a diploma in its four languages.

They belong to the document, not to the interface: a diploma keeps its language whatever language
the person who asks for it reads.
"""

from dataclasses import dataclass

from diplomas.rendering.content import Kind, Language


@dataclass(frozen=True)
class Labels:
    """What is printed around the names."""

    titles: dict[Kind, str]
    awarded: str
    nomination: str
    number: str
    verify: str
    quotes: tuple[str, str]
    inner_quotes: tuple[str, str]


LABELS: dict[Language, Labels] = {
    "ru": Labels(
        titles={"finalist": "Диплом финалиста", "laureate": "Диплом лауреата"},
        awarded="награждается",
        nomination="в номинации",
        number="№",
        verify="Наведите камеру на код, чтобы проверить подлинность диплома",
        quotes=("«", "»"),
        inner_quotes=("„", "“"),
    ),
    "en": Labels(
        titles={"finalist": "Finalist Diploma", "laureate": "Laureate Diploma"},
        awarded="is proudly awarded to",
        nomination="in the nomination",
        number="No.",
        verify="Scan the code to verify that this diploma is genuine",
        quotes=("“", "”"),
        inner_quotes=("‘", "’"),
    ),
    "zh-hans": Labels(
        titles={"finalist": "入围证书", "laureate": "获奖证书"},
        awarded="特此授予",
        nomination="奖项组别",
        number="证书编号",
        verify="扫描二维码，查验证书真伪",
        quotes=("《", "》"),
        inner_quotes=("〈", "〉"),
    ),
    "zh-hant": Labels(
        titles={"finalist": "入圍證書", "laureate": "得獎證書"},
        awarded="特此頒予",
        nomination="獎項組別",
        number="證書編號",
        verify="掃描二維碼，查驗證書真偽",
        quotes=("《", "》"),
        inner_quotes=("〈", "〉"),
    ),
}


def quoted(text: str, labels: Labels) -> str:
    """The text in the quotation marks of its language, with inner marks told apart."""
    (opening, closing), (inner_opening, inner_closing) = labels.quotes, labels.inner_quotes
    inside = text.replace(opening, inner_opening).replace(closing, inner_closing)
    return f"{opening}{inside}{closing}"
