"""`manage.py demo`: a portal full of life, to be tried by every role at every stage."""

import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from blueprints.demo.calendar import POINTS
from blueprints.demo.fill import STALE_AFTER, fill_current, fill_past, filled, past_is_filled
from blueprints.demo.signins import signins
from common.errors import DomainError

LOCAL = {"localhost", "127.0.0.1", "[::1]", ".localhost", "testserver"}


class Command(BaseCommand):
    """Fill two demo seasons, or move the current one to another point."""

    help = "Fill the finished season of 2021/22 and a current copy with invented people and their work."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--scale",
            choices=["small", "large"],
            help="large: 2,000 entries, 60 judges, 20,000 scorecards, for measuring",
        )
        parser.add_argument(
            "--at",
            choices=POINTS,
            help="rebuild the current season so that today is at this point",
        )
        parser.add_argument(
            "--signins", action="store_true", help="only print one sign-in per role"
        )
        parser.add_argument(
            "--fresh", action="store_true", help="rebuild both seasons even if they are there"
        )
        parser.add_argument(
            "--force-demo-data",
            action="store_true",
            help="fill even a portal that the world can reach; everybody knows the password",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["signins"]:
            self.stdout.write(signins())
            return
        if reachable() and not options["force_demo_data"]:
            raise CommandError(
                "This portal is not in DEBUG and answers to other names than localhost. The demo"
                " adds people whose password everybody knows. If you do mean it:"
                " --force-demo-data"
            )
        started = time.monotonic()
        try:
            self.fill(options["at"], options["scale"], fresh=options["fresh"])
        except DomainError as error:
            raise CommandError(str(error)) from error
        seconds = time.monotonic() - started
        self.stdout.write(
            f"The demo is ready ({seconds:.0f} s). Sign-ins: manage.py demo --signins"
        )

    def fill(self, point: str | None, scale: str | None, *, fresh: bool) -> None:
        """Do what is missing, and no more."""
        if fresh or not past_is_filled():
            self.say("the season of 2021/22")
            fill_past(self.say)
        there = filled()
        wanted = scale or (there.scale if there else "small")
        default = "judging" if wanted == "large" else "entering"
        if there is not None and not fresh:
            same = point in {None, there.point} and wanted == there.scale
            # A demo ages: a point asked for by name is renewed when its dates have moved on.
            fresh_enough = point is None or timezone.now() - there.when < STALE_AFTER
            if same and fresh_enough:
                self.stdout.write(f"{there.season.slug} is at “{there.point}” already.")
                return
            default = there.point
        point = point or default
        self.say(f"the current season, at “{point}”")
        fill_current(point, wanted, self.say)

    def say(self, text: str) -> None:
        self.stdout.write(f"  {text}", ending="\n")
        self.stdout.flush()


def reachable() -> bool:
    """Whether others than this machine may reach the portal."""
    return not settings.DEBUG and not set(settings.ALLOWED_HOSTS) <= LOCAL
