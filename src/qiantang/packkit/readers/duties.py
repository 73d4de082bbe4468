"""Read ``duties.csv`` (what each department must register) and ``synonyms.csv`` (for search)."""

from __future__ import annotations

from typing import Final

from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Duty
from qiantang.packkit.draft import DEPARTMENTS, LOCAL_FORM, LOCAL_ID, Draft
from qiantang.packkit.problems import nearest
from qiantang.packkit.readers.codes import DEPARTMENT
from qiantang.packkit.sheets import Row

DUTY_COLUMNS: Final = ("id", "zh", "en", "department", "levels", "basis_zh", "basis_en", "resource")
SYNONYM_COLUMNS: Final = ("words",)
LEVELS: Final = ("province", "city", "county")
DUTIES: Final = "duties.csv"
SYNONYMS: Final = "synonyms.csv"


def read_duties(draft: Draft) -> None:
    """Fill ``draft.duties``."""
    if not (draft.files.folder / DUTIES).exists():
        return
    sheet = draft.files.sheet(DUTIES)
    if sheet is None or not sheet.require(DUTY_COLUMNS, allowed=("note",)):
        return
    for row in sheet:
        duty = _duty(draft, row)
        draft.first_use(f"duty/{duty.id}", row.place("id"), found=duty.id)
        draft.duties.append(duty)


def read_synonyms(draft: Draft) -> None:
    """Fill ``draft.synonyms``; no word may stand in two groups."""
    if not (draft.files.folder / SYNONYMS).exists():
        return
    sheet = draft.files.sheet(SYNONYMS)
    if sheet is None or not sheet.require(SYNONYM_COLUMNS, allowed=("note",)):
        return
    for row in sheet:
        words = tuple(dict.fromkeys(w.strip() for w in row.text("words").split("|") if w.strip()))
        if len(words) < 2:
            row.problem("pack.synonyms_too_few", "words", found=row.text("words", required=False))
        for word in words:
            draft.first_use(f"synonym/{word.lower()}", row.place("words"), found=word)
        draft.synonyms.append(words)


def _duty(draft: Draft, row: Row) -> Duty:
    key = row.text("id")
    if key and not LOCAL_ID.fullmatch(key):
        row.problem("pack.id_malformed", "id", found=key, expected=LOCAL_FORM)
    department = row.text("department")
    draft.check_code(DEPARTMENTS, department, row.place("department"), DEPARTMENT)
    return Duty(
        id=key,
        pack=draft.id,
        name=Text(row.text("zh"), row.text("en")),
        department=department,
        levels=_levels(row),
        basis=Text(row.text("basis_zh"), row.text("basis_en")),
        resource=_resource(draft, row),
    )


def _levels(row: Row) -> tuple[str, ...]:
    found = tuple(row.text("levels").split())
    for level in found:
        if level not in LEVELS:
            row.problem("pack.value_not_allowed", "levels", key="levels", found=level,
                        expected=", ".join(LEVELS), near=nearest(level, LEVELS))  # fmt: skip
    return found


def _resource(draft: Draft, row: Row) -> str:
    """The full name of the resource that fulfils the duty."""
    found = row.text("resource")
    if not found:
        return ""
    resource = draft.find("resources", found, row.place("resource"))
    return f"{resource.pack}.{resource.id}" if resource else found
