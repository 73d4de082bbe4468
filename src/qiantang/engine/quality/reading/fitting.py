"""Whether a delivery still fits its recipe, and if not, what is different.

Harmless drift is followed and told: the header further down, columns in another order, another
encoding, a sheet renamed. A missing, renamed or new column stops the delivery.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Any, Final

from qiantang.engine.quality.headings import is_ignored
from qiantang.engine.quality.reading import doubts as say
from qiantang.engine.quality.reading.column_units import (
    check_units,
    stated_units,
    unit_changes,
)
from qiantang.engine.quality.reading.errors import RecipeUnfit
from qiantang.engine.quality.reading.excel_table import SheetTable
from qiantang.engine.quality.reading.headers import (
    Header,
    flatten,
    looks_like_data,
    with_data_start,
)
from qiantang.engine.quality.reading.json_nested import DOT
from qiantang.engine.quality.reading.mapping import Names
from qiantang.engine.quality.reading.opening import Opened
from qiantang.engine.quality.reading.recipe import ColumnUse, Recipe
from qiantang.engine.quality.reading.shapes import Doubt, RawRow
from qiantang.engine.quality.reading.tables import Table
from qiantang.engine.quality.reading.unit_rows import Merges
from qiantang.engine.quality.reading.words import ASIDES, bare, folded
from qiantang.kernel.places import Place
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Resource

_LIKE: Final = 0.5
_LONG: Final = 200


@dataclass(frozen=True, slots=True)
class Comparison:
    """The file against the recipe. ``missing``: columns that are gone; ``lacking``: those among
    them that give required fields; ``renamed``: (name in the recipe, likely name now); ``moved``:
    (name, position then, position now), from 0; the pairs are (recipe, file)."""

    missing: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    moved: tuple[tuple[str, int, int], ...] = ()
    sheet: tuple[str, str] | None = None
    header: tuple[int, int] | None = None
    format: tuple[str, str] | None = None
    sheets: tuple[str, ...] = ()
    """Sheets that would fit, where the recipe's own is gone and several do."""
    units: tuple[tuple[str, str, str], ...] = ()
    """(column, or "" for the whole table; unit in the recipe; unit in the file, "" where none is
    stated)."""

    @property
    def fits(self) -> bool:
        columns = self.lacking or self.new or self.renamed or self.units
        return not (columns or self.format or self.sheets)

    def as_dict(self) -> dict[str, Any]:
        """For JSON: lists of names, pairs as lists."""
        return {
            "missing": list(self.missing),
            "lacking": list(self.lacking),
            "new": list(self.new),
            "renamed": [list(pair) for pair in self.renamed],
            "moved": [list(item) for item in self.moved],
            "sheet": list(self.sheet) if self.sheet else None,
            "header": list(self.header) if self.header else None,
            "format": list(self.format) if self.format else None,
            "sheets": list(self.sheets),
            "units": [list(item) for item in self.units],
        }

    def text(self) -> Text:
        """The differences in words."""
        zh, en = [], []
        for words_zh, words_en in self._sentences():
            zh.append(words_zh)
            en.append(words_en)
        return Text("；".join(zh) + "。", "; ".join(en) + ".")

    def _sentences(self) -> list[tuple[str, str]]:
        said = []
        if self.format:
            said.append(
                (
                    f"格式原为 {self.format[0]}，现为 {self.format[1]}",
                    f"the format was {self.format[0]} and is {self.format[1]}",
                )
            )
        renamed = {old for old, _ in self.renamed}
        gone = [m for m in self.missing if m not in renamed]
        if gone:
            said.append((f"缺少列：{_zh(gone)}", f"missing columns: {_en(gone)}"))
        if self.renamed:
            zh = "、".join(f"“{a}”→“{b}”" for a, b in self.renamed)
            en = ", ".join(f'"{a}" -> "{b}"' for a, b in self.renamed)
            said.append((f"可能改名：{zh}", f"probably renamed: {en}"))
        if self.new:
            said.append((f"新增列：{_zh(self.new)}", f"new columns: {_en(self.new)}"))
        if self.moved:
            names = [m[0] for m in self.moved]
            said.append((f"位置改变：{_zh(names)}", f"moved columns: {_en(names)}"))
        if self.sheets:
            zh = f"原工作表不在，有多张工作表符合：{_zh(self.sheets)}"
            said.append((zh, f"the sheet is gone and several fit: {_en(self.sheets)}"))
        elif self.sheet:
            said.append(
                (
                    f"工作表原为“{self.sheet[0]}”，现为“{self.sheet[1]}”",
                    f'the sheet was "{self.sheet[0]}" and is "{self.sheet[1]}"',
                )
            )
        said += [_unit_change(*change) for change in self.units]
        if self.header:
            a, b = self.header
            said.append(
                (
                    f"表头原在第 {a} 行，现在第 {b} 行",
                    f"the header was in row {a} and is in row {b}",
                )
            )
        return said


