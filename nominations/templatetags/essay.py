"""Showing what nominees wrote."""

from typing import Any

import nh3
from django import template
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

from common.templatetags.portal import ALLOWED_TAGS

register = template.Library()
# Nominees press Enter for a new line and mean it; headings stay below the page's own.
ESSAY = (
    MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table").disable("lheading")
)


@register.filter
def essay(text: Any) -> SafeString:
    """Render an answer: line breaks as typed, simple Markdown, harmless tags alone."""
    html = ESSAY.render(str(text or ""))
    for level in "123":
        html = html.replace(f"<h{level}>", "<h4>").replace(f"</h{level}>", "</h4>")
    cleaned = nh3.clean(html, tags=ALLOWED_TAGS, attributes={"a": {"href"}})
    return mark_safe(cleaned)  # noqa: S308  (cleaned by the allow-list right above)
