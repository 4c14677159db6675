"""This room's part of what the portal knows of a person: diplomas of own entries."""

from accounts.models import User
from accounts.personal import Part, exports
from diplomas.models import Diploma
from diplomas.permissions import can_download
from nominations.models import Entry


@exports
def diploma_data(user: User) -> Part:
    """Diplomas that were issued: there is none before its release."""
    found = (
        Diploma.objects.visible_to(user)
        .filter(entry__in=Entry.objects.of_member(user).values("pk"))
        .select_related("entry")
        .order_by("number")
    )
    return Part(
        {
            "diplomas": [
                {
                    "number": one.number,
                    "entry": one.entry.number,
                    "kind": one.kind,
                    "issued_at": one.issued_at,
                    "revoked_at": one.revoked_at,
                }
                for one in found
            ]
        },
        [(f"diplomas/{one.number}.pdf", one.file) for one in found if can_download(user, one)],
    )
