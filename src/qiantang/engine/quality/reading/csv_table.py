"""Delimited text as a table: encoding and delimiter found, read in blocks of bounded memory."""

from __future__ import annotations

import csv
import io
import itertools
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cached_property
from typing import Final

import polars as pl

from qiantang.engine.quality.reading import doubts as say
from qiantang.engine.quality.reading.csv_records import (
    Block,
    Framing,
    Rest,
    cut,
    delimiters,
    exact_records,
    one_line_end,
)
from qiantang.engine.quality.reading.encodings import raw_chunks, utf8_chunks
from qiantang.engine.quality.reading.errors import (
    LineTooLong,
    QuoteUnclosed,
    TooManyColumns,
)
from qiantang.engine.quality.reading.files import CHUNK, SentFile
from qiantang.engine.quality.reading.shapes import Doubt, RawRow, SheetInfo
from qiantang.engine.quality.reading.tables import MORE, ROW, SHORT, TAIL_ROWS, Rows, nulled

DELIMITERS: Final = (",", "\t", ";", "|", "，")
_BLOCK: Final = 8 * 1024 * 1024
_TAIL: Final = 64 * 1024
_COUNTED: Final = 256 * 1024 * 1024
_LINE_FEEDS: Final = frozenset({"utf-8", "utf-8-sig", "gb18030", "big5"})
"""Encodings in which the byte 10 is the end of a line and nothing else."""
_MULTIBYTE: Final = frozenset({"gb18030", "big5"})
_NEVER_WITHIN: Final = ",\t;"
"""No character of several bytes has one of these within, nor a line end or quotation mark (GB
18030-2022; Big5), so that records are told apart before they are decoded."""
_SNIFF_ROWS: Final = 60
_EXTRA: Final = 4
"""Cells beyond the header that are looked at for values that have shifted."""
Score = Callable[[list[tuple[str | None, ...]]], int]
"""How many declared fields the best of some rows names."""


