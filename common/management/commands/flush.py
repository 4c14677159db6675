"""Django's `flush`, with the guards switched off: emptying a database is not rewriting it."""

from typing import Any

from django.core.management.commands.flush import Command as FlushCommand
from django.db import connections

from common.triggers import guards_off


class Command(FlushCommand):
    """Empty every table."""

    def handle(self, **options: Any) -> None:
        with guards_off(connections[options["database"]]):
            super().handle(**options)
