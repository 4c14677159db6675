"""The pages of an essay file as a reader gets them."""

from collections.abc import Callable
from typing import Any

from nominations.models import Attachment, PagesState

PageUrl = Callable[[str, int], str]


def sheets(token: str, page_url: PageUrl) -> dict[str, Any]:
    """How far the pages of a file are, and each with its picture's address and its text."""
    found = Attachment.objects.filter(token=token).prefetch_related("pages").first()
    if found is None:
        return {"state": PagesState.FAILED, "fault": "", "pages": []}
    pages = found.pages.all() if found.pages_state == PagesState.READY else []
    return {
        "state": found.pages_state,
        "fault": found.get_pages_fault_display(),
        "pages": [
            {
                "number": page.number,
                "width": page.width,
                "height": page.height,
                "text": page.text,
                "url": page_url(token, page.number),
            }
            for page in pages
        ],
    }
