"""Rows of one division's part of a resource: the division that they name must lie within it.

Codes of GB/T 2260 say it themselves: those of a city begin as its province's, those of a county as
its city's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from qiantang.kernel.identifiers import division_stem
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Field, Resource

DIVISIONS: Final = "geography.division"
_OWN: Final = "division"


@dataclass(frozen=True, slots=True)
class Area:
    """The field that says where a row belongs, what its codes begin with within the area, and how
    people call the area."""

    field: Field
    stem: str
    name: Text

    def outside(self, frame: pl.DataFrame) -> pl.Series:
        """The rows that name a division elsewhere; an empty one is for the rules of the field."""
        named = frame[self.field.id].cast(pl.String)
        return (~named.str.starts_with(self.stem)).fill_null(value=False).arg_true()


def area_of(resource: Resource, division: str, name: Text) -> Area | None:
    """The area of a division's part; None where nothing says to which division a row belongs: no
    field has divisions for codes, or several have and none is called ``division``."""
    fields = [each for each in resource.fields if each.codes == DIVISIONS]
    own = next((each for each in fields if each.id == _OWN), None)
    chosen = own or (fields[0] if len(fields) == 1 else None)
    if not (chosen and division and resource.per_division):
        return None
    return Area(chosen, division_stem(division), name)
