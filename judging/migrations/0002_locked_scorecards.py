"""Both databases refuse UPDATE and DELETE of submitted scorecards and their marks."""

from typing import Any

from django.db import migrations

from common.triggers import create, drop
from judging.guards import GUARDS


def forwards(apps: Any, schema_editor: Any) -> None:
    for guard in GUARDS:
        create(schema_editor.connection, guard)


def backwards(apps: Any, schema_editor: Any) -> None:
    for guard in GUARDS:
        drop(schema_editor.connection, guard)


class Migration(migrations.Migration):
    dependencies = [("judging", "0001_initial")]

    operations = [migrations.RunPython(forwards, backwards)]
