"""Each outcome gets a seed and a salt of its own; what is frozen is never rewritten."""

from typing import Any

from django.db import migrations

from common.triggers import create, drop
from results.guards import GUARDS
from results.models.outcomes import new_salt, new_seed


def forwards(apps: Any, schema_editor: Any) -> None:
    # The default of the migration before was made once for all rows.
    for rule in apps.get_model("results", "OutcomeRule").objects.all():
        rule.seed, rule.judge_salt = new_seed(), new_salt()
        rule.save(update_fields=["seed", "judge_salt"])
    for guard in GUARDS:
        create(schema_editor.connection, guard)


def backwards(apps: Any, schema_editor: Any) -> None:
    for guard in GUARDS:
        drop(schema_editor.connection, guard)


class Migration(migrations.Migration):
    dependencies = [("results", "0004_composition_and_frozen_standings")]

    operations = [migrations.RunPython(forwards, backwards)]
