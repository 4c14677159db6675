"""What each kind of prompt takes: an answer kept as text, checked, and made readable.

Every answer is one text, so that saving, conflicts and revisions are the same for all kinds:

==========  =====================================================================
kind        the text
==========  =====================================================================
text        what was typed
year        four digits
number      a decimal number, point or comma
metric      JSON: {"value": number, "period": text, "source": text}
date        YYYY-MM-DD
choice      the short name of an option
choices     short names of options, a line each
link/video  an address that begins with https:// or http://
file        empty: the files themselves are attachments of the prompt
table       JSON: a list of rows, each {column's short name: text}
==========  =====================================================================
"""

import json
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.errors import DomainError
from common.localized import Localized
from nominations.models import Prompt, PromptKind
from nominations.words import clean_text, count_words

YEAR = re.compile(r"\d{4}", re.ASCII)
NUMBER = re.compile(r"-?\d{1,14}(\.\d{1,4})?", re.ASCII)
GAPS = re.compile(r"[\s\u00a0\u202f]")
METRIC_PARTS = ("value", "period", "source")
MAX_ROWS = 50
PART_LENGTH = 2_000
VIDEO_HOSTS = (
    "youtube.com",
    "youtu.be",
    "vimeo.com",
    "rutube.ru",
    "vk.com",
    "vkvideo.ru",
    "bilibili.com",
    "youku.com",
    "v.qq.com",
    "disk.yandex.ru",
    "drive.google.com",
)
LISTED = {PromptKind.CHOICE, PromptKind.CHOICES}
NUMERIC = {PromptKind.NUMBER, PromptKind.METRIC}


# What is kept


def cleaned(prompt: Prompt, text: str) -> str:
    """Bring what was typed into the form that is kept; blank is empty.

    Raises DomainError for what no page of ours sends: unknown options, broken JSON.
    """
    text = clean_text(text)
    match prompt.kind:
        case PromptKind.TEXT:
            return text
        case PromptKind.METRIC:
            return cleaned_metric(text)
        case PromptKind.TABLE:
            return cleaned_table(prompt, text)
        case PromptKind.CHOICE | PromptKind.CHOICES:
            return cleaned_choice(prompt, text)
        case PromptKind.FILE:
            return ""
        case _:
            return " ".join(text.split())


def unreadable() -> DomainError:
    """The error for an answer that is not in the form its kind has."""
    return DomainError(_("The answer could not be read. Load the page again."))


def cleaned_metric(text: str) -> str:
    """Keep value, period and source, and nothing else."""
    if not text:
        return ""
    parts = parsed(text, dict)
    kept = {}
    for name in METRIC_PARTS:
        part = parts.get(name, "")
        if not isinstance(part, str) or len(part) > PART_LENGTH:
            raise unreadable()
        kept[name] = " ".join(part.split())
    return packed(kept) if any(kept.values()) else ""


def cleaned_table(prompt: Prompt, text: str) -> str:
    """Keep the cells of known columns; empty rows at the end go."""
    if not text:
        return ""
    columns = [option.slug for option in prompt.options.all()]
    rows = parsed(text, list)
    if len(rows) > MAX_ROWS or not all(isinstance(row, dict) for row in rows):
        raise unreadable()
    kept = []
    for row in rows:
        cells = {slug: row.get(slug, "") for slug in columns}
        if any(not isinstance(cell, str) or len(cell) > PART_LENGTH for cell in cells.values()):
            raise unreadable()
        kept.append({slug: " ".join(cell.split()) for slug, cell in cells.items()})
    while kept and not any(kept[-1].values()):
        kept.pop()
    return packed(kept) if kept else ""


def cleaned_choice(prompt: Prompt, text: str) -> str:
    """Keep known options, in their order; one alone for a single choice."""
    known = [option.slug for option in prompt.options.all()]
    chosen = set(text.split())
    if not chosen <= set(known) or (prompt.kind == PromptKind.CHOICE and len(chosen) > 1):
        raise DomainError(_("Choose from the list."))
    return "\n".join(slug for slug in known if slug in chosen)


