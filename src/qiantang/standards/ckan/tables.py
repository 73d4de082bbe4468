"""`datastore_search`: its arguments, and a table's fields as the datastore names them."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from qiantang.standards.ckan.words import Sought, language, plain_words
from qiantang.standards.errors import ArgumentWrong

FORMS: Final = ("objects", "lists", "csv", "tsv")
"""In which forms the records of an answer may be asked for; the last two have no header."""
ID: Final = "_id"
"""The row's place in the table as it is stored, from 1."""
LIMIT: Final = 32_000
"""CKAN's own ceiling for the rows of one answer."""
_ORDER: Final = re.compile(
    r"(?:\"(?P<quoted>[^\"]+)\"|(?P<bare>[^\s\"]+))(?:\s+(?P<way>asc|desc))?"
    r"(?:\s+nulls\s+(?P<nulls>first|last))?",
    re.IGNORECASE,
)
_TYPES: Final = {
    "text": "text",
    "integer": "int8",
    "number": "float8",
    "decimal": "numeric",
    "boolean": "bool",
    "date": "date",
    "datetime": "timestamp",
}


@dataclass(frozen=True, slots=True)
class Order:
    """By a field, falling or not; what is empty stands last when rising, as in PostgreSQL, unless
    ``empty_first`` says where."""

    field: str
    falls: bool = False
    empty_first: bool = False


@dataclass(frozen=True, slots=True)
class DatastoreQuery:
    """What rows are wanted. ``filters`` holds a field's values, any of which will do; ``columns``
    is empty for all; ``sought`` are pairs of a field, empty for the whole row, and the words that
    it has; ``form`` is one of `FORMS`."""

    resource: str
    filters: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    sought: tuple[tuple[str, Sought], ...] = ()
    columns: tuple[str, ...] = ()
    sort: tuple[Order, ...] = ()
    limit: int = 100
    offset: int = 0
    total: bool = True
    distinct: bool = False
    form: str = "objects"


def parse_datastore(given: Mapping[str, Any]) -> DatastoreQuery:
    """The arguments of an action, texts from an address or values from JSON.

    Raises `ArgumentWrong`."""
    form = given.get("records_format") or FORMS[0]
    if form not in FORMS:
        expected = ", ".join(FORMS)
        raise ArgumentWrong(parameter="records_format", found=str(form)[:40], expected=expected)
    return DatastoreQuery(
        resource=resource_of(given),
        filters=_filters(given.get("filters")),
        sought=tuple(_sought(given)),
        columns=_names(given, "fields"),
        sort=tuple(_order(each) for each in _names(given, "sort")),
        limit=min(_whole(given, "limit", 100), LIMIT),
        offset=_whole(given, "offset", 0),
        total=_yes(given, "include_total", standard=True),
        distinct=_yes(given, "distinct", standard=False),
        form=form,
    )


def resource_of(given: Mapping[str, Any]) -> str:
    """The id of the table. Raises `ArgumentWrong`."""
    resource = given.get("resource_id") or given.get("id")
    if isinstance(resource, str):
        return resource
    raise ArgumentWrong(parameter="resource_id", found=str(resource or "")[:40], expected="id")


