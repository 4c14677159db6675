"""``manage.py verify_standing FILE``: reckon a standing again from its protocol."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from judging.scoring.verify import judged
from results.models import Standing


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
        verdict = judged(document)
        out = self.stdout if verdict.holds else self.stderr
        for line in verdict.lines:
            out.write(line)
        if not verdict.holds:
            raise CommandError("The protocol does not hold.")
        self.stdout.write(known_here(document))


def known_here(document: dict[str, Any]) -> str:
    """Whether this portal has frozen the standing that a sound protocol tells of."""
    try:
        mine = Standing.objects.filter(
            rule__season__slug=document["season"],
            rule__kind=document["outcome"],
            nomination__number=document["nomination"],
            inputs_sha256=document["inputs_sha256"],
            results_sha256=document["results_sha256"],
        ).first()
    except DatabaseError:
        return "There is no database here that could know of it."
    if mine is None:
        return "This portal holds no such standing: it was frozen elsewhere, or never."
    return f"This portal froze it on {mine.computed_at.isoformat()}."
