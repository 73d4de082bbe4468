from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('indices', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='edition',
            name='reweighed',
            field=models.JSONField(default=list),
        ),
    ]
