"""`manage.py load_season FILE`: check a season file line by line, and store it."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from blueprints.faults import FaultyFileError
from blueprints.services import check_season_file, load_season
from blueprints.yaml_nodes import MOST_BYTES


class Command(BaseCommand):
    """Load a season from its file; a faulty file changes nothing."""

    help = "Check a season file and store it. See docs/season-file.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the season file, for example seasons/data/…")
        parser.add_argument("--check", action="store_true", help="only check, store nothing")
        parser.add_argument(
            "--organiser",
            nargs="+",
            action="extend",
            default=[],
            metavar="EMAIL",
            help="people with an account who run the programme",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        try:
            with file.open("rb") as opened:
                content = opened.read(MOST_BYTES + 1)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        organisers = [self.person(email) for email in options["organiser"]]
        try:
            if options["check"]:
                blueprint = check_season_file(content)
                self.stdout.write(
                    _("%(file)s is in order: %(count)s nominations.")
                    % {"file": file, "count": len(blueprint.nominations())}
                )
                return
            loaded = load_season(content, organisers=organisers)
        except FaultyFileError as error:
            for fault in error.faults:
                self.stderr.write(f"{file}:{fault.line}:{fault.column}: {fault}")
            count = len(error.faults)
            raise CommandError(
                ngettext(
                    "%(count)s fault; nothing was stored.",
                    "%(count)s faults; nothing was stored.",
                    count,
                )
                % {"count": count}
            ) from error
        for change in [*loaded.changes, *loaded.kept]:
            if change.what != "added" or options["verbosity"] > 1:
                self.stdout.write(f"  {change}")
        added = sum(change.what == "added" for change in loaded.changes)
        self.stdout.write(
            _("%(season)s is loaded: %(added)s rows added, %(others)s changed or removed.")
            % {
                "season": loaded.season.slug,
                "added": added,
                "others": len(loaded.changes) - added,
            }
        )

    def person(self, email: str) -> User:
        """Return the account, or explain."""
        try:
            return User.objects.get(email__iexact=email)
        except User.DoesNotExist as error:
            message = _("There is no account with the e-mail %(email)s.") % {"email": email}
            raise CommandError(message) from error
