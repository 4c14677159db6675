"""Queries and CPU per request of the main pages over the large demo, against the goals of the project.

The database is PORTAL_VAR's, by default var/bench; the large demo is filled there at the first run,
which takes minutes. CPU is the process's own, median of REPEAT requests after a warm-up, through
the whole stack of middleware without a network. The health page stands for an empty request.
"""

import logging
import os
import statistics
import sys
import time
import warnings
from dataclasses import dataclass

import django

REPEAT = 15


@dataclass(frozen=True)
class Page:
    """A page to open as somebody, with the goal for it."""

    name: str
    who: str
    address: str
    queries: int | None = None
    milliseconds: float | None = None


def pages() -> list[Page]:
    """The pages a season is made of, with addresses found in the demo."""
    from django.urls import reverse

    from blueprints.demo.fill import filled
    from blueprints.demo.people import JUDGE, NOMINEE, ORGANISER
    from judging.models import Assignment
    from nominations.models import Entry

    there = filled()
    assert there is not None
    season = there.season
    entry = (
        Entry.objects.filter(nomination__season=season, organisation__members__email=NOMINEE.email)
        .order_by("number")
        .first()
    )
    card = (
        Assignment.objects.active()
        .filter(round__season=season, judge__user__email=JUDGE.email)
        .order_by("-pk")
        .first()
    )
    assert entry is not None
    assert card is not None
    listed = reverse("admin:nominations_entry_changelist")
    return [
        Page("empty page (health)", "", reverse("common:health")),
        Page("public season page", "", season.get_absolute_url(), 8, 3),
        Page(
            "public nominations",
            "",
            reverse("nominations:nomination_list", args=[season.slug]),
            8,
            3,
        ),
        Page("nominee's desk", NOMINEE.email, reverse("accounts:desk"), 10, 6),
        Page("entry form", NOMINEE.email, reverse("nominations:essay", args=[entry.pk]), 15, 10),
        Page("judge's desk", JUDGE.email, reverse("judging:desk"), 12, 7),
        Page("scorecard page", JUDGE.email, card.get_absolute_url(), 15, 11),
        Page("organiser's entries (100)", ORGANISER.email, listed, 20, 30),
    ]


def measure(page: Page) -> tuple[int, float, int]:
    """Queries, milliseconds of CPU, and bytes of one page."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from accounts.models import User

    client = Client()
    if page.who:
        user = User.objects.get(email=page.who)
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    for _warm_up in range(3):
        response = client.get(page.address)
        if response.status_code != 200:
            sys.exit(f"bench: {page.address} answered {response.status_code}")
    with CaptureQueriesContext(connection) as caught:
        client.get(page.address)
        # Read here: later requests empty Django's list.
        queries = len(caught)
    spent = []
    for _time in range(REPEAT):
        before = time.process_time()
        client.get(page.address)
        spent.append((time.process_time() - before) * 1000)
    return queries, statistics.median(spent), len(response.content)


def prepare() -> None:
    """Fill the large demo where there is none."""
    from django.core.management import call_command

    from blueprints.demo.fill import filled

    call_command("migrate", interactive=False, verbosity=0)
    there = filled()
    if there is None or there.scale != "large":
        print("bench: filling the large demo; this takes minutes and is done once", flush=True)
        call_command("demo", scale="large")


def main() -> None:
    os.environ.setdefault("PORTAL_VAR", "var/bench")
    os.environ.setdefault("DEBUG", "0")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "awards_portal.settings")
    django.setup()
    from django.conf import settings

    settings.ALLOWED_HOSTS = ["testserver", *settings.ALLOWED_HOSTS]
    settings.STORAGES["staticfiles"] = {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
    }
    logging.disable(logging.WARNING)
    warnings.filterwarnings("ignore", "No directory at")
    prepare()
    print(
        f"{'page':28} {'queries':>7} {'goal':>5}   {'CPU ms':>7} {'above empty':>11} {'goal':>5}   {'kB':>5}"
    )
    empty = 0.0
    missed = 0
    for page in pages():
        queries, milliseconds, size = measure(page)
        empty = empty or milliseconds
        above = milliseconds - empty
        goals = (str(page.queries or "—"), str(page.milliseconds or "—"))
        late = [
            word
            for word, got, goal in [
                ("queries", queries, page.queries),
                ("CPU", above, page.milliseconds),
            ]
            if goal is not None and got > goal
        ]
        missed += bool(late)
        print(
            f"{page.name:28} {queries:7d} {goals[0]:>5}   {milliseconds:7.1f} {above:11.1f}"
            f" {goals[1]:>5}   {size / 1000:5.0f}  {'over: ' + ', '.join(late) if late else ''}"
        )
    print(
        f"\n{missed} of the pages are over a goal." if missed else "\nEvery page meets its goals."
    )


if __name__ == "__main__":
    main()
