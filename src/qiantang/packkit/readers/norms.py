"""Read ``norms/*.csv``: figures with legal or methodological force."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final

from qiantang.kernel.text import Text
from qiantang.kernel.units import UNITS
from qiantang.packkit.compiled import Norm
from qiantang.packkit.draft import LOCAL_FORM, LOCAL_ID, Draft
from qiantang.packkit.problems import nearest
from qiantang.packkit.readers.codes import check_unit, check_validity
from qiantang.packkit.sheets import Row

COLUMNS: Final = ("id", "zh", "en", "value", "unit", "source", "valid_from", "valid_to", "status")
STATUSES: Final = ("verified", "unverified")
PLAIN: Final = frozenset({"", "1", "ratio", "share"})
"""Units of norms that are bare numbers, such as a tolerance."""


def read_norms(draft: Draft) -> None:
    """Fill ``draft.norms``; an id may stand in several rows, of any file, with other dates."""
    rows: list[tuple[str, Row, date | None, date | None]] = []
    for name in draft.files.names("norms", ".csv"):
        with draft.reading(name) as stem:
            draft.check_stem(name, stem)
            sheet = draft.files.sheet(name)
            if sheet is None or not sheet.require(COLUMNS, allowed=("note",)):
                draft.lost.add("norms")
                continue
            if not sheet.complete:
                draft.lost.add("norms")
            for row in sheet:
                norm = _norm(draft, row)
                draft.norms.append(norm)
                if norm.id:
                    rows.append((norm.id, row, norm.valid_from, norm.valid_to))
    check_validity(rows)


def _norm(draft: Draft, row: Row) -> Norm:
    key = row.text("id")
    if key and not LOCAL_ID.fullmatch(key):
        row.problem("pack.id_malformed", "id", found=key, expected=LOCAL_FORM)
    symbol = row.text("unit", required=False)
    if symbol not in PLAIN and not check_unit(symbol):
        row.problem("pack.unit_unknown", "unit", found=symbol, expected=", ".join(UNITS),
                    near=nearest(symbol, UNITS))  # fmt: skip
    return Norm(
        id=key,
        pack=draft.id,
        name=Text(row.text("zh"), row.text("en")),
        value=row.decimal("value") or Decimal(0),
        unit=symbol,
        source=row.text("source"),
        valid_from=row.day("valid_from", required=True) or date.min,
        valid_to=row.day("valid_to"),
        verified=row.choice("status", STATUSES) == "verified",
    )
