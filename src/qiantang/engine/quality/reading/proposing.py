"""The proposed reading of a file: which sheet, which header, which column is which field.

Nothing is settled in silence: every guess is a doubt that the sender confirms or corrects.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Final

import polars as pl

from qiantang.engine.quality.cleaning import clean
from qiantang.engine.quality.cleaning.numbers import PLACES
from qiantang.engine.quality.headings import is_ignored
from qiantang.engine.quality.reading import doubts as say
from qiantang.engine.quality.reading.code_names import with_names
from qiantang.engine.quality.reading.column_units import (
    StatedUnits,
    rows_in_units,
    settled,
    stated_units,
)
from qiantang.engine.quality.reading.csv_table import Score
from qiantang.engine.quality.reading.errors import HeaderMissing, RowsMissing
from qiantang.engine.quality.reading.excel_table import SheetTable
from qiantang.engine.quality.reading.files import SentFile
from qiantang.engine.quality.reading.headers import Header, find_header, header_at
from qiantang.engine.quality.reading.json_nested import parent_of
from qiantang.engine.quality.reading.mapping import Names, match, nearest_names
from qiantang.engine.quality.reading.months import LostZeros
from qiantang.engine.quality.reading.note_marks import without_marks
from qiantang.engine.quality.reading.opening import Opened, Wish, opened
from qiantang.engine.quality.reading.recipe import ColumnUse, Recipe
from qiantang.engine.quality.reading.row_kinds import RowKinds
from qiantang.engine.quality.reading.second_tables import second_table
from qiantang.engine.quality.reading.shapes import (
    LIMITS,
    Doubt,
    Hints,
    Proposal,
    RawRow,
    ReadingLimits,
    Sample,
    SheetInfo,
)
from qiantang.engine.quality.reading.tables import ROW, Table, head_frame
from qiantang.engine.quality.reading.words import ASIDES, bare
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import NUMBERS, CodeList, FieldType, Resource

SAMPLE: Final = 20
LAST: Final = 8
"""So many of the last rows are shown, where totals and notes stand."""
_FIGURE: Final = re.compile(r"-?\d+(\.\d+)?")


@dataclass(frozen=True, slots=True)
class _Choice:
    """The sheet taken, its header (None for records that name their columns, or no header)."""

    table: Table
    sheet: str | None
    header: Header | None
    sheets: tuple[SheetInfo, ...]
    others: tuple[str, ...] = ()


def propose(
    path: Path,
    resource: Resource,
    *,
    hints: Hints | None = None,
    limits: ReadingLimits = LIMITS,
    codes: Mapping[str, CodeList] | None = None,
) -> Proposal:
    """How the file at ``path`` would be read as rows of ``resource``. ``codes``: the lists of its
    fields by their full names, to know names for codes by.

    Raises the errors of this part: `FileUnreadable` and its kin, `ArchiveRefused`,
    `HeaderMissing`, `RowsMissing`, `TooManyColumns`, `LineTooLong` ...
    """
    told, declared = hints or Hints(), Names(resource)
    with SentFile(path, limits, told.member) as sent:
        wish = Wish(score_by(declared), told.encoding, told.delimiter)
        book = opened(sent, wish)
        choice = _choose(book, declared, told, sent)
        return _proposal(sent, book, choice, (resource, declared, told), codes or {})


def score_by(declared: Names) -> Score:
    """How many fields the best of some rows names."""
    return lambda rows: max((len(declared.named(cells)) for cells in rows), default=0)


def _choose(book: Opened, declared: Names, told: Hints, sent: SentFile) -> _Choice:
    if not book.sheet_names:
        table = book.table(None)
        return _Choice(table, None, _header(table, declared, told), table.sheets())
    tables = {name: book.table(name) for name in book.sheet_names if told.sheet in (None, name)}
    if not tables:
        book.table(told.sheet)
    headers = {name: _header(table, declared, told) for name, table in tables.items()}
    infos = {name: table.sheets()[0] for name, table in tables.items()}

    def worth(name: str) -> tuple[int, bool, int]:
        header = headers[name]
        return (header.named if header else 0, infos[name].visible, infos[name].rows or 0)

    chosen = max(tables, key=worth)
    listed = tuple(
        replace(info, chosen=name == chosen, named_fields=worth(name)[0])
        for name, info in infos.items()
    )
    # A list of codes beside the data may name one field or another; a second table names most.
    most = worth(chosen)[0] or 1
    others = tuple(n for n in tables if n != chosen and infos[n].rows and worth(n)[0] * 2 >= most)
    if not tables[chosen].head():
        raise RowsMissing(place=sent.place)
    return _Choice(tables[chosen], chosen, headers[chosen], listed, others)


def _header(table: Table, declared: Names, told: Hints) -> Header | None:
    if table.names is not None or told.header_first == 0:
        return None
    merges = table.merged() if isinstance(table, SheetTable) else None
    if told.header_first:
        span = (told.header_first, told.header_last or told.header_first)
        return header_at(table.head(), span, declared, merges)
    return find_header(table.head(), declared, merges)


def _proposal(
    sent: SentFile,
    book: Opened,
    choice: _Choice,
    asked: tuple[Resource, Names, Hints],
    codes: Mapping[str, CodeList],
) -> Proposal:
    resource, _, told = asked
    rows, header, doubts = choice.table.head(), choice.header, list(book.doubts)
    if choice.table.names is None and header is None:
        header = _by_position(rows, resource, told, sent)
        doubts.append(say.no_header())
    stated = stated_units(choice.table, header)
    columns, about = _columns(choice.table.names, header, stated, asked)
    data = [r for r in rows if not r.blank and (header is None or r.row >= header.data_first)]
    if not data and not (told.empty and choice.table.names):
        raise RowsMissing(place=sent.place)
    columns, about_names = with_names(columns, data, resource, codes)
    columns, about_marks = without_marks(columns, data, resource)
    counted = {f.id for f in resource.fields if f.type in NUMBERS}
    filled, about_blanks = _fill_down(choice.table, columns, header, data, counted)
    recipe = Recipe(
        format=book.format,
        columns=columns,
        member=sent.member,
        encoding=book.encoding,
        delimiter=book.delimiter,
        sheet=choice.sheet,
        path=getattr(choice.table, "path", None),
        header_first=header.first if header else 0,
        header_last=header.last if header else 0,
        data_first=header.data_first if header else 1,
        fill_down=filled,
        table_units=stated.table.texts,
    )
    frame, whole = head_frame(rows, max(recipe.width, 1)), not choice.table.tail()
    recipe, about_rows = _among_the_rows(frame, recipe, resource, whole=whole)
    doubts += about_rows
    if choice.others and choice.sheet:
        doubts.append(say.other_sheets(choice.others, choice.sheet))
    given = {c.field for c in columns}
    missing = tuple(f.id for f in resource.fields if f.id not in given)
    unfolded = {parent_of(c.source) for c in columns} if recipe.keyed else set()
    unknown = tuple(c.source for c in columns if _unknown(c) and c.source not in unfolded)
    doubts += _unmapped(told, resource, unknown, missing)
    doubts += [*about, *about_names, *about_marks, *rows_in_units(columns, data, resource)]
    doubts += [*about_blanks, *choice.table.doubts()]
    if isinstance(choice.table, SheetTable) and not choice.table.forms_known:
        doubts += _fractions(columns, data, resource)
    if book.format in ("xls", "xlsx"):
        doubts += _more_places(columns, data, resource)
    doubts += _lacking(resource, missing)
    return Proposal(
        recipe=recipe,
        sheets=choice.sheets,
        sample=_sample(rows, header, data, choice.table.tail()),
        doubts=tuple(doubts),
        missing=missing,
        unknown=unknown,
    )


def _lacking(resource: Resource, missing: tuple[str, ...]) -> list[Doubt]:
    names = [f.name for f in resource.fields if f.required and f.id in missing]
    return [say.fields_missing(names)] if names else []


def _among_the_rows(
    head: pl.DataFrame, recipe: Recipe, resource: Resource, *, whole: bool
) -> tuple[Recipe, list[Doubt]]:
    """What the first rows say of a second table, before which the recipe ends, of totals and of
    months. ``whole``: there are no others, so that the last of them may be notes."""
    doubts = []
    second = second_table(head, recipe, resource)
    if second:
        recipe = replace(recipe, second_table="end")
        doubts.append(say.second_table(second.row, second.title))
        head = head.filter(pl.col(ROW) < second.row)
    kinds, zeros = RowKinds(recipe, resource), LostZeros(recipe, resource)
    for data in (kinds.split(head)[0], kinds.ending()[0]):
        if data is not None:
            zeros.note(data)
    if kinds.subtotals.unlike:
        doubts.append(say.total_unlike(kinds.subtotals.unlike))
    if kinds.lone.kept and (whole or second):
        doubts.append(say.last_rows_lone(kinds.lone.kept))
    return recipe, [*doubts, *zeros.doubts()]


def _unmapped(
    told: Hints, resource: Resource, unknown: Sequence[str], missing: Sequence[str]
) -> Iterator[Doubt]:
    """Columns and fields that are left over on both sides."""
    settled = {*ASIDES, *(bare(name) for name in told.columns)}
    spare = [name for name in unknown if bare(name) not in settled]
    if spare and missing:
        lonely = [f for f in resource.fields if f.id in missing]
        nearest = nearest_names(spare, lonely)
        yield say.columns_unmapped(spare, [f.name for f in lonely], nearest)


def _unknown(use: ColumnUse) -> bool:
    return use.field is None and bool(use.source) and not is_ignored(use.source)


def _by_position(rows: Sequence[RawRow], resource: Resource, told: Hints, sent: SentFile) -> Header:
    """No header: as many columns as fields are taken in order."""
    filled = [r for r in rows if not r.blank]
    if not filled:
        raise RowsMissing(place=sent.place)
    width = max(len(r.cells) for r in filled)
    if width != len(resource.fields):
        few = resource.fields[:4]
        expected = Text("、".join(f.name.zh for f in few), ", ".join(f.name.en for f in few))
        raise HeaderMissing(
            found=min(len(rows), sent.limits.header_rows),
            resource=resource.name,
            expected=expected,
            place=sent.place,
        )
    names = tuple(f.id for f in resource.fields)
    return Header(0, 0, 1, names, (), 0)


def _columns(
    given: tuple[str, ...] | None,
    header: Header | None,
    stated: StatedUnits,
    asked: tuple[Resource, Names, Hints],
) -> tuple[tuple[ColumnUse, ...], list[Doubt]]:
    resource, declared, told = asked
    names: tuple[str, ...] = given if given is not None else header.names if header else ()
    matched = match(names, declared, told.columns)
    doubts = [say.duplicate_header(n, c) for n, c in (header.doubled if header else ())]
    for source, field_id in matched.close:
        doubts.append(say.close_match(source, field_id, _name(resource, field_id)))
    doubts += [say.field_twice(source, field_id) for source, field_id in matched.lost]
    named = sum(f is not None for f in matched.fields)
    own = sum(bool(n) and bare(n) not in ASIDES for n in names)
    if header and header.first and named < own and named * 2 < len(resource.fields):
        doubts.append(say.header_partly(named, len(resource.fields)))
    uses = [ColumnUse(n, i, f) for i, (n, f) in enumerate(zip(names, matched.fields, strict=True))]
    columns, about = settled(uses, resource, stated)
    return columns, [*doubts, *about]


def _name(resource: Resource, field_id: str) -> Text:
    declared = resource.field(field_id)
    return declared.name if declared else Text(field_id, field_id)


def _fill_down(
    table: Table,
    columns: Sequence[ColumnUse],
    header: Header | None,
    data: Sequence[RawRow],
    counted: Collection[str],
) -> tuple[tuple[str, ...], list[Doubt]]:
    """Columns with vertically merged cells (workbooks), those of figures (the fields ``counted``)
    with a doubt; a doubt for blanks that look so (text)."""
    if isinstance(table, SheetTable):
        first = header.data_first if header else 1
        positions = {
            left - table.left
            for top, left, bottom, right in table.marks.merges
            if top >= first and bottom > top and right == left
        }
        merged = [c for c in columns if c.position in positions and c.field]
        # A merged word holds for each row; a merged figure may be that of all rows together.
        figures = [c.source for c in merged if c.field in counted]
        doubts = [say.merged_filled(figures)] if figures else []
        return tuple(c.source for c in merged), doubts
    if table.names is not None or not columns:
        return (), []
    return (), _blank_keys(columns[0], data)


def _fractions(
    columns: Sequence[ColumnUse], data: Sequence[RawRow], resource: Resource
) -> Iterator[Doubt]:
    """Percentages that may be fractions: what an XLS shows as 12.5% is stored as 0.125, and no
    reader tells."""
    for use in columns:
        declared = resource.field(use.field) if use.field else None
        if declared is None or declared.unit != "%" or use.factor != 1:
            continue
        cells = (r.cells[use.position] for r in data if use.position < len(r.cells))
        figures = [c for c in cells if c and _FIGURE.fullmatch(c)]
        if any(Decimal(c) for c in figures) and all(abs(Decimal(c)) <= 1 for c in figures):
            yield say.shares_as_fractions(use.source)


def _more_places(
    columns: Sequence[ColumnUse], data: Sequence[RawRow], resource: Resource
) -> Iterator[Doubt]:
    """Computed figures with more places than their field holds: an offer to round them."""
    for use in columns:
        declared = resource.field(use.field) if use.field else None
        if declared is None or declared.type is not FieldType.DECIMAL:
            continue
        cells = (r.cells[use.position] for r in data if use.position < len(r.cells))
        found = clean(pl.Series(list(cells), dtype=pl.String), declared, factor=use.factor).findings
        count = sum(f.rows.len() for f in found if f.code == "too_many_places")
        if count:
            yield say.more_places(use.source, count, PLACES)


def _blank_keys(first: ColumnUse, data: Sequence[RawRow]) -> list[Doubt]:
    blanks = [not (r.cells[first.position : first.position + 1] or (None,))[0] for r in data]
    lone = sum(b for b, r in zip(blanks, data, strict=True) if sum(1 for c in r.cells if c) > 1)
    if not blanks or blanks[0] or lone * 3 < len(data) or not first.field:
        return []
    return [say.blank_keys(first.source, lone)]


def _sample(
    rows: Sequence[RawRow],
    header: Header | None,
    data: Sequence[RawRow],
    tail: Sequence[RawRow],
) -> Sample:
    ending = tail or data[SAMPLE:]
    last = tuple([r for r in ending if not r.blank][-LAST:])
    if header is None:
        return Sample((), tuple(data[:SAMPLE]), last=last)
    heading = tuple(r for r in rows if header.first <= r.row < header.data_first and header.first)
    before = tuple(r for r in rows if r.row < header.first)
    return Sample(heading, tuple(data[:SAMPLE]), before, last)
