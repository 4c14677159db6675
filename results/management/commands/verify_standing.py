"""``manage.py verify_standing FILE``: reckon a standing again from its protocol."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from results.services.protocol import faults, not_recomputed
from results.services.ranking import versions


def named(document: Any, name: str) -> str:
    """A version that the protocol names, if it does."""
    told = document.get("versions") if isinstance(document, dict) else None
    return str(told.get(name, "(not named)")) if isinstance(told, dict) else "(not named)"


class Command(BaseCommand):
    help = "Recompute a standing from its protocol (JSON) and compare the results byte for byte."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="protocol-….json, as downloaded")

    def handle(self, **options: Any) -> None:
        try:
            document = json.loads(options["file"].read_text(encoding="utf-8"))
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}.") from error
        except ValueError as error:
            raise CommandError(f"{options['file']} is not JSON.") from error
        found = list(faults(document))
        if found:
            for fault in found:
                self.stderr.write(f"NO: {fault}")
            for name, now in versions().items():
                then = named(document, name)
                if then != now:
                    self.stderr.write(f"It was computed with {name} {then}; this portal has {now}.")
            raise CommandError("The protocol does not hold.")
        excepted = list(not_recomputed(document))
        self.stdout.write(
            f"YES: {len(document['results']['rows'])} places of nomination "
            f"{document['nomination']} follow from the rules {document['rules_sha256'][:12]} and the "
            f"scorecards {document['inputs']['basis_sha256'][:12]}, byte for byte"
            f"{', with one exception:' if excepted else '.'}"
        )
        for one in excepted:
            self.stdout.write(f"BUT: {one}")
