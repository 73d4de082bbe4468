"""What a resource's checks say of two fields: one is not below the other. Samples keep to it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from qiantang.packkit.compiled import Resource

_PLAIN: Final = re.compile(r"(\w+) *(>=|>|<=|<) *(\w+)")
_LATER: Final = re.compile(r"(\w+) *\+ *interval (\d+) years? *<= *(\w+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Order:
    """``high`` is at least ``low``, and ``years`` later where they are dates. ``always``: the
    check asks for it in every row, not only in some."""

    low: str
    high: str
    check: str
    years: int = 0
    always: bool = True


def orders(resource: Resource) -> tuple[Order, ...]:
    """The orders between fields that the checks of rows ask for, as far as they are plain."""
    ids = {field.id for field in resource.fields}
    found = []
    for check in resource.checks:
        always = " or " not in check.holds.lower()
        for low, years, high in _LATER.findall(check.holds):
            found.append(Order(low, high, check.id, int(years), always))
        rest = _LATER.sub("", check.holds)
        for left, sign, right in _PLAIN.findall(rest):
            low, high = (right, left) if sign.startswith(">") else (left, right)
            if {low, high} <= ids:
                found.append(Order(low, high, check.id, always=always))
    return tuple(found)
