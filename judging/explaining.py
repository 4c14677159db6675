"""A distribution in words: why a pair, which limit binds, why a pair was left out."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from judging.models import Background

SHOWN = 6


def reason_words(code: str) -> str:
    """One reason of a pair."""
    name, _colon, value = code.partition(":")
    if name == "background":
        return str(Background(value).label)
    words = {
        "area": _("knows the area"),
        "other-area": _("another area"),
        "reads": _("reads %(language)s"),
        "unread": _("does not name %(language)s"),
        "wanted": _("asked for it"),
        "unwanted": _("would rather not"),
        "doubt": _("a possible conflict of interest"),
        "city": _("same city"),
        "employer": _("employer with a similar name"),
    }
    return words[name] % {"language": value}


def is_drawback(code: str) -> bool:
    """Whether a reason speaks against the pair."""
    return code.partition(":")[0] in {
        "other-area",
        "unread",
        "unwanted",
        "doubt",
        "city",
        "employer",
    }


def dropped_words(why: str) -> str:
    """Why a pair was not made, or what becomes of a line of a file."""
    return {
        "made": _("will be assigned"),
        "conflict": _("a conflict of interest bars the judge"),
        "judge": _("the judge is not available, or no longer on the jury"),
        "entry": _("the round does not judge this entry, or it is closed to you"),
        "submitted": _("the judge has submitted the list of the entry's nomination"),
        "known": _("this pair exists already, or was ended"),
        "enough": _("the entry has enough judges already"),
        "unknown-entry": _("there is no such entry in the round"),
        "unknown-judge": _("there is no such judge in the round"),
        "two-judges": _("several judges have this name: write the e-mail"),
    }[why]


def named(keys: list[int], names: Mapping[int, str]) -> str:
    """The first few by name and how many more; those the reader may not see count only."""
    known = [names[key] for key in keys if key in names]
    text = ", ".join(known[:SHOWN])
    more = len(keys) - min(len(known), SHOWN)
    if not more:
        return text
    if not text:
        return ngettext("%(n)d entry", "%(n)d entries", more) % {"n": more}
    return _("%(names)s and %(n)d more") % {"names": text, "n": more}


def limit_words(
    limit: dict[str, Any], entries: Mapping[int, str], judges: Mapping[int, str]
) -> str:
    """The sentence for one limit that binds."""
    background = str(Background(limit["background"]).label) if limit["background"] else ""
    values = {
        "entries": named(limit["entries"], entries),
        "judges": named(limit["judges"], judges),
        "needs": limit["needs"],
        "has": limit["has"],
        "background": background,
    }
    sentences = {
        "entry": _("%(entries)s: %(has)d judges can read it, %(needs)d are needed."),
        "avoid": _(
            "%(entries)s: only %(has)d of its judges may meet, %(needs)d are needed."
            " Allow a pair that is kept apart."
        ),
        "places": _("The judges' limits add up to %(has)d places; %(needs)d are needed."),
        "group": _(
            "These entries can be read by few judges only: %(entries)s. Their judges have %(has)d"
            " places for them; %(needs)d are needed."
        ),
        "no background": _("No judge with this background can read %(entries)s: %(background)s."),
        "background": _(
            "The places of judges with this background add up to %(has)d; %(needs)d are needed:"
            " %(background)s."
        ),
        "size": _("%(entries)s: %(needs)d backgrounds are asked for, there is room for %(has)d."),
        "least": _("%(judges)s: %(needs)d entries at least are asked for, %(has)d are possible."),
        "rooms": _(
            "The least numbers of entries per judge add up to %(needs)d; there are %(has)d to give."
        ),
        "together": _(
            "All limits together leave %(has)d of %(needs)d places filled. Short: %(entries)s."
        ),
    }
    return sentences[limit["kind"]] % values