def parsed(text: str, kind: type[Any]) -> Any:
    """Read JSON of a certain shape."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise unreadable() from error
    if not isinstance(found, kind):
        raise unreadable()
    return found


def packed(value: Any) -> str:
    """Write JSON the one way it is kept."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


# What is wrong


def answer_problem(prompt: Prompt, text: str, files: int = 0) -> str:
    """Say what keeps an answer from being submitted, or nothing; `files` counts the prompt's files."""
    if prompt.kind == PromptKind.FILE:
        return files_problem(prompt, files)
    if not text.strip():
        return _("This question has no answer yet.") if prompt.required else ""
    if prompt.kind == PromptKind.METRIC:
        return metric_problem(prompt, text, files)
    look = PROBLEMS.get(PromptKind(prompt.kind))
    return look(prompt, text) if look else ""


def words_problem(prompt: Prompt, text: str) -> str:
    """Say how many words are too few or too many."""
    words = count_words(text)
    if prompt.min_words and words < prompt.min_words:
        least = ngettext(
            "The answer needs at least %(count)d word.",
            "The answer needs at least %(count)d words.",
            prompt.min_words,
        ) % {"count": prompt.min_words}
        return f"{least} {_('It has %(words)d now.') % {'words': words}}"
    if prompt.max_words and words > prompt.max_words:
        most = ngettext(
            "The answer may have %(count)d word at most.",
            "The answer may have %(count)d words at most.",
            prompt.max_words,
        ) % {"count": prompt.max_words}
        return f"{most} {_('It has %(words)d now.') % {'words': words}}"
    return ""


def year_problem(prompt: Prompt, text: str) -> str:
    """Say why a year is refused, or nothing."""
    if not YEAR.fullmatch(text.strip()):
        return _("Write the year with four digits, for example %(year)d.") % {
            "year": timezone.now().year - 1
        }
    year = int(text)
    if prompt.minimum is not None and year < prompt.minimum:
        return str(prompt.minimum_message) or _("The year is %(year)d or later.") % {
            "year": prompt.minimum
        }
    if prompt.maximum is not None and year > prompt.maximum:
        return str(prompt.minimum_message) or _("The year is %(year)d or earlier.") % {
            "year": prompt.maximum
        }
    if year > timezone.now().year:
        return _("This year has not come yet.")
    return ""


def as_number(text: str) -> Decimal | None:
    """Read a number as people write it: a point or a comma, gaps between thousands."""
    plain = GAPS.sub("", text).replace(",", ".").replace("−", "-")
    if not NUMBER.fullmatch(plain):
        return None
    try:
        return Decimal(plain)
    except InvalidOperation:
        return None


def number_problem(prompt: Prompt, text: str) -> str:
    """Say why a number is refused, or nothing."""
    value = as_number(text)
    if value is None:
        return _("Write a number, for example 72 or 4.5.")
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and -exponent > prompt.decimals:
        if not prompt.decimals:
            return _("Write a whole number.")
        return ngettext(
            "Write %(count)d digit after the point at most.",
            "Write %(count)d digits after the point at most.",
            prompt.decimals,
        ) % {"count": prompt.decimals}
    if prompt.minimum is not None and value < prompt.minimum:
        return str(prompt.minimum_message) or _("The number is %(number)s or more.") % {
            "number": in_figures(prompt.minimum)
        }
    if prompt.maximum is not None and value > prompt.maximum:
        return str(prompt.minimum_message) or _("The number is %(number)s or less.") % {
            "number": in_figures(prompt.maximum)
        }
    return ""


