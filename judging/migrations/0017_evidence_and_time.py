"""Quotes from the essay, time spent, and comments a rubric asks for at the extremes."""

from typing import Any

import django.core.validators
import django.db.models.deletion
import uuid
from django.db import migrations, models

from common.triggers import create, drop
from judging.guards import BALLOT_GUARDS, GUARDS, QUOTE_GUARD

# Those of the table that is written anew, and those that ask it.
TOUCHED = (*GUARDS, BALLOT_GUARDS[0])


def off(apps: Any, schema_editor: Any) -> None:
    """SQLite writes a table anew to give it a column, and loses its triggers."""
    for guard in TOUCHED:
        drop(schema_editor.connection, guard)


def on(apps: Any, schema_editor: Any) -> None:
    for guard in TOUCHED:
        create(schema_editor.connection, guard)


def guard_quotes(apps: Any, schema_editor: Any) -> None:
    create(schema_editor.connection, QUOTE_GUARD)


def unguard_quotes(apps: Any, schema_editor: Any) -> None:
    drop(schema_editor.connection, QUOTE_GUARD)


class Migration(migrations.Migration):

    dependencies = [
        ('judging', '0016_what_judges_said_is_locked'),
        ('nominations', '0006_names_of_participants'),
    ]

    operations = [
        migrations.RunPython(off, on),
        migrations.AddField(
            model_name='rubric',
            name='comment_at_or_above',
            field=models.PositiveSmallIntegerField(blank=True, help_text="Of a criterion's maximum. Empty: high marks need no comment.", null=True, validators=[django.core.validators.MaxValueValidator(100)], verbose_name='comment needed at or above, %'),
        ),
        migrations.AddField(
            model_name='rubric',
            name='comment_at_or_below',
            field=models.PositiveSmallIntegerField(blank=True, help_text="Of a criterion's maximum. Empty: low marks need no comment.", null=True, validators=[django.core.validators.MaxValueValidator(100)], verbose_name='comment needed at or below, %'),
        ),
        migrations.AddField(
            model_name='scorecard',
            name='active_seconds',
            field=models.PositiveIntegerField(default=0, help_text='With the page in sight and in use.', verbose_name='time spent, seconds'),
        ),
        migrations.AddField(
            model_name='scorecard',
            name='timed_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='time counted until'),
        ),
        migrations.CreateModel(
            name='Quote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('prompt', models.SlugField(verbose_name='question')),
                ('start', models.PositiveIntegerField(verbose_name='place')),
                ('text', models.TextField(max_length=1000, verbose_name='quote')),
                ('made_at', models.DateTimeField(auto_now_add=True, verbose_name='attached')),
                ('criterion', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='quotes', to='judging.criterion', verbose_name='criterion')),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='nominations.revision', verbose_name='revision')),
                ('scorecard', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='quotes', to='judging.scorecard')),
            ],
            options={
                'verbose_name': 'evidence quote',
                'verbose_name_plural': 'evidence quotes',
                'ordering': ['scorecard', 'criterion', 'pk'],
            },
        ),
        migrations.RunPython(on, off),
        migrations.RunPython(guard_quotes, unguard_quotes),
    ]
