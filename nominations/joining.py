"""What an organiser or a vetter should know before joining an applicant or its entry."""

from django.db.models import Model
from django.utils.translation import gettext as _

from accounts.joining import warn
from accounts.models import Organisation, User
from nominations.models import Entry


@warn
def warn_organisers(user: User, about: Model) -> list[str]:
    """Whoever belongs to an applicant neither organises nor vets its entries."""
    found = Entry.objects.vetted_by(user)
    if isinstance(about, Entry):
        mine = found.filter(pk=about.pk).exists()
    elif isinstance(about, Organisation):
        mine = found.filter(organisation=about).exists()
    else:
        return []
    if not mine:
        return []
    return [
        _(
            "You organise this award. If you accept, you will not see the entries of this applicant"
            " in the back office any more, and will not decide about them."
        )
    ]