def datastore_fields(columns: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The fields' ids, types and titles. A column's ``stored`` is its type in the datastore where
    that is known better than by its declared ``type``."""
    found: list[dict[str, Any]] = []
    for column in columns:
        if column["id"] == ID:
            found.append({"id": ID, "type": "int"})
            continue
        name = column.get("name") or {}
        found.append(
            {
                "id": column["id"],
                "type": column.get("stored") or _TYPES.get(str(column.get("type", "")), "text"),
                "info": {
                    "label": name.get("zh", column["id"]),
                    "label_en": name.get("en", ""),
                    "notes": str(column.get("unit") or ""),
                },
            }
        )
    return found


def field_schema(field: Mapping[str, Any], column: Mapping[str, Any]) -> dict[str, Any]:
    """What `datastore_info` tells of a field beside its type."""
    return {
        "native_type": field["type"],
        "notnull": bool(column.get("required")),
        "is_index": False,
        "uniquekey": bool(column.get("unique")),
    }


def records_in(form: str, records: Sequence[Mapping[str, Any]]) -> list[Any] | str:
    """Records in one of `FORMS`."""
    if form == "objects":
        return list(records)
    lists = [list(record.values()) for record in records]
    if form == "lists":
        return lists
    text = io.StringIO()
    writer = csv.writer(text, delimiter="," if form == "csv" else "\t", lineterminator="\n")
    writer.writerows([_cell(value) for value in each] for each in lists)
    return text.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, bool | list | dict):
        return json.dumps(value, ensure_ascii=False)
    return value


def _sought(given: Mapping[str, Any]) -> Iterator[tuple[str, Sought]]:
    """Words for the whole row (``q``, ``full_text``), or for fields by name (``q`` as a mapping, or
    one written as JSON)."""
    read = plain_words if _yes(given, "plain", standard=True) else language
    whole = given.get("full_text") or ""
    if not isinstance(whole, str):
        raise ArgumentWrong(parameter="full_text", found=str(whole)[:80], expected="text")
    said = given.get("q") or ""
    if isinstance(said, str) and said.lstrip().startswith("{"):
        said = _read(said)
    by_field = said if isinstance(said, dict) else {"": said}
    if not all(isinstance(text, str) for text in by_field.values()):
        expected = 'text, {"field": "text"}'
        raise ArgumentWrong(parameter="q", found=str(given["q"])[:80], expected=expected)
    texts = [("full_text", "", whole), *(("q", str(name), t) for name, t in by_field.items())]
    for parameter, name, text in texts:
        if text.strip():
            yield name, read(parameter, text)


def _read(said: str) -> Any:
    try:
        return json.loads(said)
    except (ValueError, RecursionError):
        return None


def _filters(given: Any) -> dict[str, tuple[Any, ...]]:
    if not given:
        return {}
    said = _read(given) if isinstance(given, str) else given
    expected = '{"field": value}, {"field": [value]}'
    if not isinstance(said, dict):
        raise ArgumentWrong(parameter="filters", found=str(given)[:40], expected=expected)
    found = {str(k): tuple(v) if isinstance(v, list) else (v,) for k, v in said.items()}
    for name, values in found.items():
        if any(isinstance(value, dict | list) for value in values):
            raise ArgumentWrong(parameter="filters", found=name[:40], expected=expected)
    return found


def _names(given: Mapping[str, Any], parameter: str) -> tuple[str, ...]:
    """Texts in a list, in JSON, or with commas between."""
    said = given.get(parameter) or []
    if isinstance(said, str):
        said = _read(said) if said.lstrip().startswith("[") else said.split(",")
    if not isinstance(said, list) or not all(isinstance(part, str) for part in said):
        raise ArgumentWrong(
            parameter=parameter, found=str(given[parameter])[:40], expected='["field"], "a, b"'
        )
    return tuple(part.strip() for part in said if part.strip())


def _order(said: str) -> Order:
    found = _ORDER.fullmatch(said)
    if found is None:
        expected = "field asc|desc nulls first|last"
        raise ArgumentWrong(parameter="sort", found=said[:80], expected=expected)
    falls = (found["way"] or "").lower() == "desc"
    nulls = (found["nulls"] or "").lower()
    return Order(found["quoted"] or found["bare"], falls, nulls == "first" if nulls else falls)


def _whole(given: Mapping[str, Any], name: str, standard: int) -> int:
    said = given.get(name)
    text = str(standard if said is None else said)
    if isinstance(said, bool) or not text.isascii() or not text.isdigit() or len(text) > 12:
        raise ArgumentWrong(parameter=name, found=text[:40], expected="0, 1, 2 ...")
    return int(text)


def _yes(given: Mapping[str, Any], name: str, *, standard: bool) -> bool:
    """CKAN takes these for yes, everything else for no."""
    said = given.get(name)
    if said is None or said == "":
        return standard
    return str(said).strip().lower() in {"true", "yes", "t", "y", "1", "on"}
