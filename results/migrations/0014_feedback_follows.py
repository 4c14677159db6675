"""Feedback that could be read gets a new version when its result changes; the old one is kept for good."""

from typing import Any

import django.core.serializers.json
import django.db.models.deletion
from django.db import migrations, models

from common.triggers import create, drop
from results.guards import EARLIER_FEEDBACK


def guard(apps: Any, schema_editor: Any) -> None:
    create(schema_editor.connection, EARLIER_FEEDBACK)


def unguard(apps: Any, schema_editor: Any) -> None:
    drop(schema_editor.connection, EARLIER_FEEDBACK)


class Migration(migrations.Migration):

    dependencies = [
        ('results', '0013_release_on_record'),
    ]

    operations = [
        migrations.AddField(
            model_name='feedback',
            name='version',
            field=models.PositiveSmallIntegerField(default=1, verbose_name='version'),
        ),
        migrations.AddField(
            model_name='feedback',
            name='changed_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='changed'),
        ),
        migrations.CreateModel(
            name='EarlierFeedback',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveSmallIntegerField(verbose_name='version')),
                ('content', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name='marks and comments')),
                ('read_at', models.DateTimeField(null=True, verbose_name='first read')),
                ('replaced_at', models.DateTimeField(verbose_name='replaced')),
                ('feedback', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='earlier', to='results.feedback', verbose_name='feedback')),
            ],
            options={
                'verbose_name': 'earlier feedback',
                'verbose_name_plural': 'earlier feedback',
                'ordering': ['feedback', 'version'],
                'constraints': [models.UniqueConstraint(fields=('feedback', 'version'), name='earlier_feedback_version_once')],
            },
        ),
        migrations.RunPython(guard, unguard),
    ]
