"""The factor of each column, from the unit that the file states for it or for its whole table."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

import polars as pl

from qiantang.engine.quality.reading import unit_doubts as say
from qiantang.engine.quality.reading.errors import UnitUnsettled
from qiantang.engine.quality.reading.excel_table import SheetTable
from qiantang.engine.quality.reading.header_units import (
    Scaled,
    factor_between,
    read_unit,
    unit_of_header,
)
from qiantang.engine.quality.reading.headers import Header
from qiantang.engine.quality.reading.json_table import JsonTable
from qiantang.engine.quality.reading.number_formats import UNSTATED, is_sign, made_smaller
from qiantang.engine.quality.reading.recipe import ColumnUse, Recipe
from qiantang.engine.quality.reading.shapes import Doubt, RawRow
from qiantang.engine.quality.reading.tables import ROW, Table
from qiantang.engine.quality.reading.unit_rows import LABELS
from qiantang.engine.quality.reading.unit_statements import (
    Statement,
    foot_of,
    has_few_cells,
    stated_in,
    units_alone,
)
from qiantang.engine.quality.reading.words import bare
from qiantang.kernel.digits import digits
from qiantang.kernel.places import Place
from qiantang.packkit.compiled import NUMBERS, Field, Resource

_NEVER_SCALED = ("share", "share difference", "index", "rank")
"""Kinds of which nobody states figures in 万."""


@dataclass(frozen=True, slots=True)
class CellFormat:
    """The number format of a column's figures: its unit, and the power of ten that it shows them
    divided by. ``whole``: all figures of the column have it."""

    unit: str
    power: int
    whole: bool

    def beside(self, units: Sequence[Scaled]) -> CellFormat:
        """The format without a sign that adds nothing to the units stated or declared."""
        sign = _unit(self.unit) if is_sign(self.unit) else None
        known = sign and (not units or any(u.dimension == sign.dimension for u in units))
        return replace(self, unit="") if known else self

    def of(self, units: Sequence[Scaled]) -> list[Scaled]:
        """The units of the figures as they are stored, where ``units`` are stated elsewhere."""
        shown = read_unit(self.unit) if self.unit else None
        if not self.power:
            return [shown] if shown and (self.whole or not units) else list(units)
        stated = [shown] if shown else list(units)
        if not stated or not self.whole:
            return [made_smaller(None, self.power)]
        return [made_smaller(unit, self.power) for unit in stated]


@dataclass(frozen=True, slots=True)
class StatedUnits:
    """What a file says of units. ``columns``: position -> what stands at a header; ``rows``:
    position -> what a row of units says; ``table``: what is said of the whole table; ``formats``:
    position -> what the cells show, the commonest first."""

    columns: dict[int, str] = field(default_factory=dict)
    rows: dict[int, str] = field(default_factory=dict)
    table: Statement = field(default_factory=Statement)
    formats: dict[int, tuple[CellFormat, ...]] = field(default_factory=dict)

    def own(self, use: ColumnUse) -> Scaled | None:
        """The unit of one column: the row of units says it, or its header."""
        said = self.rows.get(use.position) or self.columns.get(use.position)
        return _unit(said) if said else unit_of_header(use.source)

    def found(self, use: ColumnUse, declared: Field) -> list[Scaled]:
        """The units that the column's figures may be in; one, if it can be told."""
        units, shown = self.written(use, declared), self.shown(use, declared)
        return shown.of(units) if shown else units

    def written(self, use: ColumnUse, declared: Field) -> list[Scaled]:
        """The same, by what is written around the figures."""
        own = self.own(use)
        return [own] if own else fitting_units(self.table.units, declared)

    def shown(self, use: ColumnUse, declared: Field) -> CellFormat | None:
        """What the cells show: what nothing else says, else the commonest. A currency's sign says
        nothing where the figures are in that currency, or have no unit at all."""
        units = self.written(use, declared) or list(filter(None, [read_unit(declared.unit or "")]))
        found = [form.beside(units) for form in self.formats.get(use.position, ())]
        told = [form for form in found if form.unit or form.power]
        news = (f for f in told if f.power or not any(u.same_as(_unit(f.unit)) for u in units))
        return next(news, told[0] if told else None)

    def conflict(self, use: ColumnUse) -> tuple[str, str] | None:
        """Two units for one column, by its header and by the row of units."""
        said, row = self.columns.get(use.position), self.rows.get(use.position)
        if not said or not row or _unit(said).same_as(_unit(row)):
            return None
        return said, row


