"""Both databases refuse UPDATE and DELETE of what the jury said."""

from typing import Any

from django.db import migrations

from common.triggers import create, drop
from judging.guards import REMARK_GUARD


def forwards(apps: Any, schema_editor: Any) -> None:
    create(schema_editor.connection, REMARK_GUARD)


def backwards(apps: Any, schema_editor: Any) -> None:
    drop(schema_editor.connection, REMARK_GUARD)


class Migration(migrations.Migration):
    dependencies = [("judging", "0012_what_a_round_shows")]

    operations = [migrations.RunPython(forwards, backwards)]
