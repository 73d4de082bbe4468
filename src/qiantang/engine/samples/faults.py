"""Planted faults: rows made wrong on purpose, each of a known kind, with the truth kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
import polars as pl

from qiantang.engine.samples.chance import Chance, Index
from qiantang.engine.samples.relations import Order, orders
from qiantang.engine.samples.world import DIVISIONS, World
from qiantang.kernel.identifiers import CREDIT_ALPHABET
from qiantang.packkit.compiled import NUMBERS, Field, FieldType, Resource
from qiantang.packkit.identifier_kinds import BANK_CARD, RESIDENT_ID, USCC, VIN

CHANGE_OF_2021: Final = "2021-04-09"
_VIN_CHECK: Final = 8
KINDS: Final = (
    *("check_digit", "digits_lost", "birth_differs", "sex_differs", "code_unknown"),
    *("code_abolished", "required_missing", "repeated", "out_of_range", "no_such_date"),
    *("order_wrong", "reference_missing", "form_wrong"),
)


@dataclass(frozen=True, slots=True)
class Planted:
    """One fault: ``row`` counts data rows from 1; ``original`` is what stood there."""

    row: int
    field: str
    kind: str
    value: str | None
    original: str | None

    def as_dict(self) -> dict[str, object]:
        return {"row": self.row, "field": self.field, "kind": self.kind,
                "value": self.value, "original": self.original}  # fmt: skip


Row = dict[str, str | None]
Break = Callable[[Row, int], str | None]
"""Takes the sound row and a random number; gives the wrong value, or the sound one when this
fault cannot be made of it."""


@dataclass(frozen=True, slots=True)
class Fault:
    kind: str
    field: str
    break_: Break


def faults_of(resource: Resource, world: World) -> tuple[Fault, ...]:
    """Every fault that the declarations of a resource make possible; ``repeated`` is apart."""
    found: list[Fault] = []
    for field in resource.fields:
        found.extend(_of_identifier(field))
        found.extend(_of_codes(field, world))
        found.extend(_of_type(field))
        for part, other in field.agrees.items():
            if part in _DIFFERS:
                found.append(Fault(f"{part}_differs", other, _DIFFERS[part](other)))
        if field.required and field.id not in resource.grain:
            found.append(Fault("required_missing", field.id, lambda row, number: None))
        if field.reference and field.identifier in {RESIDENT_ID, USCC}:
            found.append(Fault("reference_missing", field.id, _dangling(field, world)))
    types = {field.id: field.type for field in resource.fields}
    for order in orders(resource):
        if not order.always:
            continue
        if types.get(order.low) is FieldType.DATE and types.get(order.high) is FieldType.DATE:
            found.append(Fault("order_wrong", order.high, _before(order)))
    return tuple(found)


def plant(
    clean: pl.DataFrame, rows: Index, faults: Sequence[Fault], chance: Chance, share: float
) -> tuple[pl.DataFrame, list[Planted]]:
    """The batch with faults in about ``share`` of its rows, and what was planted."""
    hit = np.flatnonzero(chance.happens("faults", rows, share))
    if not hit.size:
        return clean, []
    which = chance.pick("faults/kind", rows[hit], len(faults) + 1)
    salt = chance.numbers("faults/salt", rows[hit])
    sound = clean[hit].rows(named=True)
    planted: list[Planted] = []
    for at, number, row, spare in zip(hit, which, sound, salt, strict=True):
        if number == len(faults):
            planted.extend(_repeat(clean, int(at), int(rows[at]) + 1))
            continue
        fault = faults[number]
        wrong = fault.break_(row, int(spare))
        if wrong != row[fault.field]:
            original = row[fault.field]
            planted.append(Planted(int(rows[at]) + 1, fault.field, fault.kind, wrong, original))
    return _write(clean, planted, int(rows[0])), planted


def _repeat(clean: pl.DataFrame, at: int, number: int) -> list[Planted]:
    """The row before, once more: every cell that differs."""
    if at == 0:
        return []
    before, row = clean.row(at - 1, named=True), clean.row(at, named=True)
    return [
        Planted(number, key, "repeated", before[key], row[key])
        for key in clean.columns
        if before[key] != row[key]
    ]


def _write(clean: pl.DataFrame, planted: Sequence[Planted], first: int) -> pl.DataFrame:
    changes: dict[str, tuple[list[int], list[str | None]]] = {}
    for each in planted:
        places, values = changes.setdefault(each.field, ([], []))
        places.append(each.row - 1 - first)
        values.append(each.value)
    columns = [
        clean[key].scatter(places, pl.Series(values=values, dtype=pl.String)).alias(key)
        for key, (places, values) in changes.items()
    ]
    return clean.with_columns(columns)


def _of_identifier(field: Field) -> list[Fault]:
    if field.identifier not in _LETTERS:
        return []
    return [
        Fault("check_digit", field.id, _check_digit(field.id, field.identifier)),
        Fault("digits_lost", field.id, _digits_lost(field.id)),
    ]


def _of_codes(field: Field, world: World) -> list[Fault]:
    if field.codes is None:
        return []
    listed = world.codes(field.codes)
    known = {code.code for code in listed.codes} if listed else set()
    width = max((len(code) for code in known), default=2)
    unknown = next(c for c in ("9" * width, "Z" * width, "X" * (width + 1)) if c not in known)
    found = [Fault("code_unknown", field.id, lambda row, number: unknown)]
    if field.codes == DIVISIONS and world.places.abolished:
        gone = world.places.abolished
        found.append(Fault("code_abolished", field.id, _abolished(field, gone)))
    return found


def _of_type(field: Field) -> list[Fault]:
    if field.type is FieldType.DATE:
        return [Fault("no_such_date", field.id, _no_such_date(field.id))]
    if field.type in NUMBERS and (field.maximum is not None or field.minimum is not None):
        over = field.maximum * 10 + 1 if field.maximum is not None else field.minimum or 0
        wrong = f"{over}" if field.maximum is not None else f"{over - 1}"
        return [Fault("out_of_range", field.id, lambda row, number: wrong)]
    if field.type is FieldType.TEXT and field.pattern:
        return [Fault("form_wrong", field.id, lambda row, number: f"#{row[field.id]}")]
    return []


_LETTERS: Final = {
    RESIDENT_ID: "0123456789X",
    USCC: CREDIT_ALPHABET,
    VIN: "0123456789X",
    BANK_CARD: "0123456789",
}


def _check_digit(key: str, identifier: str) -> Break:
    letters, at = _LETTERS[identifier], _VIN_CHECK if identifier == VIN else -1

    def wrong(row: Row, number: int) -> str | None:
        text = row[key]
        if not text:
            return text
        step = 1 + number % (len(letters) - 1)
        other = letters[(letters.index(text[at]) + step) % len(letters)]
        return text[:at] + other + (text[at + 1 :] if at >= 0 else "")

    return wrong


def _digits_lost(key: str) -> Break:
    """What Excel makes of a long number: the digits are gone."""

    def wrong(row: Row, number: int) -> str | None:
        text = row[key]
        return f"{float(text):.5E}" if text and text.isdecimal() else text

    return wrong


def _abolished(field: Field, gone: Sequence[str]) -> Break:
    def wrong(row: Row, number: int) -> str | None:
        spoken = row[field.in_force_on] if field.in_force_on else None
        late = spoken is None or spoken >= CHANGE_OF_2021
        return gone[number % len(gone)] if late else row[field.id]

    return wrong


def _no_such_date(key: str) -> Break:
    def wrong(row: Row, number: int) -> str | None:
        return f"{row[key][:4]}-02-30" if row[key] else None  # type: ignore[index]

    return wrong


def _birth_differs(key: str) -> Break:
    def wrong(row: Row, number: int) -> str | None:
        text = row[key]
        if not text:
            return text
        return (date.fromisoformat(text) - timedelta(days=1 + number % 300)).isoformat()

    return wrong


def _sex_differs(key: str) -> Break:
    return lambda row, number: {"1": "2", "2": "1"}.get(row[key] or "", row[key])


_DIFFERS: Final = {"birth": _birth_differs, "sex": _sex_differs}


def _before(order: Order) -> Break:
    def wrong(row: Row, number: int) -> str | None:
        low = row[order.low]
        if not low or not row[order.high]:
            return row[order.high]
        return (date.fromisoformat(low) - timedelta(days=30 + number % 700)).isoformat()

    return wrong


def _dangling(field: Field, world: World) -> Break:
    """A sound identifier of nobody: one beyond those that the other resource has."""
    pack, local, _ = (field.reference or "..").split(".")
    label = f"{pack}.{local}"

    def wrong(row: Row, number: int) -> str | None:
        if not row[field.id]:
            return row[field.id]
        beyond = np.array([world.pool + 10**7 + number % 10**6], dtype=np.int64)
        if field.identifier == USCC:
            return str(world.firms(label).uscc(beyond)[0])
        return str(world.people(label).resident_id(beyond)[0])

    return wrong