def stated_units(table: Table, header: Header | None) -> StatedUnits:
    """What the file says of units, by its first rows and its last. Records name their columns, and
    their units with them; JSON may state some beside them."""
    if table.names is not None:
        return StatedUnits(table=table.stated()) if isinstance(table, JsonTable) else StatedUnits()
    if header is None or not header.first:
        return StatedUnits(table=_around(table))
    rows = [r for r in table.head() if r.row not in header.unit_rows]
    above = [r for r in rows if r.row < header.first]
    below = [r for r in rows if header.last < r.row < header.data_first]
    body = table.tail() or [r for r in rows if r.row >= header.data_first]
    width = len(header.names)
    foot = list(foot_of(body, width))
    sheets = [RawRow(0, (sheet.name,)) for sheet in table.sheets() if table.format != "csv"]
    titled = stated_in([*above, *sheets], titles=True)
    noted = stated_in([*below, *foot])
    units = list(titled.units)
    # In a table of two columns a unit alone in its row may be data.
    alone = units_alone(foot) if width > 2 else Statement()
    for unit in (*noted.units, *alone.units):
        units += [] if any(unit.same_as(other) for other in units) else [unit]
    unread = dict.fromkeys((*titled.unread, *noted.unread))
    columns = {i: text for i, text in enumerate(header.units) if text}
    statement = Statement(tuple(units), tuple(unread))
    formats = dict(_formats(table, header)) if isinstance(table, SheetTable) else {}
    return StatedUnits(columns, dict(header.row_units), statement, formats)


def _around(table: Table) -> Statement:
    """What is stated above and below a table that has no header."""
    rows = table.head()
    width = max((len(r.cells) for r in rows), default=0)
    above = itertools.takewhile(lambda row: has_few_cells(row, width), rows)
    return stated_in([*above, *foot_of(table.tail() or rows, width)])


def _formats(table: SheetTable, header: Header) -> Iterator[tuple[int, tuple[CellFormat, ...]]]:
    """What the formats of the columns' figures say, the commonest first."""
    body = table.frame.filter(pl.col(ROW) >= header.data_first)
    for position, marked in table.formats.items():
        counts = {m: sum(1 for r in rows if r >= header.data_first) for m, rows in marked.items()}
        figures = body[f"c{position}"].str.contains(r"^[-+.\d]*\d").sum()
        ordered = sorted(counts.items(), key=lambda each: -each[1])
        yield (
            position,
            tuple(CellFormat(*mark, count == figures) for mark, count in ordered if count),
        )


def settled(
    columns: Sequence[ColumnUse], resource: Resource, stated: StatedUnits
) -> tuple[tuple[ColumnUse, ...], list[Doubt]]:
    """The columns with the factors from their stated units to the fields'."""
    found = [with_unit(use, resource, stated) for use in columns]
    doubts = [doubt for _, about in found for doubt in about]
    doubts += [say.unit_unread(text) for text in stated.table.unread]
    doubts += _partly([use for use, _ in found], resource, stated)
    doubts += _unused([use for use, _ in found], resource, stated)
    return tuple(use for use, _ in found), doubts


def with_unit(
    use: ColumnUse, resource: Resource, stated: StatedUnits
) -> tuple[ColumnUse, list[Doubt]]:
    """The column with the factor from its stated unit to the field's."""
    own = stated.own(use)
    declared = _declared(use, resource)
    if declared is None:
        return (use if use.field else replace(use, unit=own.text if own else "")), []
    unit = declared.unit or ""
    pair = stated.conflict(use)
    if pair:
        doubt = say.unit_twice(use.source, *pair)
        return replace(use, unit=own.text if own else "", stated=True), [doubt]
    fitting = stated.found(use, declared)
    if len(fitting) > 1:
        said = _said(fitting)
        return replace(use, unit=said, stated=True), [say.unit_unclear(use.source, said, unit)]
    if not fitting:
        return use, []
    made, doubts = _converted(use, fitting[0], unit)
    shown = stated.shown(use, declared)
    if shown and shown.power:
        return replace(made, stated=True), [say.shown_smaller(use.source, shown.power), *doubts]
    elsewhere = stated.written(use, declared)
    if shown and elsewhere and not elsewhere[0].same_as(_unit(shown.unit)):
        about = say.unit_shown(use.source, elsewhere[0].text, shown.unit, fitting[0].text)
        return replace(made, stated=True), [about, *doubts]
    return made, doubts


def _converted(use: ColumnUse, found: Scaled, unit: str) -> tuple[ColumnUse, list[Doubt]]:
    factor = Decimal(1) if found.same_as(UNSTATED) else factor_between(found, unit)
    if factor is None:
        doubt = say.unit_unlike(use.source, found.text, unit)
        return replace(use, unit=found.text, stated=True), [doubt]
    if factor == 1:
        return replace(use, unit=found.text), []
    plain = Decimal(digits(factor))
    doubt = say.unit_factor(use.source, found.text, unit, plain)
    return replace(use, factor=plain, unit=found.text, stated=True), [doubt]


def fitting_units(units: Sequence[Scaled], declared: Field) -> list[Scaled]:
    """Those of a table's units that a field can be in; bare 万 where no other fits."""
    target = read_unit(declared.unit) if declared.unit else None
    if target is None:
        return []
    alike = [u for u in units if u.dimension == target.dimension]
    bare = [u for u in units if not u.dimension and target.dimension not in _NEVER_SCALED]
    return alike or bare


