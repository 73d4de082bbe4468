"""The parts of an XLSX looked through before any reader opens it: safety, and what readers drop.

Every part is unfolded under limits and searched for document types. Sheets are searched for what
the bulk reader loses: merged ranges, error cells, formulas without a stored result, and long
numbers that Excel keeps as floating point, so that their last digits are gone.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import PurePosixPath
from typing import Final
from xml.parsers import expat

from lxml import etree

from qiantang.engine.quality.reading.errors import (
    FileDamaged,
    PasswordProtected,
    SheetTooLarge,
    UnfoldsTooLarge,
    XmlRefused,
)
from qiantang.engine.quality.reading.excel_runs import (
    Runs,
    marked,
    runs_of,
    shared_runs,
    struck_styles,
)
from qiantang.engine.quality.reading.excel_styles import OCTOBER, Form, Shown, shown_styles
from qiantang.engine.quality.reading.extent import Extent, extent_of
from qiantang.engine.quality.reading.figures import LARGE, scientific
from qiantang.engine.quality.reading.files import CHUNK, SentFile

_MISWRITTEN: Final = (
    rb"\d[\d.]{15,}(?:[eE][+-]?\d+)?",
    rb"\d*\.\d{10,}(?:[eE][+-]?\d+)?",
    rb"\d{7,}\.\d+",
    rb"[\d.]+[eE](?:-\d+|\+?(?:1[5-9]|[2-9]\d|\d{3,}))",
)
"""Figures that the bulk reader writes otherwise than Excel shows them: it gives nine decimal places
of the binary value (1234567890.12 comes as 1234567890.119999886, 1E-10 as 0)."""
Cell = tuple[int, int]
"""Row from 1 and column from 0, as the sheet has them."""
_DECLARED: Final = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_RELATION: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_MISSED: Final = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError)


@dataclass(slots=True)
class Figures:
    """Figures of one column and their rows; packed, for a sheet may hold nothing else."""

    rows: array[int] = field(default_factory=lambda: array("I"))
    values: array[float] = field(default_factory=lambda: array("d"))

    def add(self, row: int, value: float) -> None:
        self.rows.append(row)
        self.values.append(value)


@dataclass(slots=True)
class SheetMarks:
    """What a sheet holds beside plain values. ``texts`` are cells whose text the bulk reader
    would lose (errors, long numbers, raised characters); ``lost`` those with lost digits."""

    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    """First row, first column, last row, last column."""
    texts: dict[Cell, str] = field(default_factory=dict)
    lost: list[Cell] = field(default_factory=list)
    unvalued: list[Cell] = field(default_factory=list)
    shown: dict[Form, list[Cell]] = field(default_factory=dict)
    """Figures that their cells show as a percentage, a month or a year."""
    noted: dict[Cell, str] = field(default_factory=dict)
    """Marks of notes that were left out behind words."""
    struck: dict[Cell, str] = field(default_factory=dict)
    """What was left out as struck out."""
    cancelled: dict[Cell, None] = field(default_factory=dict)
    """Filled cells that are struck out as a whole."""
    long: dict[int, Figures] = field(default_factory=dict)
    """Column -> figures that the bulk reader writes otherwise than Excel shows them."""
    first_column_used: bool = False
    unplaced: bool = False
    """Cells do not say where they are, so that the texts above cannot be told."""
    rows: int = 0
    columns: int = 0

    @property
    def placed(self) -> bool:
        """Whether anything is marked by its place."""
        return bool(self.texts or self.merges or self.shown or self.long)

    def tell(self, at: Cell, runs: Runs) -> None:
        """A cell whose runs look otherwise than the rest of it."""
        if runs.cancelled:
            self.cancelled[at] = None
            return
        self.texts[at] = runs.text
        if runs.note:
            self.noted[at] = runs.note
        if runs.struck:
            self.struck[at] = runs.struck


@dataclass(frozen=True, slots=True)
class SheetPart:
    name: str
    part: str
    visible: bool


class Parts:
    """An XLSX as a zip of XML parts, each read within the limits of ``sent``."""

    def __init__(self, sent: SentFile) -> None:
        self.sent, self.limits = sent, sent.limits
        self._unfolded = 0
        self._shared: dict[int, Runs] | None = None
        try:
            self.archive = zipfile.ZipFile(sent.on_disk())
        except _MISSED as error:
            raise self._damaged(error) from error
        self._packed = max(sent.on_disk().stat().st_size, 1)

    def close(self) -> None:
        self.archive.close()

    def check(self) -> None:
        """Unfold every part once. Raises `UnfoldsTooLarge`, `XmlRefused`, `FileDamaged`."""
        for info in self.archive.infolist():
            if info.flag_bits & 0x1:
                raise PasswordProtected(kind="Excel", place=self.sent.place)
            markup = info.filename.lower().endswith((".xml", ".rels", ".vml"))
            before = b""
            for chunk in self.chunks(info.filename):
                if markup and _declares(before + chunk):
                    raise XmlRefused(found=info.filename, place=self.sent.place)
                before = chunk[-32:]

    def chunks(self, part: str) -> Iterator[bytes]:
        """The unfolded bytes of a part; counted against the limits."""
        try:
            with self.archive.open(part) as file:
                while chunk := file.read(CHUNK):
                    self._count(len(chunk))
                    yield chunk
        except _MISSED as error:
            raise self._damaged(error) from error

    def sheets(self) -> tuple[SheetPart, ...]:
        """The worksheets in the workbook's order with the parts that hold them."""
        book = self._tree("xl/workbook.xml")
        targets = {
            str(r.get("Id")): str(r.get("Target"))
            for r in self._tree("xl/_rels/workbook.xml.rels").iter("{*}Relationship")
        }
        found = []
        for sheet in book.iter("{*}sheet"):
            relation = next((v for k, v in sheet.attrib.items() if k.endswith("}id")), "")
            part = _resolved(targets.get(str(relation), ""))
            visible = sheet.get("state", "visible") == "visible"
            found.append(SheetPart(str(sheet.get("name")), part, visible))
        return tuple(found)

    def _tree(self, part: str) -> etree._Element:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
        try:
            return etree.fromstring(b"".join(self.chunks(part)), parser)
        except (KeyError, etree.XMLSyntaxError) as error:
            raise self._damaged(error) from error

    def _count(self, size: int) -> None:
        self._unfolded += size
        fat = self._unfolded > self.limits.ratio_from and (
            self._unfolded > 3 * self._packed * self.limits.ratio
        )
        # Sheets are unfolded up to three times: the check, the marks, and a second look.
        if self._unfolded > 3 * self.limits.workbook or fat:
            raise UnfoldsTooLarge(
                found=f"{self._unfolded // 2**20} MB",
                expected=f"{self.limits.workbook // 2**20} MB / {self.limits.ratio}:1",
                place=self.sent.place,
            )

    def _damaged(self, error: Exception) -> FileDamaged:
        found = str(error) or type(error).__name__
        return FileDamaged(kind="XLSX", found=found, place=self.sent.place)

    def marks(self, sheet: SheetPart) -> SheetMarks:
        """What the sheet holds beside plain values. Raises `SheetTooLarge`."""
        marks = SheetMarks()
        reader: _SheetReader | None = None
        pending = b""
        try:
            for chunk in self.chunks(sheet.part):
                pending += chunk
                reader = reader or self._reader(_prefix(pending), marks)
                end = pending.rfind(reader.end_of_row)
                if end < 0 and len(pending) < 8 * CHUNK:
                    continue
                end = end + len(reader.end_of_row) if end >= 0 else max(pending.rfind(b"<"), 0)
                reader.take(pending[:end])
                pending = pending[end:]
        except KeyError:
            return marks
        if reader:
            reader.take(pending)
        self._check_size(marks, sheet)
        return marks

    def extent(self, sheet: SheetPart) -> Extent:
        """How far the sheet's filled cells reach. Raises `FileDamaged`."""
        try:
            return extent_of(self.chunks(sheet.part))
        except (KeyError, expat.ExpatError) as error:
            raise self._damaged(error) from error

    def _reader(self, prefix: bytes, marks: SheetMarks) -> _SheetReader:
        parts = self.archive.namelist()
        styles = self._tree("xl/styles.xml") if "xl/styles.xml" in parts else None
        reader = _SheetReader(prefix, marks, {} if styles is None else shown_styles(styles))
        if styles is not None:
            reader.strike(struck_styles(styles))
        if self._shared is None and "xl/sharedStrings.xml" in parts:
            self._shared = shared_runs(self.chunks("xl/sharedStrings.xml"))
        reader.shared = self._shared or {}
        return reader

    def _check_size(self, marks: SheetMarks, sheet: SheetPart) -> None:
        area = marks.rows * marks.columns
        if area > self.limits.cells:
            raise SheetTooLarge(
                found=f"{marks.rows} × {marks.columns}",
                expected=f"{self.limits.cells:,}",
                place=self.sent.place,
            )


