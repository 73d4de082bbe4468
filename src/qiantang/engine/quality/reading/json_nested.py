"""Objects inside the records of JSON: their keys as columns of their own, ``详情.投资额``.

The object itself stays a column (its JSON as text), so that what is read by it is read on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

DOT: Final = "."
DEEPEST: Final = 4
MOST_KEYS: Final = 100
"""An object with more keys than that is a table of its own, not a part of a record."""
Path = tuple[str, ...]


def columns_of(records: Iterable[Mapping[str, Any]]) -> dict[str, Path]:
    """Name of a column -> the keys that lead to it: the keys of the records in the order met, then
    those of the objects inside them. A key that is written with a dot comes first."""
    listed = list(records)
    found: dict[str, Path] = {key: (key,) for record in listed for key in record}
    level = list(found.values())
    while level and len(level[0]) < DEEPEST:
        level = [path for parent in level for path in _inside(listed, parent)]
        for path in level:
            found.setdefault(DOT.join(path), path)
    return found


def value_at(record: Mapping[str, Any], path: Path) -> Any:
    """What stands at the end of the path; None where it does not lead there."""
    value: Any = record
    for key in path:
        if not isinstance(value, dict):
            return None
        value = value.get(key)
    return value


def parent_of(name: str) -> str:
    """The column that holds a nested one; "" for a column that stands by itself."""
    return name.rpartition(DOT)[0]


def _inside(records: Iterable[Mapping[str, Any]], parent: Path) -> list[Path]:
    values = (value_at(record, parent) for record in records)
    keys = dict.fromkeys(key for value in values if isinstance(value, dict) for key in value)
    return [(*parent, key) for key in keys] if len(keys) <= MOST_KEYS else []
