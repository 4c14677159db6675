"""``manage.py rank_marks FILE.csv``: rank and diagnose any table of marks."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from judging.scoring.pipeline import METHODS, STANDARD
from judging.scoring.table import DEFAULT_TOP, TableError, parse, rank_table
from judging.scoring.types import ScoringError


class Command(BaseCommand):
    help = "Rank a table entry,judge,criterion,mark[,nomination] and say how sure the places are."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file",
            type=Path,
            help="UTF-8, with a header; cells parted by commas, semicolons or tabs",
        )
        parser.add_argument("--method", default="judges_eb", choices=[STANDARD, *METHODS, "mfrm"])
        parser.add_argument(
            "--top", type=int, default=DEFAULT_TOP, help="places per nomination (default: 10)"
        )
        parser.add_argument("--json", action="store_true", help="print everything as JSON")

    def handle(self, **options: Any) -> None:
        if options["top"] < 1:
            raise CommandError("--top must be at least 1.")
        try:
            text = options["file"].read_text(encoding="utf-8")
            result = rank_table(parse(text), options["method"], options["top"])
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}.") from error
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            raise CommandError(f"Line {line}: this is not UTF-8 text.") from error
        except (TableError, ScoringError) as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(result, ensure_ascii=False, indent=2, allow_nan=False))
        else:
            self._show(result)

    def _show(self, result: dict[str, Any]) -> None:
        nomination = None
        self.stdout.write(f"Method: {result['method']}")
        for row in result["entries"]:
            if row["nomination"] != nomination:
                nomination = row["nomination"]
                self.stdout.write(f"\n{nomination}")
            self.stdout.write(
                f"{row['rank']:>4}  {row['entry']:<30} {_number(row['score'])} "
                f"± {_number(row['se'])}  raw {_number(row['raw'])}  n {row['n']:<3} "
                f"P(top {result['top']}) {_number(row['p_top'])}"
            )
        for warning in result["warnings"]:
            self.stderr.write(self.style.WARNING(warning["message"]))


def _number(value: float | None) -> str:
    return "      –" if value is None else f"{value:7.3f}"
