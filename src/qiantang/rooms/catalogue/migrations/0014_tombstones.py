"""Of entries that their upstreams withdrew before, only the name stays."""

from __future__ import annotations

from typing import Any

from django.db import migrations

_TEXTS = ("description", "conditions", "open_conditions", "licence", "system", "contact")
_WORDS = ("format", "sharing", "share_mode", "cadence", "retention", "signature")
_LISTS = ("classes", "themes", "keywords_zh", "keywords_en", "fields", "grain", "related")


def bury(apps: Any, schema_editor: Any) -> None:
    entries = apps.get_model("catalogue", "InformationResource")
    gone = entries.objects.filter(status="retired", left_out=False).exclude(origin="")
    texts = {f"{name}_{lang}": "" for name in _TEXTS for lang in ("zh", "en")}
    lists = {name: [] for name in (*_LISTS, "distributions")}
    gone.update(
        **texts,
        **dict.fromkeys(_WORDS, ""),
        **lists,
        theme_names={},
        open=False,
        upstream_version="",
    )


def nothing(apps: Any, schema_editor: Any) -> None:
    """What was taken away comes back when its upstream lists it again."""


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0013_folded_words")]

    operations = [migrations.RunPython(bury, nothing)]