def _unit_change(source: str, then: str, now: str) -> tuple[str, str]:
    zh, en = (f"“{source}”", f'"{source}"') if source else ("整张表", "the whole table")
    return (
        f"{zh}的单位原为“{then or '未写明'}”，现为“{now or '未写明'}”",
        f'the unit of {en} was "{then or "not stated"}" and is "{now or "not stated"}"',
    )


@dataclass(frozen=True, slots=True)
class Fitted:
    """The recipe as this file wants it, the table it reads, and what was followed."""

    recipe: Recipe
    table: Table
    doubts: tuple[Doubt, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    """How well one place of the file fits: fewer differences first."""

    comparison: Comparison
    names: tuple[str, ...]
    header: Header | None
    sheet: str | None

    @property
    def worth(self) -> tuple[int, int]:
        c = self.comparison
        wrong = len(c.missing) + len(c.new)
        return wrong, abs(c.header[1] - c.header[0]) if c.header else 0


def fitted(
    book: Opened, recipe: Recipe, resource: Resource, place: Place, *, same_file: bool = False
) -> Fitted:
    """The file as the recipe reads it. Raises `RecipeUnfit` with the comparison, `UnitUnsettled`
    with the factors that are missing. ``same_file``: the recipe was made for this file, so that
    its units are settled."""
    if book.format != recipe.format and {book.format, recipe.format} != {"xls", "xlsx"}:
        raise _unfit(Comparison(format=(recipe.format, book.format)), place)
    found = _best(book, recipe, resource)
    if not found.comparison.fits:
        raise _unfit(with_renamed(found.comparison, recipe), place)
    table = book.table(found.sheet)
    found = replace(found, header=_with_data_start(table, found.header, resource))
    adjusted = _adjusted(recipe, book, found)
    if not same_file:
        stated = stated_units(table, found.header)
        changes = unit_changes(adjusted, stated, resource)
        if changes:
            raise _unfit(replace(found.comparison, units=changes), place)
        check_units(adjusted, stated, resource, place)
    return Fitted(adjusted, table, tuple(_followed(recipe, book, found)))


def _with_data_start(table: Table, header: Header | None, resource: Resource) -> Header | None:
    rows = [r for r in table.head() if not r.blank] if header else []
    return with_data_start(header, rows, Names(resource), _merges(table)) if header else None


def _merges(table: Table) -> Merges:
    return table.merged() if isinstance(table, SheetTable) else {}


def _unfit(comparison: Comparison, place: Place) -> RecipeUnfit:
    return RecipeUnfit(comparison=comparison, found=comparison.text(), place=place)


def _best(book: Opened, recipe: Recipe, resource: Resource) -> _Found:
    """The sheet and rows that fit best: the recipe's own where they fit, else the nearest."""
    if not book.sheet_names:
        return _in_table(book.table(None), recipe, resource, None)
    own = recipe.sheet if recipe.sheet in book.sheet_names else None
    if own is not None:
        found = _in_table(book.table(own), recipe, resource, own)
        if found.comparison.fits:
            return found
    tried = [_in_table(book.table(n), recipe, resource, n) for n in book.sheet_names]
    fitting = [f for f in tried if f.comparison.fits]
    if own is None and len(fitting) == 1:
        return fitting[0]
    if own is None and fitting:
        names = tuple(f.sheet for f in fitting if f.sheet)
        return replace(fitting[0], comparison=replace(fitting[0].comparison, sheets=names))
    return found if own is not None else min(tried, key=lambda f: f.worth)


def _in_table(table: Table, recipe: Recipe, resource: Resource, sheet: str | None) -> _Found:
    moved_sheet = (
        (recipe.sheet, sheet) if sheet and recipe.sheet and sheet != recipe.sheet else None
    )
    if table.names is not None:
        comparison = compare(recipe, table.names, resource)
        return _Found(comparison, table.names, None, sheet)
    if recipe.header_first == 0:
        return _without_header(table, recipe, sheet)
    found = [
        _Found(_at(compare(recipe, h.names, resource), recipe, h, moved_sheet), h.names, h, sheet)
        for h in _candidates(table, recipe, resource)
    ]
    if not found:
        return _Found(compare(recipe, (), resource), (), None, sheet)
    return min(found, key=lambda f: f.worth)


def _at(
    comparison: Comparison, recipe: Recipe, header: Header, sheet: tuple[str, str] | None
) -> Comparison:
    """The comparison with where the header and the sheet are now."""
    moved = header.first != recipe.header_first
    rows = (recipe.header_first, header.first) if moved else None
    return replace(comparison, sheet=sheet, header=rows)


def _without_header(table: Table, recipe: Recipe, sheet: str | None) -> _Found:
    width = max((len(r.cells) for r in table.head() if not r.blank), default=0)
    names = [f"#{i + 1}" for i in range(max(width, recipe.width))]
    comparison = Comparison(
        missing=tuple(names[width:]), lacking=tuple(names[width:]), new=tuple(names[recipe.width :])
    )
    return _Found(comparison, tuple(c.source for c in recipe.columns), None, sheet)


def _candidates(table: Table, recipe: Recipe, resource: Resource) -> list[Header]:
    """Headers of the recipe's depth at every place near the top."""
    rows: Sequence[RawRow] = [r for r in table.head() if not r.blank]
    merges = _merges(table)
    declared, depth = Names(resource), recipe.header_last - recipe.header_first + 1
    return [
        flatten(rows[i : i + depth], declared, merges)
        for i in range(min(len(rows), 60))
        if len(rows[i : i + depth]) == depth
    ]


def compare(recipe: Recipe, names: Sequence[str], resource: Resource) -> Comparison:
    """The columns now (``names``) against those of the recipe."""
    now = {folded(n): i for i, n in reversed(list(enumerate(names))) if n}
    then = {folded(c.source): c for c in recipe.columns if c.source}
    missing = [c for key, c in then.items() if key not in now]
    # Keys inside an object that the recipe knows came with it all along.
    inside = (
        {n for n in names if DOT in n and folded(n.split(DOT)[0]) in then} if recipe.keyed else ()
    )
    new = [n for n in names if n and folded(n) not in then and n not in inside]
    declared = Names(resource)
    new = [n for n in new if not is_ignored(n) and (bare(n) not in ASIDES or declared.find(n))]
    required = {f.id for f in resource.fields if f.required}
    kept = [(c, now[key]) for key, c in then.items() if key in now]
    moved = [(c.source, c.position, at) for c, at in kept if c.position != at]
    return Comparison(
        missing=tuple(c.source for c in missing),
        lacking=tuple(c.source for c in missing if c.field in required),
        new=tuple(new),
        moved=tuple(moved),
    )


def with_renamed(comparison: Comparison, recipe: Recipe) -> Comparison:
    """New columns whose names are like missing ones are told as probably renamed."""
    used = [c for c in recipe.columns if c.field and c.source in comparison.missing]
    renamed = _renamed(used, [n[:_LONG] for n in comparison.new])
    names = {b for _, b in renamed}
    new = tuple(n for n in comparison.new if n not in names)
    return replace(comparison, new=new, renamed=tuple(renamed))


def _renamed(missing: Sequence[ColumnUse], new: Sequence[str]) -> list[tuple[str, str]]:
    """Pairs of names so alike that one is probably the other; each used once."""
    pairs = sorted(
        (
            (SequenceMatcher(None, bare(c.source), bare(n)).ratio(), c.source, n)
            for c in missing
            for n in new
        ),
        reverse=True,
    )
    result: list[tuple[str, str]] = []
    for ratio, old, name in pairs:
        used = {x for pair in result for x in pair}
        if ratio >= _LIKE and old not in used and name not in used:
            result.append((old, name))
    return result


def _adjusted(recipe: Recipe, book: Opened, found: _Found) -> Recipe:
    """The recipe with positions and rows as this file has them."""
    now = {folded(n): i for i, n in reversed(list(enumerate(found.names))) if n}
    columns = tuple(
        replace(c, position=now[folded(c.source)])
        for c in recipe.columns
        if c.source and folded(c.source) in now
    )
    taken = {c.position for c in columns}
    columns += tuple(ColumnUse(n, i) for i, n in enumerate(found.names) if i not in taken)
    if recipe.header_first == 0 and not recipe.keyed:
        columns = recipe.columns
    changed = replace(
        recipe,
        format=book.format,
        columns=columns,
        encoding=book.encoding,
        delimiter=book.delimiter,
        sheet=found.sheet,
    )
    if found.header is None:
        return changed
    header = found.header
    return replace(
        changed,
        header_first=header.first,
        header_last=header.last,
        data_first=_data_first(recipe, header, book.table(found.sheet).head()),
    )


def _data_first(recipe: Recipe, header: Header, rows: Sequence[RawRow]) -> int:
    """Where the rows begin: as far under the header as the recipe says, but not before what
    belongs to the header now, nor behind a row that is data now."""
    kept = header.last + recipe.data_first - recipe.header_last
    between = [r for r in rows if header.data_first <= r.row < kept]
    now = [r.row for r in between if looks_like_data(r, len(header.names))]
    return now[0] if now else max(header.data_first, kept)


def _followed(recipe: Recipe, book: Opened, found: _Found) -> list[Doubt]:
    comparison, doubts = found.comparison, list(book.doubts)
    if book.delimiter and recipe.delimiter and book.delimiter != recipe.delimiter:
        zh = f"分隔符由“{recipe.delimiter}”变为“{book.delimiter}”。"
        en = f'The delimiter changed from "{recipe.delimiter}" to "{book.delimiter}".'
        doubts.append(say.followed("delimiter_changed", zh, en))
    if comparison.header:
        a, b = comparison.header
        zh, en = f"表头由第 {a} 行移到第 {b} 行。", f"The header moved from row {a} to row {b}."
        doubts.append(say.followed("header_moved", zh, en))
    if comparison.moved and not recipe.keyed:
        names = [m[0] for m in comparison.moved]
        zh, en = f"列的位置改变：{_zh(names)}。", f"Columns moved: {_en(names)}."
        doubts.append(say.followed("columns_moved", zh, en))
    if comparison.sheet:
        a_name, b_name = comparison.sheet
        zh = f"工作表由“{a_name}”改名为“{b_name}”。"
        en = f'The sheet was renamed from "{a_name}" to "{b_name}".'
        doubts.append(say.followed("sheet_renamed", zh, en))
    if comparison.missing:
        gone = comparison.missing
        zh = f"缺少非必填的列：{_zh(gone)}；按主键更新时保留原值，否则为空。"
        en = f"Optional columns are missing: {_en(gone)}; kept by an update, else empty."
        doubts.append(say.followed("columns_missing", zh, en))
    return doubts


def _zh(names: Sequence[str]) -> str:
    return "、".join(f"“{n}”" for n in names)


def _en(names: Sequence[str]) -> str:
    return ", ".join(f'"{n}"' for n in names)
