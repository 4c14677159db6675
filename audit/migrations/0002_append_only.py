"""Both databases refuse UPDATE and DELETE of the log."""

from typing import Any

from django.db import migrations

from audit.guards import EVENT_GUARD
from common.triggers import create, drop


def forwards(apps: Any, schema_editor: Any) -> None:
    create(schema_editor.connection, EVENT_GUARD)


def backwards(apps: Any, schema_editor: Any) -> None:
    drop(schema_editor.connection, EVENT_GUARD)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [migrations.RunPython(forwards, backwards)]