class CsvTable:
    """A delimited text. Line ends may be LF, CRLF, CR alone, or now one, now another."""

    format = "csv"
    names: tuple[str, ...] | None = None

    def __init__(self, sent: SentFile, encoding: str, delimiter: str) -> None:
        self.sent, self.encoding, self.delimiter = sent, encoding, delimiter
        self.framing = Framing(delimiter, sent.limits.record, sent.place.file or sent.name)
        self._doubts: list[Doubt] = []
        self._head: tuple[RawRow, ...] | None = None
        self._whole, self._last = True, 0

    def head(self) -> tuple[RawRow, ...]:
        if self._head is None:
            records = exact_records(self._chunks(256 * 1024), self.framing)
            rows = itertools.islice(records, self.sent.limits.head_rows)
            self._head = tuple(RawRow(n, tuple(c or None for c in cells)) for n, cells in rows)
            _check_width(self._head, self.sent)
        return self._head

    def tail(self) -> tuple[RawRow, ...]:
        if len(self.head()) < self.sent.limits.head_rows:
            return ()
        text = _last_bytes(self.sent).decode(self.encoding, "ignore")
        # The first line of the piece may be half a one.
        lines = text.replace("\0", "").splitlines()[1:][-TAIL_ROWS:]
        reader = csv.reader(lines, delimiter=self.delimiter)
        before = self._before(lines, text)
        found, at = [], 0
        try:
            for cells in reader:
                number = 0 if before is None else before + at + 1
                found.append(RawRow(number, tuple(c or None for c in cells)))
                at = reader.line_num
        except csv.Error:
            return ()
        return tuple(found)

    def _before(self, lines: list[str], text: str) -> int | None:
        """How many lines stand before these last ones; None where that is not known."""
        plain = text.removesuffix("\n").replace("\r\n", "\n")
        if self.lines is None or len(plain.split("\n")) != len(plain.splitlines()):
            return None
        return self.lines - len(lines)

    @cached_property
    def lines(self) -> int | None:
        """How many lines the text has; None where counting them takes long or needs decoding."""
        if self.encoding not in _LINE_FEEDS or self.sent.packed:
            return None
        if self.sent.path.stat().st_size > _COUNTED:
            return None
        count, alone, last = 0, 0, b"\n"
        with self.sent.open() as file:
            while chunk := file.read(CHUNK):
                feeds = chunk.count(b"\n")
                # Carriage returns that no line feed follows, also across two pieces, end lines too.
                alone += chunk.count(b"\r") - chunk.count(b"\r\n") if b"\r" in chunk else 0
                alone -= last == b"\r" and chunk.startswith(b"\n")
                count, last = count + feeds, chunk[-1:]
        return None if alone else count + (last != b"\n")

    def frames(self, width: int) -> Iterator[pl.DataFrame]:
        for part in self._parts(self._chunks(_BLOCK)):
            yield from (
                self._exact(part, width) if isinstance(part, Rest) else self._all(part, width)
            )

    def frames_with(self, rows: pl.Series, width: int) -> Iterator[pl.DataFrame]:
        """Frames that have at least the rows of these numbers, once all were read before: what
        begins on another line is neither decoded nor parsed where that can be told."""
        lines = rows.unique().sort().to_numpy()
        late = self.encoding in _MULTIBYTE and self.delimiter in _NEVER_WITHIN
        coding = self.encoding if late else "utf-8"
        raw = one_line_end(raw_chunks(self.sent, coding, _BLOCK)) if late else None
        for part in self._parts(raw or self._chunks(_BLOCK)):
            if isinstance(part, Rest):
                yield from self._exact(part.utf8(coding), width)
                continue
            some = part.some(lines)
            if not len(some.lines):
                continue
            frame = self._parsed(replace(some, data=some.utf8(coding)), width)
            if frame is None:
                yield from self._all(replace(part, data=part.utf8(coding)), width)
            else:
                yield frame

    def _parts(self, chunks: Iterator[bytes]) -> Iterator[Block | Rest]:
        """Blocks of whole records, and what must be read record by record."""
        noted = self._ends_noted(chunks)
        if ord(self.delimiter) > 127:
            yield Rest(noted, 1)
            return
        for part in cut(noted, self.framing):
            if isinstance(part, Rest):
                self._doubts.append(say.stray_quotes(part.line))
            yield part

    @property
    def unended(self) -> int:
        """The row of the last record, where no end of a line follows it; else 0. Known once all
        frames were given."""
        return 0 if self._whole else self._last

    def sheets(self) -> tuple[SheetInfo, ...]:
        widest = max((len(r.cells) for r in self.head()), default=0)
        return (SheetInfo(self.sent.member or self.sent.name, self.lines, widest, chosen=True),)

    def doubts(self) -> tuple[Doubt, ...]:
        return tuple(self._doubts)

    def _all(self, block: Block, width: int) -> Iterator[pl.DataFrame]:
        frame = self._parsed(block, width)
        if frame is None:
            rest = Rest(iter([block.data]), int(block.lines[0]))
            yield from self._exact(rest, width)
            return
        self._last = int(block.lines[-1])
        yield frame.with_columns(self._short(block, frame[f"c{width - 1}"], width))

    def _parsed(self, block: Block, width: int) -> pl.DataFrame | None:
        """The records in columns; None where they are not what the block says."""
        names = [f"c{i}" for i in range(width)]
        extra = [f"x{i}" for i in range(_EXTRA)]
        header = self.delimiter.join([*names, *extra]).encode() + b"\n"
        try:
            frame = pl.read_csv(
                header + block.data,
                separator=self.delimiter,
                infer_schema=False,
                truncate_ragged_lines=True,
            )
        except pl.exceptions.PolarsError:
            return None
        if frame.height != len(block.lines):
            return None
        more = pl.concat_str(extra, separator=" | ", ignore_nulls=True)
        return nulled(frame, [*names, *extra]).select(
            *names,
            pl.Series(ROW, block.lines, pl.Int64),
            pl.when(pl.any_horizontal(pl.col(extra).is_not_null())).then(more).alias(MORE),
        )

    def _short(self, block: Block, last: pl.Series, width: int) -> pl.Series:
        """Only a row whose last cell is empty may have too few."""
        if not last.null_count():
            return pl.repeat(False, last.len(), dtype=pl.Boolean, eager=True).alias(SHORT)
        return pl.Series(SHORT, delimiters(block, self.delimiter) < width - 1, pl.Boolean)

    def _ends_noted(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        for chunk in chunks:
            self._whole = chunk.endswith(b"\n")
            yield chunk

    def _exact(self, rest: Rest, width: int) -> Iterator[pl.DataFrame]:
        rows, short = Rows(width), list[bool]()
        for number, cells in exact_records(rest.chunks, self.framing, rest.line):
            rows.add(number, cells)
            short.append(len(cells) < width)
            self._last = number
            if len(rows) >= 50_000:
                yield rows.frame().with_columns(pl.Series(SHORT, short))
                short = []
        if len(rows):
            yield rows.frame().with_columns(pl.Series(SHORT, short))

    def _chunks(self, size: int) -> Iterator[bytes]:
        return one_line_end(utf8_chunks(self.sent, self.encoding, size))


def sniff_delimiter(
    sent: SentFile, encoding: str, score: Score, preferred: str | None = None
) -> tuple[str, bool]:
    """The delimiter under which the first rows name most fields and agree in their number of
    cells; and whether another did as well. ``preferred`` wins where it names as many fields."""
    rated = sorted(
        ((*_quality(sent, encoding, d, score), -i, d) for i, d in enumerate(DELIMITERS)),
        reverse=True,
    )
    first, second = rated[0], rated[1]
    for named, _, _, delimiter in rated:
        if delimiter == preferred and named and named == first[0]:
            return delimiter, False
    return first[-1], first[:2] == second[:2] and first[1] > 0


def _quality(sent: SentFile, encoding: str, delimiter: str, score: Score) -> tuple[int, float]:
    table = CsvTable(sent, encoding, delimiter)
    chunks = table._chunks(64 * 1024)
    try:
        records = list(itertools.islice(exact_records(chunks, table.framing), _SNIFF_ROWS))
    except (QuoteUnclosed, LineTooLong):
        # The wrong delimiter makes quotation marks look unclosed; the right one will tell.
        return 0, 0.0
    rows = [cells for _, cells in records if any(c and c.strip() for c in cells)]
    widths = Counter(len(r) for r in rows if len(r) > 1)
    if not widths:
        return score(rows), 0.0
    width, count = widths.most_common(1)[0]
    return score(rows), round(count / len(rows), 1) + min(width, 50) / 1000


def _last_bytes(sent: SentFile) -> bytes:
    """The end of a text; of a packed one by unpacking it all, for it has no end to go to."""
    with sent.open() as file:
        if not sent.packed:
            size = file.seek(0, io.SEEK_END)
            # An even place: UTF-16 has two bytes for a character.
            file.seek(max(size - _TAIL, 0) // 2 * 2)
            return file.read()
        last = before = b""
        while chunk := file.read(CHUNK):
            before, last = last, chunk
    return (before + last)[-_TAIL:]


def _check_width(rows: tuple[RawRow, ...], sent: SentFile) -> None:
    widest = max((len(r.cells) for r in rows), default=0)
    if widest > sent.limits.columns:
        raise TooManyColumns(found=widest, expected=sent.limits.columns, place=sent.place)
