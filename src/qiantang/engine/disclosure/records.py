"""Records of single reporters become what they contribute to the cells of a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from qiantang.engine.disclosure.errors import NamesTheReporter, NotANumber
from qiantang.engine.disclosure.tables import Contribution

NOTHING: Final = "—"
"""How a record without a value of the row or column is called."""


def contributions(
    records: Iterable[Mapping[str, Any]],
    *,
    rows: str,
    reporter: str,
    columns: str = "",
    value: str = "",
) -> Iterator[Contribution]:
    """What each record adds to the cell of its ``rows`` and ``columns``; without ``value`` records
    are counted. Records without a quantity say nothing; one without a reporter is a reporter of its
    own. Raises `NamesTheReporter`, `NotANumber`."""
    if reporter in (rows, columns):
        raise NamesTheReporter(found=reporter)
    for number, record in enumerate(records, start=1):
        quantity = record.get(value) if value else 1
        if quantity in (None, ""):
            continue
        who = record.get(reporter)
        yield Contribution(
            row=_label(record.get(rows)),
            column=_label(record.get(columns)) if columns else "",
            reporter=f"record {number}" if who in (None, "") else str(who),
            value=_number(quantity, number),
        )


def _number(quantity: object, number: int) -> Decimal:
    try:
        found = Decimal(str(quantity).strip().replace(",", ""))
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite():
        raise NotANumber(found=str(quantity)[:40], row=number)
    return found


def _label(value: object) -> str:
    return NOTHING if value in (None, "") else str(value)
