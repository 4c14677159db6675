"""An appeal contests a release, which may be contested again once made anew; a decision keeps its standing."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models


def name_releases(apps: Any, schema_editor: Any) -> None:
    """The last release before it was filed is what an appeal contested."""
    for appeal in apps.get_model("results", "Appeal").objects.filter(release=None):
        done = appeal.rule.releases.exclude(released_at=None)
        appeal.release = (
            done.filter(released_at__lte=appeal.filed_at).order_by("-released_at").first()
            or done.order_by("released_at").first()
            or appeal.rule.releases.order_by("pk").first()
        )
        appeal.save(update_fields=["release"])


class Migration(migrations.Migration):

    dependencies = [
        ('results', '0010_firmness'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='appeal',
            name='appeal_once_per_outcome',
        ),
        migrations.AddField(
            model_name='appeal',
            name='standing',
            field=models.ForeignKey(blank=True, help_text='What the decision rests on.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='appeals', to='results.standing', verbose_name='standing'),
        ),
        migrations.AddField(
            model_name='appeal',
            name='release',
            field=models.ForeignKey(help_text='What is contested; once decided, the release it was decided about.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='appeals', to='results.release', verbose_name='release'),
        ),
        migrations.RunPython(name_releases, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='appeal',
            name='release',
            field=models.ForeignKey(help_text='What is contested; once decided, the release it was decided about.', on_delete=django.db.models.deletion.PROTECT, related_name='appeals', to='results.release', verbose_name='release'),
        ),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'withdrawn'), _negated=True), fields=('release', 'entry'), name='appeal_once_per_release', violation_error_message='There is an appeal about this result already.'),
        ),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.UniqueConstraint(condition=models.Q(('status__in', ['filed', 'admitted', 'proposed'])), fields=('rule', 'entry'), name='appeal_one_open_per_outcome', violation_error_message='There is an appeal about this result already.'),
        ),
    ]