def metric_problem(prompt: Prompt, text: str, files: int) -> str:
    """A metric is a number with its period, its source and a proof."""
    parts = read_metric(text)
    if not parts["value"]:
        return _("Write the value.")
    if problem := number_problem(prompt, parts["value"]):
        return problem
    if not parts["period"]:
        return _("Say which period the value is for.")
    if not parts["source"]:
        return _("Say where the value comes from.")
    if prompt.required and not files:
        return _("Add a file that proves the value.")
    return ""


def date_problem(prompt: Prompt, text: str) -> str:
    """Say why a date is refused, or nothing."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return _("Write a date.")
    return ""


def link_problem(prompt: Prompt, text: str) -> str:
    """Say why an address is refused, or nothing."""
    try:
        address = urlsplit(text)
        host = (address.hostname or "").removeprefix("www.")
    except ValueError:
        host, address = "", urlsplit("")
    if address.scheme not in {"http", "https"} or "." not in host or " " in text:
        return _("Write a whole address, beginning with https://")
    if prompt.kind == PromptKind.VIDEO and not any(
        host == known or host.endswith(f".{known}") for known in VIDEO_HOSTS
    ):
        return _("Put the video on a video service and give its address: %(hosts)s.") % {
            "hosts": ", ".join(VIDEO_HOSTS)
        }
    return ""


def files_problem(prompt: Prompt, files: int) -> str:
    """Say how many files are missing or too many."""
    least = int(prompt.minimum or 1) if prompt.required else 0
    if files < least:
        return ngettext("Add %(count)d file.", "Add %(count)d files.", least - files) % {
            "count": least - files
        }
    if prompt.maximum is not None and files > prompt.maximum:
        return ngettext(
            "Keep %(count)d file at most.", "Keep %(count)d files at most.", int(prompt.maximum)
        ) % {"count": int(prompt.maximum)}
    return ""


def table_problem(prompt: Prompt, text: str) -> str:
    """Say which rows are missing, too many or not whole."""
    rows = [row for row in read_table(text) if any(row.values())]
    if prompt.minimum is not None and len(rows) < prompt.minimum:
        least = int(prompt.minimum)
        return ngettext(
            "The table needs at least %(count)d row.",
            "The table needs at least %(count)d rows.",
            least,
        ) % {"count": least}
    if prompt.maximum is not None and len(rows) > prompt.maximum:
        most = int(prompt.maximum)
        return ngettext(
            "The table may have %(count)d row at most.",
            "The table may have %(count)d rows at most.",
            most,
        ) % {"count": most}
    if any(not all(row.values()) for row in rows):
        return _("Fill every cell of the rows you began.")
    return ""


PROBLEMS: dict[PromptKind, Callable[[Prompt, str], str]] = {
    PromptKind.TEXT: words_problem,
    PromptKind.YEAR: year_problem,
    PromptKind.NUMBER: number_problem,
    PromptKind.DATE: date_problem,
    PromptKind.LINK: link_problem,
    PromptKind.VIDEO: link_problem,
    PromptKind.TABLE: table_problem,
}


# Conditions


def asked(prompts: Sequence[Prompt], texts: dict[int, str]) -> set[int]:
    """Which prompts are asked, given the answers so far; conditions look back only."""
    found: set[int] = set()
    for prompt in sorted(prompts, key=lambda prompt: prompt.position):
        if prompt.shown_if_id is None or (
            prompt.shown_if_id in found and fulfils(prompt, texts.get(prompt.shown_if_id, ""))
        ):
            found.add(prompt.pk)
    return found


def fulfils(prompt: Prompt, text: str) -> bool:
    """Whether the answer to the earlier prompt is the one that asks for this."""
    if not prompt.shown_value:
        return bool(text.strip())
    return prompt.shown_value in text.split()


# What a revision keeps and a reader sees


def frozen(prompt: Prompt, text: str) -> dict[str, Any]:
    """Everything a reader needs of an answer, whatever becomes of the prompt."""
    kept: dict[str, Any] = {
        "prompt": prompt.slug,
        "kind": prompt.kind,
        "label": dict(prompt.label),
        "text": text,
        "words": count_words(text) if prompt.kind == PromptKind.TEXT else 0,
    }
    if not prompt.jury_sees:
        kept["jury"] = False
    if prompt.kind in NUMERIC and prompt.unit:
        kept["unit"] = dict(prompt.unit)
    if prompt.kind in LISTED or prompt.kind == PromptKind.TABLE:
        kept["options"] = [
            {"slug": option.slug, "label": dict(option.label)} for option in prompt.options.all()
        ]
    return kept


def read_metric(text: str) -> dict[str, str]:
    """Value, period and source of a kept metric."""
    try:
        parts = json.loads(text) if text else {}
    except ValueError:
        parts = {}
    return {name: str(parts.get(name, "")) for name in METRIC_PARTS}


def read_table(text: str) -> list[dict[str, str]]:
    """Rows of a kept table."""
    try:
        rows = json.loads(text) if text else []
    except ValueError:
        rows = []
    return [{str(key): str(cell) for key, cell in row.items()} for row in rows]


def in_figures(number: Decimal | int) -> str:
    """A number as the reader's language writes it."""
    plain = Decimal(number).normalize()
    places = max(0, -int(plain.as_tuple().exponent))
    return number_format(plain, decimal_pos=places, use_l10n=True, force_grouping=True)


