"""Read ``releases.csv``: which figures are published together, and by which day."""

from __future__ import annotations

from datetime import date
from typing import Final

from qiantang.kernel.text import Text
from qiantang.packkit.draft import DEPARTMENTS, LOCAL_FORM, LOCAL_ID, Draft
from qiantang.packkit.readers.codes import DEPARTMENT
from qiantang.packkit.readers.norms import STATUSES
from qiantang.packkit.releases import Cadence, Release
from qiantang.packkit.sheets import Row

RELEASE_COLUMNS: Final = (
    *("id", "zh", "en", "indicators", "cadence", "months", "day", "owner", "since"),
    *("source", "status"),
)
RELEASES: Final = "releases.csv"
LATEST: Final = 36
"""Months after a period's end; what comes later is a slip of the pen."""


def read_releases(draft: Draft) -> None:
    """Fill ``draft.releases``."""
    if not (draft.files.folder / RELEASES).exists():
        return
    sheet = draft.files.sheet(RELEASES)
    if sheet is None or not sheet.require(RELEASE_COLUMNS, allowed=("note",)):
        return
    for row in sheet:
        found = _release(draft, row)
        draft.first_use(f"release/{found.id}", row.place("id"), found=found.id)
        draft.releases.append(found)


def _release(draft: Draft, row: Row) -> Release:
    key = row.text("id")
    if key and not LOCAL_ID.fullmatch(key):
        row.problem("pack.id_malformed", "id", found=key, expected=LOCAL_FORM)
    owner = row.text("owner")
    draft.check_code(DEPARTMENTS, owner, row.place("owner"), DEPARTMENT)
    cadence = row.choice("cadence", tuple(Cadence))
    return Release(
        id=key,
        pack=draft.id,
        name=Text(row.text("zh"), row.text("en")),
        indicators=_indicators(draft, row),
        cadence=Cadence(cadence) if cadence else Cadence.YEAR,
        months=_number(row, "months", 0, LATEST),
        day=_number(row, "day", 1, 31),
        owner=owner,
        since=row.day("since", required=True) or date.max,
        source=row.text("source"),
        verified=row.choice("status", STATUSES) == "verified",
    )


def _indicators(draft: Draft, row: Row) -> tuple[str, ...]:
    names = row.text("indicators").split()
    for name in names:
        draft.find("indicators", name, row.place("indicators"))
    return tuple(names)


def _number(row: Row, column: str, least: int, most: int) -> int:
    text = row.text(column)
    if text.isascii() and text.isdigit() and least <= int(text) <= most:
        return int(text)
    if text:
        row.problem("pack.cell_malformed", column, found=text,
                    expected=Text(f"{least} 到 {most} 之间的整数",
                                  f"a whole number from {least} to {most}"))  # fmt: skip
    return least
