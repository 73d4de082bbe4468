"""JSON and NDJSON as tables: objects one at a time, figures kept exactly as they are written.

A JSON array is read element by element; what is held is never more than one record and a buffer.
A line of NDJSON that is no object spoils itself alone, and so does an object with a key twice or
with characters that are none: its row is empty and noted as broken.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any, Final

import polars as pl

from qiantang.engine.quality.reading import cut_doubts
from qiantang.engine.quality.reading import doubts as say
from qiantang.engine.quality.reading.encodings import text_chunks, utf8_chunks
from qiantang.engine.quality.reading.errors import JsonBroken, LineTooLong, TooManyColumns
from qiantang.engine.quality.reading.files import SentFile
from qiantang.engine.quality.reading.json_arrays import (
    BEGINNING,
    ArrayReader,
    Figure,
    decoder,
    plain_json,
)
from qiantang.engine.quality.reading.json_faults import fault, unspeakable
from qiantang.engine.quality.reading.json_nested import columns_of, value_at
from qiantang.engine.quality.reading.shapes import BrokenLine, Doubt, RawRow, SheetInfo
from qiantang.engine.quality.reading.tables import Rows
from qiantang.engine.quality.reading.unit_doubts import unit_unread
from qiantang.engine.quality.reading.unit_statements import Statement, stated_in
from qiantang.kernel.places import Place
from qiantang.kernel.text import Text

_BATCH: Final = 50_000
_LOOK: Final = 1_000
"""So many records are looked at for the names of the columns."""
Record = dict[str, Any]


class JsonTable:
    """An array of objects (at ``path``), or one object per line. ``_row`` is the record's number
    in an array and the line in NDJSON."""

    def __init__(self, sent: SentFile, encoding: str, *, lines: bool, path: str | None) -> None:
        self.sent, self.encoding, self.lines, self.path = sent, encoding, lines, path
        self.format = "ndjson" if lines else "json"
        self._doubts: list[Doubt] = []
        self.broken: dict[int, BrokenLine] = {}
        self.beside: dict[str, None] = {}
        """The texts around the array as far as it was read, each once."""
        self._unended = -1
        """The line that the text ends in, where no end of a line follows it."""
        first = list(itertools.islice(self._whole(), _LOOK))
        self._paths = keys = columns_of(record for _, record in first)
        if len(keys) > sent.limits.columns:
            raise TooManyColumns(found=len(keys), expected=sent.limits.columns, place=sent.place)
        self.names: tuple[str, ...] | None = tuple(keys)
        self._said = stated_in([RawRow(0, tuple(self.beside))])
        top = first[: sent.limits.head_rows]
        self._head = tuple(
            RawRow(n, tuple(json_text(value_at(r, path)) for path in keys.values())) for n, r in top
        )

    def head(self) -> tuple[RawRow, ...]:
        return self._head

    def tail(self) -> tuple[RawRow, ...]:
        return ()

    def frames(self, width: int) -> Iterator[pl.DataFrame]:
        paths = list(self._paths.values())[:width]
        known, rows = set(self.names or ()), Rows(width)
        number, found = 0, None
        for number, found in self._records():
            record = {} if isinstance(found, BrokenLine) else found
            if isinstance(found, BrokenLine):
                self.broken[number] = found
            if not known.issuperset(record):
                for name in record.keys() - known:
                    self._doubts.append(say.new_key(name, number))
                    known.add(name)
            rows.add(number, tuple(json_text(value_at(record, path)) for path in paths))
            if len(rows) >= _BATCH:
                yield rows.frame()
        if number == self._unended and isinstance(found, BrokenLine):
            self._doubts.append(cut_doubts.line_cut(number))
        if len(rows):
            yield rows.frame()

    def sheets(self) -> tuple[SheetInfo, ...]:
        name = self.path or self.sent.member or self.sent.name
        return (SheetInfo(name, None, len(self.names or ()), chosen=True),)

    def doubts(self) -> tuple[Doubt, ...]:
        return (*self._doubts, *self._stated_late())

    def stated(self) -> Statement:
        """The units that the texts around the first records state."""
        return self._said

    def _stated_late(self) -> Iterator[Doubt]:
        """Units that are stated behind more records than were looked at before reading."""
        late = stated_in([RawRow(0, tuple(self.beside))]).texts
        return (unit_unread(text) for text in late if text not in self._said.texts)

    def _whole(self) -> Iterator[tuple[int, Record]]:
        """The records without broken lines. Raises `JsonBroken` where there is nothing else."""
        broken, whole = None, False
        for number, record in self._records():
            if not isinstance(record, BrokenLine):
                whole = True
                yield number, record
            elif broken is None:
                broken = (number, record.reason)
        if broken and not whole:
            file, at = self.sent.place.file, broken[0]
            place = Place(file, line=at) if self.lines else Place(file, row=at)
            raise JsonBroken(found=broken[1], place=place)

    def _records(self) -> Iterator[tuple[int, Record | BrokenLine]]:
        return self._lines() if self.lines else self._array()

    def _array(self) -> Iterator[tuple[int, Record | BrokenLine]]:
        reader = ArrayReader(text_chunks(self.sent, self.encoding), self.sent, self.path)
        for number, element in enumerate(reader.elements(), 1):
            if number == 1:
                self.beside.update(dict.fromkeys(reader.beside))
            if not isinstance(element, dict | BrokenLine):
                found = Text(f"第 {number} 个元素不是对象", f"element {number} is not an object")
                raise JsonBroken(found=found, place=self.sent.place)
            yield number, element
        self.path = reader.path
        self.beside.update(dict.fromkeys(reader.beside))
        for other in reader.others:
            doubt = say.other_array(other, reader.path or "")
            if doubt not in self._doubts:
                self._doubts.append(doubt)

    def _lines(self) -> Iterator[tuple[int, Record | BrokenLine]]:
        limit, pending, number = self.sent.limits.record, b"", 0
        for chunk in itertools.chain(utf8_chunks(self.sent, self.encoding), (None,)):
            if chunk is None and pending:
                self._unended = number + 1
            parts = (pending + (b"\n" if chunk is None else chunk)).split(b"\n")
            pending = parts.pop()
            if len(pending) > limit:
                size = f"{limit // 2**20} MB"
                place = Place(file=self.sent.place.file, line=number + len(parts) + 1)
                raise LineTooLong(found=size, expected=size, place=place)
            for part in parts:
                number += 1
                if part.strip():
                    yield number, _record(part)


def _record(line: bytes) -> Record | BrokenLine:
    text = line.decode(errors="replace").strip()
    try:
        record = decoder().decode(line.decode())
    except (ValueError, RecursionError) as error:
        return BrokenLine(text[:BEGINNING], fault(error, line.decode(errors="replace")))
    if not isinstance(record, dict):
        found = Text("不是一个对象", "it is not an object")
        return BrokenLine(text[:BEGINNING], found)
    reason = unspeakable(record, text, 0, len(text))
    return BrokenLine(text[:BEGINNING], reason) if reason else record


def json_text(value: Any) -> str | None:
    """A value as text: figures as they were written, true and false, nested ones as JSON."""
    if isinstance(value, Figure):
        return str(value)
    if value is None or isinstance(value, str):
        return value or None
    if isinstance(value, bool):
        return "true" if value else "false"
    return plain_json(value)
