"""How far the filled cells of a sheet reach, found while its XML streams past.

A bulk reader lays out every cell between the first and the farthest: two cells in opposite corners
are 17 thousand million. Positions are taken as readers take them: a cell that says where it is
stands there, any other follows the one before it (ECMA-376 part 1, 18.3.1.4 and 18.3.1.73).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from xml.parsers import expat

_REFERENCE: Final = re.compile(r"([A-Za-z]{1,4})(\d{1,10})")
_CONTENT: Final = frozenset({"v", "is", "f"})
"""Elements without which a cell is only formatted."""


@dataclass(frozen=True, slots=True)
class Extent:
    """The last row and the last column with a filled cell, both from 1; 0 where there is none."""

    rows: int = 0
    columns: int = 0

    @property
    def cells(self) -> int:
        return self.rows * self.columns


def extent_of(chunks: Iterable[bytes]) -> Extent:
    """The extent of a sheet's XML. Raises `expat.ExpatError` where it is not well formed."""
    seen = _Seen()
    parser = expat.ParserCreate()
    parser.StartElementHandler = seen.start
    for chunk in chunks:
        parser.Parse(chunk, False)
    parser.Parse(b"", True)
    return Extent(seen.rows, seen.columns)


class _Seen:
    """Where the reader stands, and the farthest that it has seen."""

    def __init__(self) -> None:
        self.rows = self.columns = 0
        self._row = self._column = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local == "c":
            self._to(attributes.get("r", ""))
        elif local == "row":
            said = attributes.get("r", "")
            self._row, self._column = int(said) if said.isdecimal() else self._row + 1, 0
        elif local in _CONTENT and self._column:
            self.rows = max(self.rows, self._row)
            self.columns = max(self.columns, self._column)

    def _to(self, reference: str) -> None:
        found = _REFERENCE.fullmatch(reference)
        if found is None:
            self._column += 1
            return
        self._column, self._row = 0, int(found[2])
        for letter in found[1].upper():
            self._column = self._column * 26 + ord(letter) - 64
