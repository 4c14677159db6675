"""Both databases refuse to change a check list in use, and what a visit that is done found."""

from typing import Any

from django.db import migrations

from common.triggers import create, drop
from judging.guards import VISIT_GUARDS


def forwards(apps: Any, schema_editor: Any) -> None:
    for guard in VISIT_GUARDS:
        create(schema_editor.connection, guard)


def backwards(apps: Any, schema_editor: Any) -> None:
    for guard in VISIT_GUARDS:
        drop(schema_editor.connection, guard)


class Migration(migrations.Migration):
    dependencies = [("judging", "0023_site_visits")]

    operations = [migrations.RunPython(forwards, backwards)]
