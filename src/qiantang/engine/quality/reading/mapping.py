"""Which declared field a source column is: by id and names, then by likeness as a doubt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Final

from qiantang.engine.quality.headings import is_ignored
from qiantang.engine.quality.reading.header_units import without_unit
from qiantang.engine.quality.reading.json_nested import DOT
from qiantang.engine.quality.reading.words import bare, folded
from qiantang.packkit.compiled import Field, Resource

CLOSE: Final = 0.72
LONGEST: Final = 200
"""A longer cell is no name of a column."""
JOIN: Final = "/"
"""Stands between the rows of a stacked header where names are joined."""


@dataclass(slots=True)
class Match:
    """Field id per column (None: no field), the columns matched only by likeness, and the
    columns that lost a field to an earlier one."""

    fields: list[str | None]
    close: list[tuple[str, str]] = field(default_factory=list)
    lost: list[tuple[str, str]] = field(default_factory=list)


class Names:
    """The declared names of one resource, ready for look-up."""

    def __init__(self, resource: Resource) -> None:
        self.fields = resource.fields
        self.exact: dict[str, str] = {}
        self.bare: dict[str, str] = {}
        for declared in resource.fields:
            for word in _words(declared):
                self.exact.setdefault(folded(word), declared.id)
                self.bare.setdefault(bare(word), declared.id)
        self._known = lru_cache(maxsize=4096)(self._find)

    def find(self, name: str) -> str | None:
        """The field that a name means without doubt."""
        return self._known(name) if len(name) <= LONGEST else None

    def _find(self, name: str) -> str | None:
        forms = (name, name.rsplit(JOIN, 1)[-1], name.replace(JOIN, ""), without_unit(name))
        for form in forms:
            whole, short = folded(form), bare(form)
            found = self.exact.get(whole) or (self.exact.get(short) or self.bare.get(short))
            if found and (whole or short):
                return found
        return None

    def named(self, cells: Iterable[str | None]) -> set[str]:
        """The fields that the cells of a row name."""
        return {f for f in (self.find(c) for c in cells if c and c.strip()) if f}

    def close(self, name: str, left: Sequence[Field]) -> str | None:
        """The one field among ``left`` whose name is like ``name``."""
        if len(name) > LONGEST:
            return None
        scored = sorted(((self.likeness(name, f), f.id) for f in left), reverse=True)
        if not scored or scored[0][0] < CLOSE:
            return None
        if len(scored) > 1 and scored[0][0] - scored[1][0] < 0.05:
            return None
        return scored[0][1]

    @staticmethod
    def likeness(name: str, declared: Field) -> float:
        """How alike the name of a column, or its last part (``详情.投资额``), and a field's are."""
        last = name.rsplit(JOIN, 1)[-1]
        forms = {bare(last), bare(last.rpartition(DOT)[2])}
        return max(_like(form, bare(w)) for form in forms for w in _words(declared))


def match(names: Sequence[str], declared: Names, told: Mapping[str, str] | None = None) -> Match:
    """A field for each column. ``told`` maps names to field ids ("" leaves a column out)."""
    told = told or {}
    known = {f.id for f in declared.fields}
    result = Match([None] * len(names))
    taken: set[str] = set()
    for i, name in enumerate(names):
        wanted = told[name] if name in told else declared.find(name)
        if not wanted or wanted not in known:
            continue
        if wanted in taken:
            result.lost.append((name, wanted))
            continue
        result.fields[i] = wanted
        taken.add(wanted)
    _match_close(names, declared, (result, taken, told))
    return result


def nearest_names(names: Sequence[str], fields: Sequence[Field]) -> tuple[str, Field] | None:
    """The column and the field whose names are most alike; None where none have a letter in
    common."""
    scored = [(Names.likeness(name[:LONGEST], f), name, f) for name in names for f in fields]
    best = max(scored, key=lambda each: each[0], default=None)
    return (best[1], best[2]) if best and best[0] > 0 else None


def _match_close(
    names: Sequence[str],
    declared: Names,
    state: tuple[Match, set[str], Mapping[str, str]],
) -> None:
    result, taken, told = state
    lost = {name for name, _ in result.lost}
    left_out = {*told, *lost, *(n for n in names if is_ignored(n) or not bare(n))}
    for i, name in enumerate(names):
        if result.fields[i] is not None or name in left_out:
            continue
        found = declared.close(name, [f for f in declared.fields if f.id not in taken])
        if found:
            result.fields[i] = found
            result.close.append((name, found))
            taken.add(found)


def _words(declared: Field) -> Iterator[str]:
    yield declared.id
    yield declared.name.zh
    yield declared.name.en


def _like(a: str, b: str) -> float:
    if not a or not b:
        return 0.0
    short, long = sorted((a, b), key=len)
    if len(short) >= 2 and short in long and len(short) * 2 >= len(long):
        return 0.9
    return SequenceMatcher(None, a, b).ratio()
