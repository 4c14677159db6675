"""New seasons have the jury's comments looked at first; a season that exists keeps what it says."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('seasons', '0003_moderate_comments'),
    ]

    operations = [
        migrations.AlterField(
            model_name='season',
            name='moderate_comments',
            field=models.BooleanField(default=True, help_text='Entrants read in their feedback only comments that an organiser has looked at.', verbose_name='comments of the jury are looked at first'),
        ),
    ]
