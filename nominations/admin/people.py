"""Who works on an entry, shown to organisers: names and roles, to read only."""

from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from nominations.models import Entry


class AccessPanel:
    """A line of the entry's page in the back office."""

    @display(description=_("who has access"))
    def access(self, entry: Entry) -> str:
        """Members of the organisation, and those the entry is shared with."""
        context = {
            "members": entry.organisation.memberships.select_related("user").order_by("since"),
            "shares": entry.shares.select_related("user").order_by("since"),
        }
        return render_to_string("admin/nominations/entry/access.html", context)
