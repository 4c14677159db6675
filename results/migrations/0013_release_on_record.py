"""A release keeps how many people it needs, and why nominations of an older standing are in it."""

from typing import Any

from django.db import migrations, models


def as_the_season_says(apps: Any, schema_editor: Any) -> None:
    release = apps.get_model('results', 'Release')
    release.objects.filter(rule__season__two_person_release=False).update(two_people=False)


class Migration(migrations.Migration):

    dependencies = [
        ('results', '0012_protocols_disclosed'),
    ]

    operations = [
        migrations.AddField(
            model_name='release',
            name='older',
            field=models.JSONField(default=dict, help_text="By number: what today's standing would have been known by.", verbose_name='nominations decided on an older standing'),
        ),
        migrations.AddField(
            model_name='release',
            name='older_reason',
            field=models.TextField(blank=True, verbose_name='why they are released as they are'),
        ),
        migrations.AddField(
            model_name='release',
            name='two_people',
            field=models.BooleanField(default=True, help_text='As the season said when the release was prepared.', verbose_name='needs two people'),
        ),
        migrations.RunPython(as_the_season_says, migrations.RunPython.noop),
    ]
