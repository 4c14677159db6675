"""Give the entries there are their places, in the order of their numbers."""

from collections import Counter
from typing import Any

from django.db import migrations


def give_places(apps: Any, schema_editor: Any) -> None:
    entry = apps.get_model("nominations", "Entry")
    taken: Counter[tuple[int, int]] = Counter()
    rows = entry.objects.exclude(status="withdrawn").order_by("number")
    for row in rows.only("pk", "nomination_id", "organisation_id").iterator():
        key = (row.nomination_id, row.organisation_id)
        taken[key] += 1
        entry.objects.filter(pk=row.pk).update(place=taken[key])


class Migration(migrations.Migration):
    """Places of entries."""

    dependencies = [("nominations", "0002_entering")]

    operations = [migrations.RunPython(give_places, migrations.RunPython.noop)]