class _SheetReader:
    """Regular expressions over the XML of a sheet: some ten times faster than parsing it."""

    def __init__(
        self, prefix: bytes, marks: SheetMarks, styles: Mapping[int, Form] | None = None
    ) -> None:
        p, self.marks, self.styles = prefix, marks, styles or {}
        self.prefix = p
        places = [i for i, form in self.styles.items() if form is Shown.PLACES]
        self.styled = self._with_style([i for i in self.styles if i not in places])
        self.octobers = self._with_style(
            places,
            rb"\s*(?:<" + p + rb"f[^>]*>(?:[^<]*</" + p + rb"f>)?\s*)?<" + p + b"v>"
            + OCTOBER.encode() + b"</",
        )  # fmt: skip
        self.struck: re.Pattern[bytes] | None = None
        self.shared: dict[int, Runs] = {}
        self.by_number = re.compile(
            b"<" + p + rb'c ([^>]*\bt="s"[^>]*)>\s*<' + p + rb"v>(\d+)</" + p + b"v>"
        )
        self.inline = re.compile(
            b"<" + p + rb'c ([^>]*\bt="inlineStr"[^>]*)>\s*(<' + p + b"is>.*?</" + p + b"is>)",
            re.DOTALL,
        )
        self.end_of_row = b"</" + p + b"row>"
        self.cell = b"<" + p + b"c "
        v = p + b"v>"
        long = b"-?(?:" + b"|".join(_MISWRITTEN) + b")"
        self.long = re.compile(b"<" + v + b"(" + long + b")</" + v)
        self.error = re.compile(
            b"<" + p + rb'c ([^>]*\bt="e"[^>]*)>(?:(?!</' + p + b"c>).)*?<" + v + b"([^<]*)</" + v,
            re.DOTALL,
        )
        self.unvalued = re.compile(
            b"(?:</"
            + p
            + b"f>|<"
            + p
            + b"f[^>]*/>)(?:<"
            + v
            + b"</"
            + v
            + b"|<"
            + p
            + rb"v\s*/>)?</"
            + p
            + b"c>"
        )
        self.merge = re.compile(b"<" + p + rb'mergeCell [^>]*ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
        self.in_first = re.compile(b"<" + p + rb'c [^>]*\br="A\d+"[^>/]*>')
        self.any = re.compile(rb'r="([A-Z]+)(\d+)"')
        self.far = re.compile(rb'r="((?:[A-Z]{2,3}(?=\d+"))|[A-Z](?=\d{6}))(\d+)"')

    def _with_style(self, styles: Sequence[int], content: bytes = b"") -> re.Pattern[bytes] | None:
        """The attributes and the style of filled cells with one of these, and such content."""
        if not styles:
            return None
        chosen = b"|".join(str(style).encode() for style in styles)
        cell = b"<" + self.prefix + rb'c ([^>]*\bs="(' + chosen + rb')"[^>]*)(?<!/)>'
        return re.compile(cell + content)

    def strike(self, styles: frozenset[int]) -> None:
        """These styles strike out the whole cell."""
        if styles:
            chosen = b"|".join(str(style).encode() for style in sorted(styles))
            p = self.prefix
            self.struck = re.compile(
                b"<" + p + rb'c ([^>]*\bs="(?:' + chosen + rb')"[^>]*)(?<!/)>(?!</' + p + b"c>)"
            )

    def take(self, xml: bytes) -> None:
        """Look through a piece that ends between rows."""
        marks = self.marks
        if b" r='" in xml and b' r="' not in xml:
            xml = xml.replace(b"'", b'"')
        self._span(xml)
        if not marks.first_column_used:
            marks.first_column_used = self.in_first.search(xml) is not None
        if b't="e"' in xml:
            self._errors(xml)
        for found in self.long.finditer(xml):
            self._long(xml, found.start(), found.group(1))
        if b"f>" in xml or b"f " in xml:
            self._formulas(xml)
        if self.styles:
            self._styled(xml)
        self._runs(xml)
        if b"mergeCell " in xml:
            for a, b, c, d in self.merge.findall(xml):
                marks.merges.append((int(b), column_of(a), int(d), column_of(c)))

    def _errors(self, xml: bytes) -> None:
        for attributes, value in self.error.findall(xml):
            at = self._at(attributes)
            if at:
                self.marks.texts[at] = value.decode("utf-8", "replace")

    def _formulas(self, xml: bytes) -> None:
        for found in self.unvalued.finditer(xml):
            start = xml.rfind(self.cell, 0, found.start())
            at = self._at(xml[start : found.start()])
            if at:
                self.marks.unvalued.append(at)

    def _styled(self, xml: bytes) -> None:
        patterns = [each for each in (self.styled, self.octobers) if each]
        for attributes, style in chain.from_iterable(each.findall(xml) for each in patterns):
            at = self._at(attributes)
            # A cell that holds text shows it as it stands.
            if at and (b' t="' not in attributes or b' t="n"' in attributes):
                self.marks.shown.setdefault(self.styles[int(style)], []).append(at)

    def _runs(self, xml: bytes) -> None:
        told = self.marks
        if self.shared:
            for attributes, number in self.by_number.findall(xml):
                runs, at = self.shared.get(int(number)), self._at(attributes)
                if runs and at:
                    told.tell(at, runs)
        if marked(xml):
            for attributes, item in self.inline.findall(xml):
                runs, at = runs_of(item, self.prefix), self._at(attributes)
                if runs and at:
                    told.tell(at, runs)
        if self.struck:
            for attributes in self.struck.findall(xml):
                at = self._at(attributes)
                if at:
                    told.cancelled[at] = None

    def _long(self, xml: bytes, start: int, digits: bytes) -> None:
        value = float(digits)
        begin = xml.rfind(self.cell, 0, start)
        attributes = xml[begin : xml.find(b">", begin)]
        kind = re.search(rb'\bt="(\w+)"', attributes)
        at = self._at(attributes)
        if at is None or (kind is not None and kind.group(1) != b"n"):
            return
        if abs(value) < LARGE:
            self.marks.long.setdefault(at[1], Figures()).add(at[0], value)
        else:
            self.marks.texts[at] = scientific(value)
            self.marks.lost.append(at)

    def _at(self, attributes: bytes) -> Cell | None:
        found = self.any.search(attributes)
        return (int(found.group(2)), column_of(found.group(1))) if found else None

    def _span(self, xml: bytes) -> None:
        """The rows and columns that the cells span, by the last row and the farthest cells."""
        marks = self.marks
        tail = xml.rfind(self.cell)
        last = self.any.search(xml, tail) if tail >= 0 else None
        if last:
            marks.rows = max(marks.rows, int(last.group(2)))
            marks.columns = max(marks.columns, column_of(last.group(1)) + 1)
        elif tail >= 0:
            marks.unplaced = True
        far = self.far.findall(xml)
        if far:
            marks.rows = max(marks.rows, *(int(row) for _, row in far))
            marks.columns = max(marks.columns, *(column_of(a) + 1 for a in {a for a, _ in far}))


def column_of(letters: bytes) -> int:
    """``A`` is 0, ``Z`` 25, ``AA`` 26."""
    number = 0
    for byte in letters:
        number = number * 26 + byte - 64
    return number - 1


def letters_of(column: int) -> str:
    """The inverse of `column_of`."""
    text, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def _declares(data: bytes) -> bool:
    if b"\x00" in data:
        # UTF-16: the zero bytes gone, ASCII stands as in UTF-8.
        data = data.replace(b"\x00", b"")
    return b"<!" in data and _DECLARED.search(data) is not None


def _prefix(xml: bytes) -> bytes:
    """The namespace prefix that some writers put before every name (``x:``)."""
    found = re.search(rb"<(\w+:)?worksheet\b", xml[:4096])
    return found.group(1) or b"" if found else b""


def _resolved(target: str) -> str:
    path = (
        PurePosixPath(target.lstrip("/")) if target.startswith("/") else PurePosixPath("xl", target)
    )
    parts: list[str] = []
    for part in path.parts:
        if part == "..":
            parts = parts[:-1]
        else:
            parts.append(part)
    return "/".join(parts)