def readable_answer(answer: dict[str, Any]) -> dict[str, Any]:
    """A frozen answer in the reader's language, with what its kind needs to be shown."""
    kind, text = answer.get("kind", PromptKind.TEXT), answer.get("text", "")
    shown: dict[str, Any] = {**answer, "label": str(Localized(answer.get("label", {})))}
    shown["unit"] = str(Localized(answer.get("unit", {})))
    names = {one["slug"]: str(Localized(one["label"])) for one in answer.get("options", [])}
    match kind:
        case PromptKind.NUMBER:
            value = as_number(text)
            shown["value"] = in_figures(value) if value is not None else text
        case PromptKind.METRIC:
            parts = read_metric(text)
            value = as_number(parts["value"])
            shown |= parts | {"value": in_figures(value) if value is not None else parts["value"]}
        case PromptKind.DATE:
            shown["value"] = shown_date(text)
        case PromptKind.CHOICE | PromptKind.CHOICES:
            shown["chosen"] = [names.get(slug, slug) for slug in text.split()]
        case PromptKind.TABLE:
            shown["columns"] = list(names.values())
            shown["rows"] = [[row.get(slug, "") for slug in names] for row in read_table(text)]
        case _:
            pass
    return shown


def shown_date(text: str) -> str:
    """A kept date as the reader's language writes it."""
    try:
        return date_format(date.fromisoformat(text), "DATE_FORMAT")
    except ValueError:
        return text


def as_lines(answer: dict[str, Any]) -> list[str]:
    """A frozen answer as plain lines, for comparison, mails and documents without tables."""
    shown = readable_answer(answer)
    match answer.get("kind", PromptKind.TEXT):
        case PromptKind.NUMBER:
            return [f"{shown['value']} {shown['unit']}".strip()] if answer["text"] else []
        case PromptKind.METRIC:
            return metric_lines(shown) if answer["text"] else []
        case PromptKind.DATE:
            return [shown["value"]] if answer["text"] else []
        case PromptKind.CHOICE | PromptKind.CHOICES:
            return list(shown["chosen"])
        case PromptKind.TABLE:
            return [" · ".join(row) for row in shown["rows"]]
        case _:
            return str(answer.get("text", "")).splitlines()


def metric_lines(shown: dict[str, Any]) -> list[str]:
    """Value with unit, period, source."""
    lines: Iterable[str] = (
        f"{shown['value']} {shown['unit']}".strip(),
        _("Period: %(period)s") % {"period": shown["period"]} if shown["period"] else "",
        _("Source: %(source)s") % {"source": shown["source"]} if shown["source"] else "",
    )
    return [line for line in lines if line]
