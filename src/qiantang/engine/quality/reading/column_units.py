"""The factor of a column, from the unit that its header or the table's title states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from qiantang.engine.quality.reading import doubts as say
from qiantang.engine.quality.reading.errors import UnitUnsettled
from qiantang.engine.quality.reading.header_units import (
    Scaled,
    factor_between,
    unit_of_header,
    unit_of_titles,
)
from qiantang.engine.quality.reading.recipe import ColumnUse, Recipe
from qiantang.engine.quality.reading.shapes import Doubt, RawRow
from qiantang.kernel.digits import digits
from qiantang.kernel.places import Place
from qiantang.packkit.compiled import FieldType, Resource

_NUMERIC: Final = (FieldType.INTEGER, FieldType.NUMBER, FieldType.DECIMAL)


def with_unit(
    use: ColumnUse, resource: Resource, of_table: Scaled | None
) -> tuple[ColumnUse, Doubt | None]:
    """The column with the factor from its stated unit to the field's."""
    declared = resource.field(use.field) if use.field else None
    if declared is None or declared.type not in _NUMERIC:
        return use, None
    own = unit_of_header(use.source)
    found = own or (of_table if declared.unit else None)
    if found is None or found.text == declared.unit:
        return use, None
    factor = factor_between(found, declared.unit)
    if factor is None:
        unlike = say.unit_unlike(use.source, found.text, declared.unit or "")
        return use, unlike if own else None
    if factor == 1:
        return replace(use, unit=found.text), None
    plain = Decimal(digits(factor))
    doubt = say.unit_factor(use.source, found.text, declared.unit or "", plain)
    return replace(use, factor=plain, unit=found.text, stated=True), doubt


def check_units(recipe: Recipe, rows: Sequence[RawRow], resource: Resource, place: Place) -> None:
    """Raises `UnitUnsettled` where a recipe maps a column without a word on its factor although
    the file states another unit than the field's: mapped by hand, its figures would come in as
    they stand. ``rows``: the first of the file."""
    of_table = unit_of_titles(r for r in rows if r.row < recipe.header_first)
    doubts, columns = [], []
    for use in recipe.columns:
        silent = not use.stated and not use.unit and use.factor == 1
        found, doubt = with_unit(use, resource, of_table) if silent else (use, None)
        if doubt and found.factor != 1:
            doubts.append(doubt)
        columns.append(found)
    if doubts:
        settled = replace(recipe, columns=tuple(columns))
        raise UnitUnsettled(recipe=settled, doubts=tuple(doubts), place=place)
