"""Both databases refuse UPDATE and DELETE of what judges said in other ways than scorecards."""

from typing import Any

from django.db import migrations

from common.triggers import create, drop
from judging.guards import BALLOT_GUARDS


def forwards(apps: Any, schema_editor: Any) -> None:
    for guard in BALLOT_GUARDS:
        create(schema_editor.connection, guard)


def backwards(apps: Any, schema_editor: Any) -> None:
    for guard in BALLOT_GUARDS:
        drop(schema_editor.connection, guard)


class Migration(migrations.Migration):
    dependencies = [("judging", "0015_other_ways")]

    operations = [migrations.RunPython(forwards, backwards)]