def check_units(recipe: Recipe, stated: StatedUnits, resource: Resource, place: Place) -> None:
    """Raises `UnitUnsettled` where a recipe maps a column without a word on its factor although
    the file states another unit than the field's: mapped by hand, its figures would come in as
    they stand."""
    doubts, columns = [], []
    for use in recipe.columns:
        silent = not use.stated and use.factor == 1
        found, about = with_unit(use, resource, stated) if silent else (use, [])
        doubts += about
        columns.append(found if about else use)
    if doubts:
        settled = replace(recipe, columns=tuple(columns))
        raise UnitUnsettled(recipe=settled, doubts=tuple(doubts), place=place)


def unit_changes(
    recipe: Recipe, stated: StatedUnits, resource: Resource
) -> tuple[tuple[str, str, str], ...]:
    """(column, unit in the recipe, unit in the file) where they differ in meaning. No unit means
    the field's own; a column "" is the whole table, which states what no column can be in. A recipe
    that was made before units were kept is not compared where it has none."""
    changes = []
    then_table = tuple(u for text in recipe.table_units or () if (u := read_unit(text)))
    for use in recipe.columns:
        declared = _declared(use, resource)
        if declared is None or (recipe.table_units is None and not use.unit):
            continue
        own = unit_of_header(use.source)
        then = use.unit or _said([own] if own else fitting_units(then_table, declared))
        now = _said(stated.found(use, declared))
        if not _alike(then, now, declared.unit or ""):
            changes.append((use.source, then, now))
    strange = [*_strange(recipe.columns, resource, stated), *stated.table.unread]
    if recipe.table_units is not None and set(strange) - set(recipe.table_units):
        changes.append(("", "、".join(recipe.table_units), "、".join(stated.table.texts)))
    return tuple(changes)


def _said(units: Sequence[Scaled]) -> str:
    return "、".join(unit.text for unit in units)


def _alike(then: str, now: str, declared: str) -> bool:
    one, other = (read_unit(text or declared) for text in (then, now))
    return then == now or (one is not None and other is not None and one.same_as(other))


def _declared(use: ColumnUse, resource: Resource) -> Field | None:
    """The field of a column of figures."""
    found = resource.field(use.field) if use.field else None
    return found if found is not None and found.type in NUMBERS else None


def _unit(text: str) -> Scaled:
    """A unit, also one that is not known: of a kind of its own."""
    return read_unit(text) or Scaled(text, text, Decimal(1))


def _partly(columns: Sequence[ColumnUse], resource: Resource, stated: StatedUnits) -> list[Doubt]:
    """Columns that a row of units passes over although it scales others of their kind: cells that
    were merged may have lost theirs."""
    scaled = [_unit(text) for text in stated.rows.values()]
    doubts = []
    for use in columns:
        declared = _declared(use, resource)
        if declared is None or not declared.unit or use.unit or use.position in stated.rows:
            continue
        alike = [u for u in scaled if factor_between(u, declared.unit) not in (None, 1)]
        if alike:
            doubts.append(say.unit_passed_over(use.source, alike[0].text))
    return doubts


def rows_in_units(
    columns: Sequence[ColumnUse], data: Sequence[RawRow], resource: Resource
) -> list[Doubt]:
    """A column called 计量单位 whose cells are units, which differ from the field's somewhere."""
    measured = [f.unit for use in columns if not use.unit and (f := _declared(use, resource))]
    doubts = []
    for use in columns:
        if bare(use.source) not in LABELS:
            continue
        cells = (r.cells[use.position] for r in data if use.position < len(r.cells))
        said = list(dict.fromkeys(c.strip() for c in cells if c and c.strip()))
        units = [unit for text in said if (unit := read_unit(text))]
        if not units or len(units) < len(said):
            continue
        if any(
            factor_between(u, declared) != 1 for u in units for declared in measured if declared
        ):
            doubts.append(say.unit_column(use.source, said))
    return doubts


def _unused(columns: Sequence[ColumnUse], resource: Resource, stated: StatedUnits) -> list[Doubt]:
    """Units of the table that no column can be in, while a column of figures has none."""
    strange = _strange(columns, resource, stated)
    given = ((use, _declared(use, resource)) for use in columns)
    open_ = [use.source for use, field in given if field and field.unit and not use.unit]
    return [say.table_unit_unlike("、".join(strange), open_)] if open_ and strange else []


def _strange(
    columns: Sequence[ColumnUse], resource: Resource, stated: StatedUnits
) -> tuple[str, ...]:
    """The units of the table, where no column can be in any of them."""
    units = stated.table.units
    fields = [field for use in columns if (field := _declared(use, resource))]
    fitting = any(fitting_units(units, field) for field in fields)
    return () if fitting or not fields else tuple(unit.text for unit in units)
