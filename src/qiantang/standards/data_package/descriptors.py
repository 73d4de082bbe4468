"""``datapackage.json`` and its Table Schema from an entry's columns.

Both languages stand in ``title``/``title_en``: the specification has one title, and allows others'
properties beside it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from qiantang.standards.entries import CatalogueEntry

NULL: Final = ""
"""How the CSV writes a value that is not there."""
CodeValues = Callable[[str], Sequence[str]]
"""Id of a code list to the codes that a value may have; empty where it is not known."""
_TYPES: Final = {
    "integer": "integer",
    "number": "number",
    "decimal": "number",
    "boolean": "boolean",
    "date": "date",
    "datetime": "datetime",
}
_FORMATS: Final = {"date": "%Y-%m-%d", "datetime": "any"}
_CODES: Final = 2_000
_NOT_IN_NAMES: Final = re.compile(r"[^a-z0-9.-]")
_OPEN_LICENCES: Final = {
    "cc by 4.0": ("CC-BY-4.0", "https://creativecommons.org/licenses/by/4.0/"),
    "cc by sa 4.0": ("CC-BY-SA-4.0", "https://creativecommons.org/licenses/by-sa/4.0/"),
    "cc0 1.0": ("CC0-1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
}
"""By how packs and stewards write them: names of the Open Definition's register, and addresses."""


def descriptor(
    entry: CatalogueEntry,
    columns: Sequence[Mapping[str, Any]],
    *,
    path: str,
    size: int | None = None,
    codes: CodeValues = lambda _: (),
) -> dict[str, Any]:
    """The package of an entry whose CSV lies at ``path``, in the columns that may be shown."""
    name = _NOT_IN_NAMES.sub("-", entry.id.lower()) or "data"
    resource: dict[str, Any] = {
        "name": name.rpartition(".")[2] or name,
        "title": entry.title.zh,
        "type": "table",
        "profile": "tabular-data-resource",
        "path": path,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\n"},
        "schema": table_schema(columns, entry.grain, codes=codes),
    }
    if size is not None:
        resource["bytes"] = size
    modified = entry.modified or entry.issued
    return {
        "profile": "tabular-data-package",
        "name": name,
        "id": entry.identifier,
        "title": entry.title.zh,
        "title_en": entry.title.en,
        "description": entry.description.zh,
        "description_en": entry.description.en,
        **({"version": entry.version} if entry.version else {}),
        **({"homepage": entry.page} if entry.page else {}),
        **({"created": modified.isoformat(timespec="seconds")} if modified else {}),
        "keywords": [word.text for word in entry.keywords] or [entry.title.zh],
        **({"licenses": [licence]} if (licence := _licence(entry)) else {}),
        "sources": [{"title": entry.publisher.name.zh, "title_en": entry.publisher.name.en}],
        "contributors": [{"title": entry.publisher.name.zh, "role": "publisher"}],
        "resources": [resource],
    }


def _licence(entry: CatalogueEntry) -> dict[str, str]:
    """The licence by its Open Definition name where it has one; else the terms stand on the entry's
    page. Empty where none is stated: the specification has a name or an address in each."""
    said = entry.licence.zh or entry.licence.en
    words = re.sub(r"[\s_-]+", " ", said.strip().lower())
    title = {"title": said, "title_en": entry.licence.en or said}
    if words in _OPEN_LICENCES:
        name, path = _OPEN_LICENCES[words]
        return {"name": name, "path": path, **title}
    return {"path": entry.page, **title} if said and entry.page else {}


def table_schema(
    columns: Sequence[Mapping[str, Any]],
    grain: Sequence[str] = (),
    *,
    codes: CodeValues = lambda _: (),
) -> dict[str, Any]:
    """Table Schema with constraints, the grain as primary key and references as foreign keys."""
    shown = {str(column["id"]) for column in columns}
    schema: dict[str, Any] = {
        "fields": [_field(column, codes) for column in columns],
        "missingValues": [NULL],
    }
    if grain and shown.issuperset(grain):
        schema["primaryKey"] = list(grain)
    if keys := [key for column in columns if (key := _foreign(column))]:
        schema["qiantang:references"] = keys
    return schema


def _field(column: Mapping[str, Any], codes: CodeValues) -> dict[str, Any]:
    name = column.get("name") or {}
    kind = _TYPES.get(str(column.get("type", "")), "string")
    if column.get("precision", "day") != "day":
        kind = "string"
    found: dict[str, Any] = {"name": column["id"], "type": kind}
    found["title"] = name.get("zh", column["id"])
    found["title_en"] = name.get("en", column["id"])
    if kind in _FORMATS:
        found["format"] = _FORMATS[kind]
    if unit := column.get("unit"):
        found["unit"] = unit
    if constraints := _constraints(column, kind, codes):
        found["constraints"] = constraints
    return found


def _constraints(column: Mapping[str, Any], kind: str, codes: CodeValues) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if column.get("required"):
        found["required"] = True
    if column.get("unique"):
        found["unique"] = True
    if kind == "string" and column.get("pattern"):
        found["pattern"] = column["pattern"]
    for limit in ("minimum", "maximum"):
        if kind in {"integer", "number"} and column.get(limit) is not None:
            text = str(column[limit])
            found[limit] = int(float(text)) if kind == "integer" else float(text)
    if values := _values(column, codes):
        found["enum"] = values
    return found


def _values(column: Mapping[str, Any], codes: CodeValues) -> list[str]:
    """The values that a field may have; a long code list is left out: it is a resource itself."""
    if values := column.get("values"):
        return [str(value) for value in values]
    listed = list(dict.fromkeys(codes(str(column["codes"])))) if column.get("codes") else []
    return listed if len(listed) <= _CODES else []


def _foreign(column: Mapping[str, Any]) -> dict[str, Any] | None:
    """A reference into another package: a foreign key proper may only name one's own resources."""
    parts = str(column.get("reference") or "").split(".")
    if len(parts) != 3:
        return None
    return {
        "fields": [column["id"]],
        "reference": {"package": ".".join(parts[:2]), "resource": parts[1], "fields": [parts[2]]},
    }
