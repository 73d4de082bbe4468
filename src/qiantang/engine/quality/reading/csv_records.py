"""Records of delimited text: blocks of whole records with the line on which each begins.

Well-formed text is cut with array arithmetic (a line end outside quotation marks ends a record)
and parsed by Polars. At the first stray quotation mark (``5" pipe``) an exact, slower reader takes
over for the rest of the file.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from qiantang.engine.quality.reading.errors import LineTooLong, QuoteUnclosed
from qiantang.kernel.places import Place

_LF: Final = 10
_CR: Final = 13
_QUOTE: Final = 34
Lines = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Block:
    """Whole records as bytes; for each the line (from 1) and the byte at which it begins."""

    data: bytes
    lines: Lines
    starts: Lines

    def some(self, rows: Lines) -> Block:
        """The records that begin on one of these lines (in order, each once)."""
        near = rows[np.searchsorted(rows, self.lines[0]) :]
        near = near[: np.searchsorted(near, self.lines[-1], side="right")]
        at = np.searchsorted(self.lines, near)
        at = at[self.lines[at] == near]
        ends = np.append(self.starts[1:], len(self.data))[at]
        pieces = [self.data[a:b] for a, b in zip(self.starts[at], ends, strict=True)]
        lengths = np.cumsum([0, *map(len, pieces)])[:-1]
        return Block(b"".join(pieces), self.lines[at], lengths)

    def utf8(self, encoding: str) -> bytes:
        """The bytes in UTF-8; ``encoding``: what they are in."""
        return self.data if encoding == "utf-8" else self.data.decode(encoding).encode()


@dataclass(frozen=True, slots=True)
class Rest:
    """What is left from a stray quotation mark on: to be read by `exact_records`."""

    chunks: Iterator[bytes]
    line: int

    def utf8(self, encoding: str) -> Rest:
        """The same in UTF-8; ``encoding``: what it is in."""
        if encoding == "utf-8":
            return self
        texts = codecs.iterdecode(self.chunks, encoding)
        return Rest((text.encode() for text in texts), self.line)


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
        yield Block(buffer[:end], numbers, starts)
        line += int(np.searchsorted(marks.newlines, end))
        pending = buffer[end:]
        if len(pending) > framing.limit:
            raise framing.too_long(line)


def delimiters(block: Block, delimiter: str) -> Lines:
    """How many delimiters each record of the block has, those within quotation marks apart."""
    marks = _Marks(block.data)
    found: Lines = np.flatnonzero(marks.bytes == ord(delimiter))
    if len(marks.quotes):
        found = found[(np.searchsorted(marks.quotes, found) & 1) == 0]
    begun = np.concatenate((np.zeros(1, np.int64), marks.newlines + 1))
    starts = begun[block.lines - block.lines[0]]
    counts: Lines = np.diff(np.append(np.searchsorted(found, starts), len(found)))
    return counts


def one_line_end(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same text in which no line ends with CR alone (or with CR CR LF)."""
    held = b""
    for chunk in chunks:
        whole = held + chunk
        body = whole.rstrip(b"\r")
        held = whole[len(body) :]
        if b"\r" in body and (body.count(b"\r") != body.count(b"\r\n") or b"\r\r\n" in body):
            body = body.replace(b"\r\r\n", b"\n").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        if body:
            yield body
    if held:
        yield b"\n" * len(held)


def exact_records(
    chunks: Iterable[bytes], framing: Framing, line: int = 1
) -> Iterator[tuple[int, tuple[str | None, ...]]]:
    """Records one by one: a quotation mark is special only at the start of a field, and a field
    with more than blanks behind its closing mark (``"甲"乙``) is meant as it stands. Gives the line
    on which each begins and its cells. Raises `LineTooLong`, `QuoteUnclosed`."""
    feed, record = _Feed(chunks, framing, line), _Record(framing.delimiter)
    for text in feed:
        if record.take(text):
            yield feed.taken(), tuple(record.cells)
            record = _Record(framing.delimiter)
    if record.open:
        raise QuoteUnclosed(place=Place(file=framing.file, line=feed.begun))


class _Record:
    """Cells of one record, gathered line by line."""

    def __init__(self, delimiter: str) -> None:
        self.delimiter = delimiter
        self.cells: list[str] = []
        self.open = False
        """Whether a quotation mark waits to be closed."""
        self._said: list[str] = []
        self._raw: list[str] = []

    def take(self, line: str) -> bool:
        """Add a line with its end; whether the record is whole with it."""
        end = len(line.rstrip("\r\n"))
        if not self.open and '"' not in line:
            self.cells = line[:end].split(self.delimiter) if end else []
            return True
        at = 0
        while at <= end or self.open:
            if self.open or line.startswith('"', at):
                at, cell = self._quoted(line, at, end)
                if cell is None:
                    return False
            else:
                stop = self._stop(line, at, end)
                at, cell = stop, line[at:stop]
            self.cells.append(cell)
            at += 1
        return True

    def _quoted(self, line: str, at: int, end: int) -> tuple[int, str | None]:
        """Where the field ends, and what it says; None where the next line goes on with it."""
        if not self.open:
            self.open, self._said, self._raw, at = True, [], ['"'], at + 1
        while (mark := line.find('"', at)) >= 0:
            doubled = line.startswith('"', mark + 1)
            self._said.append(line[at : mark + doubled])
            self._raw.append(line[at : mark + 1 + doubled])
            at = mark + 1 + doubled
            if not doubled:
                return self._closed(line, at, end)
        self._said.append(line[at:])
        self._raw.append(line[at:])
        return at, None

    def _closed(self, line: str, at: int, end: int) -> tuple[int, str]:
        stop = self._stop(line, at, end)
        behind = line[at:stop]
        self.open = False
        return stop, "".join(self._raw if behind.strip() else self._said) + behind

    def _stop(self, line: str, at: int, end: int) -> int:
        found = line.find(self.delimiter, at, end)
        return found if found >= 0 else end


class _Feed:
    """Lines, keeping account of where the present record began."""

    def __init__(self, chunks: Iterable[bytes], framing: Framing, line: int) -> None:
        self.framing, self.source = framing, iter(chunks)
        self.begun = self.next = line
        self.size = 0
        self.lines = self._lines()

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        line = next(self.lines)
        self.size += len(line)
        if self.size > self.framing.limit:
            raise self.framing.too_long(self.begun)
        self.next += 1
        return line.decode()

    def taken(self) -> int:
        """Where the record began that is whole now."""
        begun, self.begun, self.size = self.begun, self.next, 0
        return begun

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
