"""Entries of before there were versions: what they say becomes version 1, and search finds them.

They get their code when they are registered again, with the classes that their pack then names.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import migrations

from qiantang.kernel.identifiers import division_level
from qiantang.rooms.catalogue import cycles, texts
from qiantang.rooms.catalogue.attributes import content_of
from qiantang.rooms.catalogue.indexing import (
    divisions_around,
    plain_name,
    sections_of,
    signature_of,
)
from qiantang.rooms.catalogue.selectors.completeness import completeness_of

FIRST = 1


def give_first_versions(apps: Any, schema_editor: Any) -> None:
    entries = apps.get_model("catalogue", "InformationResource")
    rows = list(entries.objects.filter(number=0, status__in=("published", "retired")))
    if not rows:
        return
    organisations = {o.pk: o for o in apps.get_model("people", "Organisation").objects.all()}
    for row in rows:
        _complete(row, organisations.get(row.owner_id))
        row.save()
    versions = apps.get_model("catalogue", "ResourceVersion")
    versions.objects.bulk_create([_version(versions, row) for row in rows])
    head, _ = apps.get_model("catalogue", "ChangeHead").objects.get_or_create(pk=1)
    head.moment += 1
    head.save()
    change = apps.get_model("catalogue", "CatalogueChange")
    change.objects.create(moment=head.moment, mark="migration")
    index = apps.get_model("catalogue", "EntryIndex")
    index.objects.filter(resource__in=rows).delete()
    made = index.objects.bulk_create([_index_row(index, row, head.moment) for row in rows])
    pairs = zip(made, rows, strict=True)
    texts.put(texts.Words(each.key, sections_of(row)) for each, row in pairs)


def _complete(row: Any, owner: Any) -> None:
    row.declared = row.pk if row.pack else ""
    row.number, row.edition = FIRST, 1
    row.division = owner.division if owner else settings.QIANTANG_DIVISION
    row.level = division_level(row.division)
    row.provider_code = owner.pk if owner else ""
    row.provider_zh, row.provider_en = (owner.name_zh, owner.name_en) if owner else ("", "")
    row.share_mode = row.share_mode or "file"
    row.published_on = row.registered_at.date()
    row.name_plain = plain_name(row.name_zh)
    row.signature = signature_of(row.fields)
    row.completeness = completeness_of(content_of(row)).score


def _version(versions: Any, row: Any) -> Any:
    return versions(
        resource=row,
        number=FIRST,
        state="published",
        content=content_of(row),
        note=f"{row.pack} {row.version}".strip(),
        drafted_by="system",
        drafted_at=row.changed_at,
        decided_by="system",
        decided_at=row.changed_at,
    )


def _index_row(index: Any, row: Any, moment: int) -> Any:
    return index(
        resource=row,
        moment=moment,
        status=row.status,
        sharing=row.sharing,
        owner_path=row.owner_path,
        department=row.owner_department,
        level=row.level,
        divisions="|".join(divisions_around(row.division)),
        openness="open" if row.open else "closed",
        format=row.format,
        cycle=row.cadence,
        completeness=row.completeness,
        changed=int(row.changed_at.timestamp()),
        due=cycles.due_number(row.cadence, None),
        name_key=row.name_zh.encode("gb18030", "replace")[:80],
    )


def nothing(apps: Any, schema_editor: Any) -> None:
    """Versions go with their table."""


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0003_text_index")]
    operations = [migrations.RunPython(give_first_versions, nothing)]
