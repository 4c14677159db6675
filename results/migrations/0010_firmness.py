"""How firm a standing is, counted in the background; once done it is never rewritten."""

from typing import Any

import django.core.serializers.json
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from common.triggers import create, drop
from results.guards import FIRMNESS


def guard(apps: Any, schema_editor: Any) -> None:
    create(schema_editor.connection, FIRMNESS)


def unguard(apps: Any, schema_editor: Any) -> None:
    drop(schema_editor.connection, FIRMNESS)


class Migration(migrations.Migration):

    dependencies = [
        ('results', '0009_more_disclosures'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Firmness',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('waiting', 'being computed'), ('done', 'computed'), ('failed', 'failed')], default='waiting', max_length=8, verbose_name='state')),
                ('progress', models.PositiveSmallIntegerField(default=0, verbose_name='progress, %')),
                ('results_sha256', models.CharField(max_length=64, verbose_name='SHA-256 of the results of the standing')),
                ('content', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder, null=True, verbose_name='what was found')),
                ('sha256', models.CharField(blank=True, max_length=64, verbose_name='SHA-256 of what was found')),
                ('asked_at', models.DateTimeField(auto_now_add=True, verbose_name='asked')),
                ('done_at', models.DateTimeField(null=True, verbose_name='counted')),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked by')),
                ('standing', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='firmness', to='results.standing', verbose_name='standing')),
            ],
            options={
                'verbose_name': 'firmness of a standing',
                'verbose_name_plural': 'firmness of standings',
            },
        ),
        migrations.RunPython(guard, unguard),
    ]
