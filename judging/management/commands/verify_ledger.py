"""Prove that a season's ledger, and the scorecards it speaks of, are as they were written."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit.services import Fault
from judging.verification import verify
from seasons.models import Season

SHOWN = 20
STEP = 10_000


class Command(BaseCommand):
    """`verify_ledger SEASON`: silent about nothing, ends with 1 when a row was changed."""

    help = (
        "Recompute a season's hash chain and hold every scorecard and mark against it."
        " Names the rows that were changed, are missing or were added, and then ends with 1."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("season", help="short name of the season in addresses")
        parser.add_argument("--json", action="store_true", help="write the findings as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        season = Season.objects.filter(slug=options["season"]).first()
        if season is None:
            raise CommandError(f"There is no season “{options['season']}”.")
        shown: list[Fault] = []
        count = rows = told = 0
        for found in verify(season):
            if isinstance(found, Fault):
                count += 1
                if len(shown) < SHOWN:
                    shown.append(found)
                    if not options["json"]:
                        self.stdout.write(str(found))
                continue
            rows = found
            if rows - told >= STEP:
                told = rows
                self.stderr.write(f"{rows} rows are checked …")
        if options["json"]:
            self.stdout.write(json.dumps(self.report(season, rows, count, shown), indent=2))
        elif count:
            self.stdout.write(f"{count} faults in {rows} rows; the first is the one to look at.")
        else:
            self.stdout.write(f"{rows} rows are as they were written.")
        if count:
            sys.exit(1)

    def report(self, season: Season, rows: int, count: int, shown: list[Fault]) -> dict[str, Any]:
        """The findings as plain values."""
        return {
            "season": season.slug,
            "ok": not count,
            "rows": rows,
            "fault_count": count,
            "faults": [
                {"table": one.table, "pk": one.pk, "field": one.field, "message": one.message}
                for one in shown
            ],
        }
