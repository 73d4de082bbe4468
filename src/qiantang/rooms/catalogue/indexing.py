"""Keeping the search index in step with the entries, in the transaction that changes them."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from qiantang.kernel.words import tokens
from qiantang.rooms.catalogue import cycles, texts
from qiantang.rooms.catalogue.forms import forms_of, written
from qiantang.rooms.catalogue.keeping import keywords_kept, licence_kept, provider_kept
from qiantang.rooms.catalogue.models import (
    CatalogueChange,
    ChangeHead,
    EntryIndex,
    InformationResource,
)
from qiantang.rooms.shelf import selectors as shelf
from qiantang.rooms.shelf.errors import CodeListUnknown

CLASSES: Final = "data-commons.resource-class"
LONGEST_NAME_KEY: Final = 80
_COLUMNS: Final = (
    *("moment", "status", "sharing", "owner_path", "classes", "department", "level", "divisions"),
    *("openness", "format", "forms", "cycle", "grade", "origin", "completeness", "changed", "due"),
    *("provider", "licence", "keywords", "name_key"),
)


def reindex(rows: Sequence[InformationResource]) -> None:
    """Write what search knows of these entries anew. The next request of anybody sees it."""
    if not rows:
        return
    moment, parents = _next_moment(), class_parents()
    made = EntryIndex.objects.bulk_create(
        [_index_row(row, moment, parents) for row in rows],
        update_conflicts=True,
        unique_fields=["resource"],
        update_fields=_COLUMNS,
        batch_size=500,
    )
    keys = {each.resource_id: each.key for each in made}
    texts.put(texts.Words(keys[row.pk], sections_of(row)) for row in rows)


def class_parents() -> Mapping[str, str]:
    """Class code -> the code above it; empty while no pack declares the classes."""
    try:
        return {c.code: c.parent for c in shelf.code_list(CLASSES).codes}
    except CodeListUnknown:
        return {}


def with_parents(codes: Iterable[str], parents: Mapping[str, str]) -> list[str]:
    """Class codes and every class above them, each once."""
    found: dict[str, None] = {}
    for code in codes:
        above: str = code
        while above and above not in found:
            found[above] = None
            above = parents.get(above, "")
    return list(found)


def divisions_around(code: str) -> list[str]:
    """A division, its city and its province: ``330106`` -> 330000, 330100, 330106."""
    if len(code) != 6:
        return [code] if code else []
    return list(dict.fromkeys((f"{code[:2]}0000", f"{code[:4]}00", code)))


def sections_of(row: InformationResource) -> tuple[list[str], ...]:
    """The words of an entry, section by section, its texts apart."""
    keywords = (*row.keywords_zh, *row.keywords_en, row.code, row.id, row.division)
    body = (row.description_zh, row.description_en, row.provider_zh, row.provider_en)
    system = (row.system_zh, row.system_en)
    return (
        _apart((row.name_zh, row.name_en)),
        _apart(keywords),
        _apart((*body, *system)),
        _apart(said for field in row.fields for said in _said_of(field)),
    )


def _apart(said: Iterable[str]) -> list[str]:
    """The words of the texts, a gap between each two."""
    found: list[str] = []
    for words in map(tokens, said):
        found += [texts.GAP, *words] if found and words else words
    return found


def plain_name(name: str) -> str:
    """A name without case, width, spaces and punctuation, to find the same one again."""
    return "".join(tokens(name))[:200]


def signature_of(fields: Sequence[Mapping[str, Any]]) -> str:
    """A short digest of the items' ids and types; empty for fewer than three: they prove little."""
    if len(fields) < 3:
        return ""
    said = sorted(f"{f.get('id')}:{f.get('type')}" for f in fields)
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:16]


def _said_of(field: Mapping[str, Any]) -> tuple[str, ...]:
    name = field.get("name")
    both = (name.get("zh", ""), name.get("en", "")) if isinstance(name, Mapping) else ()
    return (str(field.get("id", "")), *map(str, both))


def _index_row(row: InformationResource, moment: int, parents: Mapping[str, str]) -> EntryIndex:
    return EntryIndex(
        resource=row,
        moment=moment,
        status=row.status,
        sharing=row.sharing,
        owner_path=row.owner_path,
        classes="|".join(with_parents(row.classes, parents))[:255],
        department=row.owner_department or row.provider_zh[:80],
        level=row.level,
        divisions="|".join(divisions_around(row.division)),
        openness="open" if row.open else "closed",
        format=row.format,
        forms=written(forms_of(row)),
        provider=provider_kept(row),
        licence=licence_kept(row),
        keywords=keywords_kept(row),
        cycle=row.cadence,
        grade=row.grade,
        origin=row.origin,
        completeness=row.completeness,
        changed=int(row.changed_at.timestamp()),
        due=cycles.due_number(row.cadence, row.due_on),
        name_key=row.name_zh.encode("gb18030", "replace")[:LONGEST_NAME_KEY],
    )


def _next_moment() -> int:
    """The number of this change; the head's row stays locked until the transaction ends, so that
    numbers become visible in their order."""
    head = ChangeHead.objects.select_for_update().filter(pk=1).first()
    if head is None:
        ChangeHead.objects.bulk_create([ChangeHead(pk=1)], ignore_conflicts=True)
        head = ChangeHead.objects.select_for_update().get(pk=1)
    moment = head.moment + 1
    ChangeHead.objects.filter(pk=1).update(moment=moment)
    CatalogueChange.objects.create(moment=moment, mark=secrets.token_hex(8))
    return moment
