"""Template tags and filters of the design system."""

import json
from datetime import datetime
from typing import Any

import nh3
from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from markdown_it import MarkdownIt

from common.moments import home_zone, in_zone, own_zone, span, written, zone_label

register = template.Library()
MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
ALLOWED_TAGS = {
    "p", "br", "strong", "em", "ul", "ol", "li", "h2", "h3", "h4", "blockquote", "a", "code",
    "pre", "hr", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip


@register.filter
def markdown(text: Any) -> SafeString:
    """Render Markdown and keep only harmless tags; headings start below the page's own."""
    html = MARKDOWN.render(str(text or "")).replace("<h1>", "<h2>").replace("</h1>", "</h2>")
    return mark_safe(nh3.clean(html, tags=ALLOWED_TAGS, attributes={"a": {"href"}}))  # noqa: S308


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Draw an icon of the sprite; without a label it is decoration."""
    sprite = static("img/icons.svg")
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}#{}"></use></svg>',
            label, sprite, name,
        )  # fmt: skip
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>', sprite, name
    )


@register.simple_tag
def moment(
    value: datetime | None, zone: str = "", *, seconds: bool = False, until: bool = False
) -> SafeString | str:
    """Show an instant in the programme's zone and, when it differs, in the reader's own.

    `until=True` is for deadlines: midnight is then 24:00 of the day before.
    The reader's zone is the one of the account; a browser adds its own through `data-moment`.
    """
    if value is None:
        return ""
    home, here = home_zone(zone), own_zone()
    own = ""
    if here is not None and here.key != home.key:
        own = gettext("%(time)s your time") % {
            "time": written(value, here, seconds=seconds, until=until)
        }
    return format_html(
        '<span class="moment"><time datetime="{}" data-moment data-zone="{}">{}</time>{}</span>',
        value.isoformat(),
        home.key,
        in_zone(value, home, seconds=seconds, until=until),
        format_html(' <span class="moment-own">{}</span>', own) if own else "",
    )


@register.simple_tag
def stage_span(opens: datetime, closes: datetime, zone: str) -> SafeString:
    """A stage from its first to its last day, in the season's zone; the browser adds its own."""
    first, last = span(opens, closes, home_zone(zone))
    start = format_html('<time datetime="{}">{}</time>', opens.isoformat(), first)
    if not last:
        return start
    return format_html('{} – <time datetime="{}">{}</time>', start, closes.isoformat(), last)


@register.filter
def zone_name(zone: str) -> str:
    """A zone the way people say it: Moscow, UTC+3."""
    return zone_label(timezone.now(), home_zone(zone))


@register.filter
def get_item(mapping: Any, key: Any) -> Any:
    """Look a key up in a mapping."""
    return mapping.get(key) if mapping else None


@register.filter
def filesize_limit(size: int) -> str:
    """Write a size limit in whole megabytes."""
    return gettext("%(size)d MB") % {"size": size // (1024 * 1024)}


@register.filter
def initials(name: Any) -> str:
    """First letters of the first and the last word of a name."""
    words = str(name or "").split()
    return "".join(word[0] for word in words[:1] + words[1:][-1:]).upper()


@register.simple_tag
def json_ld(data: Any) -> SafeString:
    """Structured data for search engines; nothing in it can end the element it stands in."""
    text = json.dumps(data, ensure_ascii=False, default=str)
    for sign, code in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026")):
        text = text.replace(sign, code)
    return mark_safe(text)  # noqa: S308
