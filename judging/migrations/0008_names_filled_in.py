"""Work out what names and employers are compared by, for the rows that are there."""

from typing import Any

from django.db import migrations

from accounts.names import domain_of, name_key


def forwards(apps: Any, schema_editor: Any) -> None:
    organisations = apps.get_model("accounts", "Organisation")
    for row in organisations.objects.all().iterator():
        row.name_key, row.domain = name_key(row.name), domain_of(row.website)
        row.save(update_fields=["name_key", "domain"])
    participants = apps.get_model("nominations", "Participant")
    for row in participants.objects.all().iterator():
        row.name_key = name_key(row.name)
        row.save(update_fields=["name_key"])
    judges = apps.get_model("judging", "Judge")
    employments = apps.get_model("judging", "Employment")
    for judge in judges.objects.exclude(employer="").iterator():
        if name_key(judge.employer):
            employments.objects.create(judge=judge, name_key=name_key(judge.employer), past=False)


class Migration(migrations.Migration):
    dependencies = [
        ("judging", "0007_interests"),
        ("accounts", "0004_groups_and_names"),
        ("nominations", "0006_names_of_participants"),
    ]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
