"""An observation in its written forms: the columns of a CSV, the members of a page's JSON."""

from __future__ import annotations

from typing import Any, Final

from qiantang.kernel.observations import Observation

_COLUMNS: Final = (
    *("id", "revision", "indicator", "division", "period", "value", "unit", "kind", "grade"),
    *("source_title", "source_address", "published", "quote", "scope_note", "quality_flag"),
)


def observation_columns() -> list[str]:
    return list(_COLUMNS)


def observation_plain(o: Observation) -> dict[str, Any]:
    """The columns with their values; ``value`` stays an exact number."""
    written = o.written()
    return {column: written[column] for column in _COLUMNS}


def observation_row(o: Observation) -> list[object]:
    return list(observation_plain(o).values())
