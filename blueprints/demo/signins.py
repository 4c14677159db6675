"""One sign-in per role, and where to look first."""

from django.conf import settings

from accounts.models import User
from blueprints.demo.calendar import POINTS
from blueprints.demo.fill import filled
from blueprints.demo.people import (
    CHAIR,
    JUDGE,
    NEWCOMER,
    NOMINEE,
    ORGANISER,
    PASSWORD,
    SECOND_NOMINEE,
    SECOND_ORGANISER,
    SUPERUSER,
    Person,
)
from judging.models import Judge
from seasons.models import Season

ROLES: list[tuple[str, Person, str]] = [
    ("Nominee", NOMINEE, "/desk/"),
    ("Another nominee", SECOND_NOMINEE, "/desk/"),
    ("Judge", JUDGE, "/judging/"),
    ("New judge", NEWCOMER.person, "/judging/"),
    ("Chair of the jury", CHAIR, "/judging/"),
    ("Organiser", ORGANISER, "/admin/"),
    ("Second organiser", SECOND_ORGANISER, "/admin/"),
    ("Superuser", SUPERUSER, "/admin/"),
]


def signins() -> str:
    """A table to print; a sentence when there is no demo."""
    there = filled()
    if there is None:
        return "There is no demo here; manage.py demo fills one."

    known = set(User.objects.values_list("email", flat=True))
    if not Judge.objects.filter(jury__season=there.season, user__email=NEWCOMER.person.email):
        known.discard(NEWCOMER.person.email)
    lines = ["", f"Demo sign-ins (password of all: {PASSWORD})", ""]
    for role, person, path in ROLES:
        if person.email in known:
            lines.append(f"  {role:18} {person.email:26} {settings.SITE_URL}{path}")
    lines += ["", f"  {'Everybody':18} {'without signing in':26} {settings.SITE_URL}/"]
    for season in Season.objects.filter(programme=there.season.programme).order_by("pk"):
        path = season.get_absolute_url()
        current = season.pk == there.season.pk
        note = f"current, at “{there.point}”" if current else "finished"
        lines.append(f"  {'':18} {note:26} {settings.SITE_URL}{path}")
    lines += [
        "",
        f"  Move the current season: ./portal manage demo --at {'|'.join(POINTS)}",
        "",
    ]
    return "\n".join(lines)
