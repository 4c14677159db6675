"""Both databases refuse to change a paper sheet that was decided about, and the marks of any."""

from typing import Any

from django.db import migrations

from common.triggers import create, drop
from judging.guards import PAPER_GUARDS


def forwards(apps: Any, schema_editor: Any) -> None:
    for guard in PAPER_GUARDS:
        create(schema_editor.connection, guard)


def backwards(apps: Any, schema_editor: Any) -> None:
    for guard in PAPER_GUARDS:
        drop(schema_editor.connection, guard)


class Migration(migrations.Migration):
    dependencies = [("judging", "0026_paper_sheets")]

    operations = [migrations.RunPython(forwards, backwards)]
