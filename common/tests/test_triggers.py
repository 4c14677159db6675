"""Guards are known to every process, not only to one that has read the migrations."""

import subprocess
import sys

from django.conf import settings

ASK = """
import django
django.setup()
from django.db.migrations.loader import MigrationLoader
from common.triggers import guards
known = set(guards)
MigrationLoader(None)
print(len(known) > 0, sorted(set(guards) - known))
"""


def test_no_guard_is_known_by_its_migration_alone() -> None:
    said = subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=settings.BASE_DIR,
        env={"DJANGO_SETTINGS_MODULE": "awards_portal.settings", "DEBUG": "1"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert said.stdout == "True []\n", said.stderr
