"""SQLite compares without regard to case in Latin letters alone; here it learns the others.

Without it “ромашка” is not found as “Ромашка”, and an organisation named in another case would
slip past a conflict of interest. PostgreSQL knows all letters by itself.
"""

import re
from functools import lru_cache
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper


@lru_cache(maxsize=512)
def matcher(pattern: str, escape: str) -> re.Pattern[str]:
    """A LIKE pattern as a regular expression over text without case."""
    parts, signs = [], iter(pattern.casefold())
    for sign in signs:
        if sign == escape:
            parts.append(re.escape(next(signs, "")))
        else:
            parts.append({"%": ".*", "_": "."}.get(sign) or re.escape(sign))
    return re.compile("".join(parts), re.DOTALL)


def like(pattern: Any, text: Any, escape: str = "") -> bool | None:
    """Whether a text is LIKE a pattern, in any case of any alphabet."""
    if pattern is None or text is None:
        return None
    return matcher(str(pattern), escape).fullmatch(str(text).casefold()) is not None


def teach(sender: Any, connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Give every new connection to SQLite the better LIKE."""
    if connection.vendor == "sqlite":
        for arguments in (2, 3):
            connection.connection.create_function("like", arguments, like, deterministic=True)
