"""Comparing pages byte by byte, without what differs at every request."""

import re
from typing import Any

from django.http import HttpResponse
from django.test import Client

Row = tuple[str, str, list[Any]]
"""The name of a URL, what it is about in the world, and what stands in its path."""

CHANGING = [
    re.compile(r'(?<=name="csrfmiddlewaretoken" value=")[^"]*'),
    re.compile(r'(?<="X-CSRFToken": ")[^"]*'),
    re.compile(r"(?<=&quot;X-CSRFToken&quot;: &quot;)[^&]*"),
    re.compile(r'<time datetime="[^"]*" data-server-clock>[^<]*</time>'),
    re.compile(r'(?<=data-csrf=")[^"]*'),
    re.compile(r'(?<=name="key" value=")[0-9a-f-]{36}'),
    # What lots are drawn with, proposed anew to whoever adds an outcome.
    re.compile(r'(?<=name="seed" value=")[0-9a-f]{16}'),
    re.compile(r'(?<=name="initial-seed" value=")[0-9a-f]{16}'),
]
CHANGING_HEADERS = {"set-cookie", "expires", "date"}


def said(response: HttpResponse) -> tuple[int, dict[str, str], str]:
    """Status, headers and body of an answer, without tokens, keys and the server's clock."""
    streaming = getattr(response, "streaming", False)
    body = b"".join(response) if streaming else response.content
    text = body.decode("latin-1") if streaming else body.decode(errors="backslashreplace")
    for pattern in CHANGING:
        text = pattern.sub("", text)
    headers = {
        name.lower(): value
        for name, value in response.items()
        if name.lower() not in CHANGING_HEADERS
    }
    return response.status_code, headers, text


def told(client: Client, path: str) -> tuple[int, dict[str, str], str]:
    """What a page says to somebody, its own address left out."""
    status, headers, text = said(client.get(path))
    headers.pop("content-length", None)
    return status, headers, text.replace(path, "")
