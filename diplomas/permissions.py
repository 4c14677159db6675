"""Who may do what with a diploma; the row itself comes through `visible_to`."""

from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from diplomas.models import Diploma, DiplomaState


def can_download(user: User | AnonymousUser, diploma: Diploma) -> bool:
    """A finished file that nobody revoked."""
    return (
        isinstance(user, User)
        and diploma.state == DiplomaState.READY
        and diploma.revoked_at is None
        and bool(diploma.file)
    )
