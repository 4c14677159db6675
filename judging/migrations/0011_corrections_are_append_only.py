"""Both databases refuse UPDATE and DELETE of corrections, and of meetings that are closed."""

from typing import Any

from django.db import migrations

from common.triggers import create, drop
from judging.guards import CORRECTION_GUARDS


def forwards(apps: Any, schema_editor: Any) -> None:
    for guard in CORRECTION_GUARDS:
        create(schema_editor.connection, guard)


def backwards(apps: Any, schema_editor: Any) -> None:
    for guard in CORRECTION_GUARDS:
        drop(schema_editor.connection, guard)


class Migration(migrations.Migration):
    dependencies = [("judging", "0010_corrections")]

    operations = [migrations.RunPython(forwards, backwards)]
