"""Both databases refuse UPDATE and DELETE of what the ledger holds."""

from typing import Any

from django.db import migrations

from common.triggers import create, drop
from judging.guards import LEDGER_GUARDS


def forwards(apps: Any, schema_editor: Any) -> None:
    for guard in LEDGER_GUARDS:
        create(schema_editor.connection, guard)


def backwards(apps: Any, schema_editor: Any) -> None:
    for guard in LEDGER_GUARDS:
        drop(schema_editor.connection, guard)


class Migration(migrations.Migration):
    dependencies = [("judging", "0004_ledger")]

    operations = [migrations.RunPython(forwards, backwards)]
