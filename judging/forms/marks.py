"""Reading what a judge sent: whole scorecards and single marks."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError
from judging.models import (
    Criterion,
)
from nominations.words import clean_text as plain_text

LONGEST_COMMENT = 10_000
MOST_SECONDS = 6 * 60 * 60
NOT_A_MARK = _("Write the mark as a number.")


@dataclass(frozen=True)
class TypedMark:
    """A mark as it was sent."""

    value: Decimal | None
    abstained: bool
    comment: str
    version: int


def read_number(raw: str, field: str, refusal: Any = NOT_A_MARK) -> Decimal | None:
    """Read a mark or a figure; an empty one is none, a comma is as good as a point."""
    text = raw.strip().replace(",", ".")
    if not text:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise DomainError(refusal, field=field)
    return number


def read_version(raw: str | None) -> int:
    """Read a version; nonsense counts as none, so that it is refused as stale."""
    return int(raw) if raw and raw.isdecimal() and len(raw) < 10 else 0


def read_seconds(raw: str | None) -> int:
    """Read what a browser counted; nonsense counts as nothing."""
    return min(read_version(raw), MOST_SECONDS)


def read_token(raw: str | None) -> UUID | None:
    """Read the key of a quote, if it is one."""
    try:
        return UUID(raw or "")
    except ValueError:
        return None


def read_mark(typed: Mapping[str, str], criterion: Criterion, *, buttons: bool) -> TypedMark | None:
    """Read one criterion of a whole scorecard; None when nothing of it was sent."""
    pk = criterion.pk
    raw, comment = typed.get(f"mark-{pk}"), typed.get(f"comment-{pk}")
    if raw is None and comment is None:
        return None
    # Among buttons only the one for “abstain” sends an empty value; no choice sends nothing.
    abstained = f"abstain-{pk}" in typed or (buttons and raw == "")
    return TypedMark(
        value=None if abstained else read_number(raw or "", f"mark-{pk}"),
        abstained=abstained,
        comment=clean_text(comment),
        version=read_version(typed.get(f"version-{pk}")),
    )


def clean_text(text: str | None) -> str:
    """One way of ending lines, no impossible characters, and no more than a comment holds."""
    return plain_text(text or "")[:LONGEST_COMMENT].strip()
