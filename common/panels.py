"""Blocks that an upper room shows on a lower room's page, without the lower one knowing it."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString

Block = Callable[[HttpRequest, Any], SafeString | str | None]


class Panels:
    """An ordered list of blocks; each renders itself for a request and an object, or nothing."""

    def __init__(self) -> None:
        self.blocks: list[tuple[int, Block]] = []

    def register(self, block: Block, *, order: int = 50) -> None:
        """Add a block once; lower order comes first."""
        if all(known is not block for _order, known in self.blocks):
            self.blocks.append((order, block))
            self.blocks.sort(key=lambda pair: pair[0])

    def render(self, request: HttpRequest, about: Any = None) -> list[str]:
        """Return the HTML of every block that has something to say."""
        shown = (block(request, about) for _order, block in self.blocks)
        return [html for html in shown if html]


desk_panels = Panels()
