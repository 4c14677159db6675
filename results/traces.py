"""What in a text of the jury may tell who wrote it: a name, an address, an employer.

One matcher for all that is told of the jury's words. It takes out what surely is a name of somebody who
was ever on a jury of the season; what may be one, it points out to whoever looks at comments first.
"""

import re
import unicodedata

from django.utils.translation import gettext as _

from judging.models import Judge
from results.names import Names
from seasons.models import Season

REMOVED = "[…]"
ADDRESS = re.compile(r"\S@\S+\.\S")
SHORTEST = 3


class Traces:
    """Knows everybody who was ever on a jury of a season."""

    def __init__(self, season: Season) -> None:
        rows = list(
            Judge.objects.filter(jury__season=season)
            .order_by("pk")
            .values_list("user__full_name", "user__email", "employer")
        )
        self.names = Names(dict.fromkeys((name, email) for name, email, _employer in rows))
        self.employers = {
            employer.casefold() for _name, _email, employer in rows if len(employer) >= SHORTEST
        }

    def removed_from(self, text: str) -> str:
        """The text with every name and address of a judge replaced."""
        return self.names.without(text, REMOVED)

    def in_text(self, text: str) -> list[str]:
        """What there is, in words; a simple check that may be wrong either way."""
        composed = unicodedata.normalize("NFC", text)
        plain = composed.casefold()
        found = []
        if REMOVED in text:
            found.append(_("a name of a judge was taken out"))
        if self.names.found_in(composed) or any(one in plain for one in self.employers):
            found.append(_("looks like the name or the employer of a judge"))
        if ADDRESS.search(text):
            found.append(_("an e-mail address"))
        return found
