"""What if: the index with other weights and methods, at once and without leaving a trace.

Changes are text, so that a link holds all of it (``weight.Conn=0.3``). Only keys of a short list
are taken, for anybody may ask: none lets a stranger choose how long the machine computes.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from qiantang.engine.index import Index, imputing, recipe_of
from qiantang.engine.index.building import finished
from qiantang.engine.index.choices import plain as without_choices
from qiantang.engine.index.factors import merged
from qiantang.engine.index.naming import elements_near
from qiantang.kernel.errors import QiantangError
from qiantang.rooms.indices.errors import ChangeInvalid
from qiantang.rooms.indices.finding import plain, rows_in, whole, year_of
from qiantang.rooms.indices.making import prepared
from qiantang.rooms.indices.profiles import weights_in_index
from qiantang.rooms.indices.shapes import Made, WhatIf, WhatIfRow

MOST: Final = 500
"""Changes in one question."""
LONGEST: Final = 200
KEYS: Final = (
    "weight.CODE", "aggregate.method", "aggregate.power", "aggregate.level.N.method",
    "aggregate.group.CODE.method", "normalise.method", "normalise.range",
    "normalise.only.CODE.method", "treat.points", "treat.then", "impute.method",
    "weigh.method", "screen.data_share", "denominate", "panel.years",
)  # fmt: skip
_KNOWN: Final = re.compile(
    r"weight\..+|denominate|panel\.years|screen\.data_share|(impute|weigh)\.method"
    r"|aggregate(\.level\.\d+|\.group\..+)?\.(method|power|share|positive)"
    r"|(normalise|treat)(\.only\..+)?\.(method|range|points|then)"
)
QUICK: Final[Mapping[str, frozenset[str]]] = {
    "impute": frozenset(imputing.METHODS) - {"em", "multiple"} | {"none"},
    "weigh": frozenset({"given", "equal", "entropy", "critic", "principal-component"}),
}
"""Methods that answer at a slider; the others take seconds for a panel."""
_WORDS: Final = frozenset({"method", "then", "years"})


def whatif(made: Made, changes: Mapping[str, str], year: int | None = None) -> WhatIf:
    """The index in ``year`` with ``changes``. Raises `ChangeInvalid`, `YearUnknown`, and the
    engine's errors where a value forbids a method."""
    now = year_of(made, year)
    tables = _changed(made, changes)
    after = replace(made, index=_built(made, tables, changes)) if changes else made
    rows = _rows(made, after, now)
    return WhatIf(
        changes=dict(changes),
        year=now,
        rows=rows,
        moved=sum(row.rank_before != row.rank for row in rows),
        weights=weights_in_index(after),
        tables=tables,
        notes=after.index.notes,
    )


def _changed(made: Made, changes: Mapping[str, str]) -> dict[str, Any]:
    if len(changes) > MOST:
        raise ChangeInvalid(field="*", found=len(changes), expected=f"≤ {MOST}")
    tables = without_choices(made.tables)
    for key, text in changes.items():
        if not _KNOWN.fullmatch(key) or len(text) > LONGEST or len(key) > LONGEST:
            raise ChangeInvalid(field=key[:60], found=text[:60], expected=", ".join(KEYS))
        tables = merged(tables, _nested(made, key, text))
    return tables


def _nested(made: Made, key: str, text: str) -> dict[str, Any]:
    table, _, rest = key.partition(".")
    if table == "weight":
        return {"weigh": {"given": {_code(made, rest, key, text): _weight(key, text)}}}
    parts = key.split(".")
    if len(parts) > 3 and parts[1] in ("only", "group"):
        # A code may hold points of its own.
        parts = [parts[0], parts[1], _code(made, ".".join(parts[2:-1]), key, text), parts[-1]]
    value: Any = text if parts[-1] in _WORDS else _value(key, text)
    if table in QUICK and text not in QUICK[table]:
        expected = ", ".join(sorted(QUICK[table]))
        raise ChangeInvalid(field=key, found=text[:60], expected=expected)
    for part in reversed(parts):
        value = {part: value}
    return dict(value)


def _code(made: Made, code: str, key: str, text: str) -> str:
    if code not in made.structure.by_code:
        near = elements_near(code, made.structure.elements)
        known = ", ".join(near or list(made.structure.by_code)[:60])
        raise ChangeInvalid(field=key[:60], found=text[:60], expected=known)
    return code


def _weight(key: str, text: str) -> float:
    try:
        found = float(text)
    except ValueError:
        found = math.nan
    if not 0 <= found < 1e9:
        raise ChangeInvalid(field=key[:60], found=text[:60], expected="0 – 1000000000")
    return found


def _value(key: str, text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise ChangeInvalid(
            field=key[:60], found=text[:60], expected="3, 0.5, true, [1, 100]"
        ) from None


def _built(made: Made, tables: Mapping[str, Any], changes: Mapping[str, str]) -> Index:
    try:
        recipe = recipe_of(tables)
        return finished(prepared(made, tables), made.structure, recipe)
    except QiantangError:
        raise
    except (
        ArithmeticError,
        AssertionError,
        LookupError,
        AttributeError,
        TypeError,
        ValueError,
    ) as error:
        # What a method misses (goalposts without posts) its step tells in its own way.
        told = ", ".join(changes)[:60]
        raise ChangeInvalid(field=told, found=str(error)[:60], expected=", ".join(KEYS)) from error


def _rows(before: Made, after: Made, year: int | None) -> tuple[WhatIfRow, ...]:
    code = before.structure.root.code
    old, new = rows_in(before, year), rows_in(after, year)
    found = []
    for unit in before.units:
        score, rank = _cell(after, code, new.get(unit))
        was, stood = _cell(before, code, old.get(unit))
        moved = None if rank is None or stood is None else stood - rank
        found.append(WhatIfRow(unit, before.unit_name(unit), was, score, stood, rank, moved))
    return tuple(sorted(found, key=lambda r: (r.rank is None, r.rank or 0, r.unit)))


def _cell(made: Made, code: str, row: int | None) -> tuple[float | None, int | None]:
    if row is None:
        return None, None
    return plain(made.index.score(code)[row]), whole(made.index.rank(code)[row])
