"""How far a table was read: the last value of its watermark column and the rows that may return.

Two groups of rows are read at every fetch: those of the last value, which others may have joined
(a day, a second), and those without any value, of which nothing says whether they are new. Where a
row that comes again does no harm they come all, unless digests say that none is new. Where rows
are appended, those that came before are known one by one and left out; of a group that is too
large for that, a digest of the whole says whether others joined.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from hashlib import blake2b
from typing import Any, Final

from qiantang.kernel.text import Text
from qiantang.rooms.intake.errors import WatermarkUnordered

MOST_KNOWN: Final = 5_000
"""Rows of a group that are known one by one; of more, only the digest of all is known."""
_VALUELESS: Final = "valueless"
_TOLD_BY: Final = "told_by"
_KINDS: Final = {
    "number": Text("数字", "numbers"),
    "text": Text("文字", "texts"),
    "date": Text("日期", "dates"),
    "datetime": Text("时间", "times"),
    "binary": Text("二进制", "binary"),
}
_STORAGE: Final = {"integer": "number", "real": "number", "text": "text", "blob": "binary"}
"""The kinds of SQLite's storage classes."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Where to go on: the column, what is kept of the last fetch (JSON), and whether the rows that
    are read again come ``again``; otherwise those that came before are left out. ``told_by`` says
    which of the columns of a table a row is known again by; none of them: by all."""

    column: str = ""
    last: Mapping[str, Any] | None = None
    again: bool = False
    told_by: Callable[[Sequence[str]], Sequence[str]] = lambda names: ()

    @property
    def value(self) -> Any:
        """The last value; None before the first one."""
        return _from_kept(self.last) if self.last and "value" in self.last else None

    @property
    def said(self) -> str | None:
        """The last value as it is kept."""
        return str(self.last["value"]) if self.last and "value" in self.last else None


def check_stored(source: str, mark: Mark, storage: Iterable[str]) -> None:
    """Where rows have storage classes of their own, those of one class sort below those of
    another and would never be seen. Raises `WatermarkUnordered`."""
    kinds = {_STORAGE[each] for each in storage}
    if kinds and mark.value is not None:
        kinds.add(_kind(type(mark.value)))
    _check_order(source, mark.column, kinds)


class Edge:
    """The highest value that was read, the rows that have it and those that have none."""

    def __init__(self, source: str, names: Sequence[str], mark: Mark) -> None:
        last, at = mark.last or {}, names.index(mark.column)
        self._source, self._at, self._mark, self._value = source, at, mark, None
        self._told_by = list(mark.told_by(names))
        # A column that joined the table since must not make known rows look new.
        self._then = _places(names, last.get(_TOLD_BY, ()))
        self._places = _places(names, self._told_by)
        self._left_out = None if mark.again else mark.said
        self._before = {False: _Before(last), True: _Before(_valueless_before(mark))}
        self._now, self._valueless = _Now(mark.again), _Now(mark.again)
        self._kinds = set[str]()

    def fresh(self, batch: Sequence[Sequence[Any]]) -> Sequence[Sequence[Any]]:
        """Take note of a batch; the rows of it that did not come before. Raises
        `WatermarkUnordered`."""
        values = [row[self._at] for row in batch if row[self._at] is not None]
        self._kinds.update(map(_kind, set(map(type, values))))
        _check_order(self._source, self._mark.column, self._kinds)
        highest: Any = max(values, default=None)
        if highest is not None and (self._value is None or highest > self._value):
            self._value, self._now = highest, _Now(self._mark.again)
        return [row for row in batch if not self._noted(row)]

    def _noted(self, row: Sequence[Any]) -> bool:
        """Take note of a row of the two groups; whether it came before."""
        value = row[self._at]
        valueless, of_last = value is None, self._is_last(value)
        if not (valueless or of_last or value == self._value):
            return False
        digest = _digest(row, self._places)
        if valueless:
            self._valueless.note(digest)
        elif value == self._value:
            self._now.note(digest)
        if not (valueless or of_last):
            return False
        then = digest if self._then == self._places else _digest(row, self._then)
        return self._before[valueless].came(then)

    def _is_last(self, value: Any) -> bool:
        if self._left_out is None or value is None:
            return False
        return _to_keep(value)["value"] == self._left_out

    @property
    def joined(self) -> bool:
        """Whether the rows of the last value are others than those that came before."""
        return self._before[False].joined

    @property
    def valueless(self) -> int:
        """How many rows without a value were read, where it cannot be told which came before."""
        return self._valueless.rows if self._before[True].joined else 0

    @property
    def alike(self) -> int:
        """How many rows were read of the two groups."""
        return self._now.rows + self._valueless.rows

    def kept(self) -> dict[str, Any]:
        """What is kept for the next fetch, as JSON: of either group ``known``, one digest of each
        row, or ``rows``, the digest of all of them."""
        last = dict(self._mark.last or {})
        if self._value is not None:
            last = {**_to_keep(self._value), **self._now.kept()}
        return {**last, _VALUELESS: self._valueless.kept(), _TOLD_BY: self._told_by}


def _kind(of: type) -> str:
    """What values of a type are compared with."""
    if issubclass(of, (int, float, Decimal)):
        return "number"
    if issubclass(of, (bytes, bytearray, memoryview)):
        return "binary"
    names = {str: "text", datetime: "datetime", date: "date"}
    return next((name for each, name in names.items() if issubclass(of, each)), of.__name__)


def _check_order(source: str, column: str, kinds: set[str]) -> None:
    """Binary values have an order, but none that a mark can keep as JSON."""
    if len(kinds) < 2 and "binary" not in kinds:
        return
    names = [_KINDS.get(kind, Text(kind, kind)) for kind in sorted(kinds)]
    found = Text("、".join(n.zh for n in names), ", ".join(n.en for n in names))
    raise WatermarkUnordered(source=source, column=column, found=found)


def _valueless_before(mark: Mark) -> Mapping[str, Any]:
    """What is known of the rows without a value. Nothing came before the first fetch; where
    nothing was noted of them, none is told from another."""
    if mark.last is None or mark.again:
        return {}
    found: Mapping[str, Any] = mark.last.get(_VALUELESS, {"rows": "unknown"})
    return found


class _Before:
    """The rows of a group that came before."""

    def __init__(self, kept: Mapping[str, Any]) -> None:
        self._known, self._whole = Counter(kept.get("known", ())), kept.get("rows", "")
        self._sum, self._rows = 0, 0

    def came(self, digest: str) -> bool:
        """Whether a row came before; where only all of them are known, it is taken for one."""
        self._rows += 1
        if self._whole:
            self._sum += int(digest, 16)
            return True
        if not self._known[digest]:
            return False
        self._known[digest] -= 1
        return True

    @property
    def joined(self) -> bool:
        """Whether others joined, where only the digest of all is known."""
        return bool(self._whole and self._rows) and _sum_text(self._sum) != self._whole


class _Now:
    """The rows of a group as they were read now."""

    def __init__(self, again: bool) -> None:
        self._most = 0 if again else MOST_KNOWN
        self._each, self._sum = list[str](), 0
        self.rows = 0

    def note(self, digest: str) -> None:
        self.rows += 1
        self._sum += int(digest, 16)
        if self.rows <= self._most:
            self._each.append(digest)

    def kept(self) -> dict[str, Any]:
        if self.rows <= self._most:
            return {"known": self._each}
        return {"rows": _sum_text(self._sum)}


def text_of(value: Any) -> str | None:
    """A value of a driver as the text that is delivered."""
    match value:
        case None:
            return None
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.isoformat(sep=" ")
        case date() | time():
            return value.isoformat()
        case Decimal():
            return format(value, "f")
        case float():
            return repr(value)
        case bytes() | bytearray() | memoryview():
            return bytes(value).decode("utf-8", "replace")
    return str(value)


def _sum_text(total: int) -> str:
    return f"{total % 2**128:032x}"


def _places(names: Sequence[str], told_by: Sequence[str]) -> list[int]:
    """Where the columns stand by which rows are known again; all, where one of them is gone."""
    if told_by and set(told_by) <= set(names):
        return [names.index(name) for name in told_by]
    return list(range(len(names)))


def _digest(row: Sequence[Any], places: Sequence[int]) -> str:
    said = repr([text_of(row[at]) for at in places]).encode()
    return blake2b(said, digest_size=16).hexdigest()


def _to_keep(value: Any) -> dict[str, str]:
    """A watermark as JSON, with the type that makes it comparable again."""
    match value:
        case bool() | int():
            return {"type": "int", "value": str(int(value))}
        case float():
            return {"type": "float", "value": repr(value)}
        case Decimal():
            return {"type": "decimal", "value": str(value)}
        case datetime():
            return {"type": "datetime", "value": value.isoformat()}
        case date():
            return {"type": "date", "value": value.isoformat()}
    return {"type": "text", "value": str(value)}


def _from_kept(kept: Mapping[str, Any]) -> Any:
    value = str(kept["value"])
    match kept.get("type"):
        case "int":
            return int(value)
        case "float":
            return float(value)
        case "decimal":
            return Decimal(value)
        case "datetime":
            return datetime.fromisoformat(value)
        case "date":
            return date.fromisoformat(value)
    return value
