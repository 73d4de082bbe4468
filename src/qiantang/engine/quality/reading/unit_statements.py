"""Units that a table states for all of its columns: in its title, under its header, in a note.

``单位：万元``, ``单位：元、%``, ``注：本表金额单位为万元``, ``以下均为万元``, a title that
ends in ``（万元）``.
``填报单位：某局`` states no unit: what follows does not read as one.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from qiantang.engine.quality.reading.header_units import Scaled, names_time, read_unit
from qiantang.engine.quality.reading.shapes import RawRow
from qiantang.engine.quality.reading.words import FOOTNOTE

_STATED: Final = re.compile(
    r"(?P<kind>计量|金额|货币|数量)?单位(?:[\s均皆都为是:(])+(?P<rest>(?:(?!单位)[^()。])*)"
    r"|(?i:\bunits?)\s*:\s*(?P<english>[^()。]*)"
)
_BY: Final = re.compile(
    r"以([^以,、。]{1,8}?)(?:为|作)(?:计量|金额)?单位|以([^以,、。]{1,6})计(?:[。,;)]|$)"
)
_MEANT: Final = re.compile(
    r"(?:计量|金额|货币|数据|数[字值额]|以[下上]|[上下][述列]|[均皆都])[^,。;:()]{0,6}?(?::|为|是|用|按)\s*"
    r"(?P<rest>[^\d()。;][^()。;]*)"
)
"""What is said of the figures without the word 单位: 金额：万元, 以下均为万元."""
_BEHIND: Final = re.compile(r"(?:^|\s)(\S+)$")
_ENDING: Final = re.compile(r"\((?:单位)?:?([^()]+)\)\s*$")
_SPLIT: Final = re.compile(r"[,、;和及或\s]+")
_GROUPED: Final = re.compile(r"(?<=\d),(?=\d{3})")
_LONGEST: Final = 5000
"""So many characters of a title or note are looked through."""
_YUAN: Final = "人民币"
_NOTE: Final = re.compile(FOOTNOTE)


@dataclass(frozen=True, slots=True)
class Statement:
    """``units``: each meaning once, as first written. ``unread``: units that are called so and
    are not known."""

    units: tuple[Scaled, ...] = ()
    unread: tuple[str, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        return (*(unit.text for unit in self.units), *self.unread)


def stated_in(rows: Iterable[RawRow], *, titles: bool = False) -> Statement:
    """What the rows around a table state. ``titles``: they stand above the header, where a title
    may end in a unit in brackets."""
    units: list[Scaled] = []
    unread: list[str] = []
    for cell in (c for row in rows for c in row.cells if c):
        found, others = _in_text(cell)
        if titles and not found:
            found = _ending(cell)
        units += (u for u in found if not any(u.same_as(other) for other in units))
        unread += (text for text in others if text not in unread)
    return Statement(tuple(units), tuple(unread))


def only_states(row: RawRow) -> bool:
    """Whether the row has no other text than a statement of units: 单位：万元, (万元) alone."""
    cells = [c for c in row.cells if c and c.strip()]
    return len(cells) == 1 and bool(_in_text(cells[0])[0]) and len(cells[0].strip()) <= 60


def units_alone(rows: Iterable[RawRow]) -> Statement:
    """The units that are all that a row holds, without any word: 万元, (万元、%)."""
    cells = ([c for c in row.cells if c] for row in rows)
    plain = [unicodedata.normalize("NFKC", row[0]).strip("() ") for row in cells if len(row) == 1]
    return Statement(tuple(unit for text in plain for unit in _only_units(text)))


def has_few_cells(row: RawRow, width: int) -> bool:
    """Whether a row is filled as titles and notes are."""
    cells = [c for c in row.cells if c and c.strip()]
    return len(cells) <= max(1, width // 2) or bool(_NOTE.match(cells[0]))


def foot_of(rows: Sequence[RawRow], width: int) -> Iterator[RawRow]:
    """The rows from the end of a table upwards that have few cells."""
    return itertools.takewhile(lambda row: has_few_cells(row, width), reversed(rows))


def _in_text(text: str) -> tuple[list[Scaled], list[str]]:
    plain = _GROUPED.sub("", unicodedata.normalize("NFKC", text[:_LONGEST]))
    units: list[Scaled] = []
    unread: list[str] = []
    for found in _STATED.finditer(plain):
        rest = (found["rest"] or found["english"] or "").strip()
        said = list(_leading(rest))
        units += said
        if not said and found["kind"] and rest:
            unread.append(rest[:20])
    for by in _BY.finditer(plain):
        units += filter(None, [read_unit(by[1] or by[2])])
    if not units:
        meant = (unit for found in _MEANT.finditer(plain) for unit in _leading(found["rest"]))
        units += (unit for unit in meant if not names_time(unit))
    return units, unread


def _leading(text: str) -> Iterator[Scaled]:
    """The units with which a text begins; 人民币 alone is 元."""
    if whole := read_unit(text):
        yield whole
        return
    yuan, found = False, False
    for word in _SPLIT.split(text):
        units = _parts(word.strip(".:："))
        if not units and word != _YUAN:
            break
        yuan, found = yuan or word == _YUAN, found or bool(units and word != _YUAN)
        yield from units if word != _YUAN else ()
    if yuan and not found and (yuan_unit := read_unit(_YUAN)):
        yield yuan_unit


def _parts(word: str) -> list[Scaled]:
    """One unit, or several behind strokes: 万元/%."""
    if one := read_unit(word):
        return [one]
    several = [read_unit(part) for part in word.split("/")] if "%" in word else []
    return [unit for unit in several if unit] if all(several) else []


def _ending(text: str) -> list[Scaled]:
    """The units that a title ends in, in brackets or behind a blank, or that it is."""
    plain = unicodedata.normalize("NFKC", text[-_LONGEST:]).strip()
    places = (_ENDING.search(plain), _BEHIND.search(plain))
    for words in (plain, *(found[1] for found in places if found)):
        units = _only_units(words)
        if units:
            return units
    return []


def _only_units(words: str) -> list[Scaled]:
    """The units, where there are no other words: 万元、%."""
    if whole := read_unit(words):
        units = [whole]
    else:
        parts = [_parts(word) for word in _SPLIT.split(words) if word]
        units = [unit for part in parts for unit in part] if all(parts) else []
    # A title that ends in (月) tells how often it is reported.
    return [] if any(names_time(unit) for unit in units) else units
