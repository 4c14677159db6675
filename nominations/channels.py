"""How applicants come into a season, in words."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from seasons.models import Channel, Season, StageKind


def is_open_to_all(season: Season) -> bool:
    """Whether nobody needs a code."""
    return Channel.OPEN in season.channels


def takes_recommendations(season: Season) -> bool:
    """Whether a peer may recommend somebody now: from publication until entries close."""
    if Channel.RECOMMENDATION not in season.channels or not season.published:
        return False
    stage = season.stage(StageKind.ENTRY)
    return stage is None or timezone.now() < stage.closes_for()


def ways_in(season: Season) -> list[dict[str, Any]]:
    """Every way into the season with what one does; none where it is simply open to everybody."""
    if list(season.channels) == [Channel.OPEN.value]:
        return []
    recommend = reverse("nominations:recommend", args=[season.slug])
    ways = {
        Channel.OPEN: {
            "icon": "unlock",
            "title": _("Open to everybody"),
            "text": _("Any organisation may enter; no code is needed."),
        },
        Channel.INVITATION: {
            "icon": "envelope",
            "title": _("By invitation"),
            "text": _("The organisers send a code by mail. Open the link in it."),
        },
        Channel.RECOMMENDATION: {
            "icon": "megaphone",
            "title": _("By recommendation"),
            "text": _("Somebody recommends a team; the organisers decide and send it a code."),
            "url": recommend if takes_recommendations(season) else "",
            "label": _("Recommend somebody"),
        },
        Channel.LINK: {
            "icon": "qr-code",
            "title": _("By a poster"),
            "text": _("Scan the QR code on the poster, or open its link."),
        },
    }
    return [way for channel, way in ways.items() if channel in season.channels]
