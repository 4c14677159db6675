"""What somebody should know before joining an organisation or an entry: upper rooms add their part.

Whoever belongs to an applicant may neither judge nor organise its entries, so the page that asks
to accept an invitation says what will be lost.
"""

from collections.abc import Callable

from django.db import models

from accounts.models import User

Warner = Callable[[User, models.Model], list[str]]
"""Asked with the person and the organisation or the entry; says what joining would take away."""

warners: list[Warner] = []


def warn(warner: Warner) -> Warner:
    """Register a warner, once."""
    if warner not in warners:
        warners.append(warner)
    return warner


def warnings_for(user: User, about: models.Model) -> list[str]:
    """Everything the person loses by joining."""
    return [text for warner in warners for text in warner(user, about)]
