"""Records of delimited text: blocks of whole records with the line on which each begins.

Well-formed text is cut with array arithmetic (a line end outside quotation marks ends a record)
and parsed by Polars. At the first stray quotation mark (``5" pipe``) the exact, slower reader of
Python's csv takes over for the rest of the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from qiantang.engine.quality.reading.errors import LineTooLong, QuoteUnclosed
from qiantang.kernel.csv_rows import csv_rows
from qiantang.kernel.places import Place

_LF: Final = 10
_CR: Final = 13
_QUOTE: Final = 34
Lines = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Block:
    """Whole records as UTF-8 bytes, and the line (from 1) on which each begins."""

    data: bytes
    lines: Lines


@dataclass(frozen=True, slots=True)
class Rest:
    """What is left from a stray quotation mark on: to be read by `exact_records`."""

    chunks: Iterator[bytes]
    line: int


@dataclass(frozen=True, slots=True)
class Framing:
    """How records are told apart. ``limit`` is the most bytes that one record may have."""

    delimiter: str
    limit: int
    file: str

    def too_long(self, line: int) -> LineTooLong:
        size = f"{self.limit // 2**20} MB"
        return LineTooLong(found=size, expected=size, place=Place(file=self.file, line=line))


def cut(chunks: Iterable[bytes], framing: Framing) -> Iterator[Block | Rest]:
    """Blocks of whole records; at the first stray quotation mark one `Rest`, the last item.

    Raises `LineTooLong` and `QuoteUnclosed`, each with its line.
    """
    source, pending, line = iter(chunks), b"", 1
    while True:
        chunk = next(source, b"")
        buffer = pending + chunk if chunk else _ended(pending)
        if not buffer:
            return
        marks = _Marks(buffer)
        if marks.stray(framing.delimiter, final=not chunk):
            yield Rest(_chain(buffer, source), line)
            return
        if not chunk and len(marks.quotes) % 2:
            raise _unclosed(marks, line, framing)
        ends = marks.ends()
        if len(ends) == 0:
            if len(buffer) > framing.limit:
                raise framing.too_long(line)
            pending = buffer
            continue
        starts = np.concatenate((np.zeros(1, np.int64), ends[:-1] + 1))
        numbers = line + np.searchsorted(marks.newlines, starts)
        longest = int(np.argmax(ends - starts))
        if ends[longest] - starts[longest] > framing.limit:
            raise framing.too_long(int(numbers[longest]))
        end = int(ends[-1]) + 1
        yield Block(buffer[:end], numbers)
        line += int(np.searchsorted(marks.newlines, end))
        pending = buffer[end:]
        if len(pending) > framing.limit:
            raise framing.too_long(line)


def exact_records(
    chunks: Iterable[bytes], framing: Framing, line: int = 1
) -> Iterator[tuple[int, tuple[str | None, ...]]]:
    """Records one by one as a spreadsheet would take them: a quotation mark is special only at
    the start of a field. Gives the line on which each begins and its cells."""
    feed = _Feed(chunks, framing, line)
    for cells in csv_rows(feed, delimiter=framing.delimiter, longest=framing.limit):
        begun, several = feed.taken()
        if several and feed.odd_quotes() and feed.over:
            raise QuoteUnclosed(place=Place(file=framing.file, line=begun))
        yield begun, tuple(cells)


class _Feed:
    """Lines for csv.reader, keeping account of where the present record began."""

    def __init__(self, chunks: Iterable[bytes], framing: Framing, line: int) -> None:
        self.framing, self.source = framing, iter(chunks)
        self.begun = self.next = line
        self.size = 0
        self.kept: list[bytes] = []
        self.over = False
        self.lines = self._lines()

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        line = next(self.lines)
        self.size += len(line)
        if self.size > self.framing.limit:
            raise self.framing.too_long(self.begun)
        self.kept.append(line)
        self.next += 1
        return line.decode()

    def taken(self) -> tuple[int, bool]:
        """Where the record that csv just gave began, and whether it spans lines."""
        begun, several = self.begun, len(self.kept) > 1
        self.begun, self.size = self.next, 0
        self.last, self.kept = self.kept, []
        return begun, several

    def odd_quotes(self) -> bool:
        return sum(part.count(b'"') for part in self.last) % 2 == 1

    def _lines(self) -> Iterator[bytes]:
        pieces: list[bytes] = []
        held = 0
        for chunk in self.source:
            first, *parts = chunk.split(b"\n")
            pieces.append(first)
            held += len(first)
            if parts:
                yield b"".join(pieces) + b"\n"
                for part in parts[:-1]:
                    yield part + b"\n"
                pieces, held = [parts[-1]], len(parts[-1])
            if held > self.framing.limit:
                raise self.framing.too_long(self.begun)
        self.over = True
        if held:
            yield b"".join(pieces)


class _Marks:
    """Where quotation marks and line ends stand in a buffer."""

    def __init__(self, buffer: bytes) -> None:
        self.bytes = np.frombuffer(buffer, dtype=np.uint8)
        self.newlines: Lines = np.flatnonzero(self.bytes == _LF)
        self.quotes: Lines = (
            np.flatnonzero(self.bytes == _QUOTE) if b'"' in buffer else np.zeros(0, np.int64)
        )

    def ends(self) -> Lines:
        """Line ends outside quotation marks."""
        if len(self.quotes) == 0:
            return self.newlines
        inside = np.searchsorted(self.quotes, self.newlines) & 1
        result: Lines = self.newlines[inside == 0]
        return result

    def stray(self, delimiter: str, *, final: bool) -> bool:
        """Whether some quotation mark neither begins nor ends a field (nor is doubled)."""
        if len(self.quotes) == 0:
            return False
        mark = ord(delimiter)
        before = self.quotes[0::2] - 1
        left = self.bytes[before[before >= 0]]
        after = self.quotes[1::2] + 1
        right = self.bytes[after[after < len(self.bytes)]]
        return _other(left, (mark, _LF, _CR, _QUOTE)) or _other(right, (mark, _LF, _CR, _QUOTE))


def _other(values: npt.NDArray[np.uint8], allowed: tuple[int, ...]) -> bool:
    good: Any = np.zeros(len(values), dtype=bool)
    for byte in allowed:
        good |= values == byte
    return not bool(good.all())


def _ended(pending: bytes) -> bytes:
    return pending if not pending or pending.endswith(b"\n") else pending + b"\n"


def _chain(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _unclosed(marks: _Marks, line: int, framing: Framing) -> QuoteUnclosed:
    opened = int(marks.quotes[-1])
    at = line + int(np.searchsorted(marks.newlines, opened))
    return QuoteUnclosed(place=Place(file=framing.file, line=at))
