"""Both databases refuse to change samples that judges have answered, and what was submitted of them."""

from typing import Any

from django.db import migrations

from common.triggers import create, drop
from judging.guards import CALIBRATION_GUARDS


def forwards(apps: Any, schema_editor: Any) -> None:
    for guard in CALIBRATION_GUARDS:
        create(schema_editor.connection, guard)


def backwards(apps: Any, schema_editor: Any) -> None:
    for guard in CALIBRATION_GUARDS:
        drop(schema_editor.connection, guard)


class Migration(migrations.Migration):
    dependencies = [("judging", "0028_calibration")]

    operations = [migrations.RunPython(forwards, backwards)]
