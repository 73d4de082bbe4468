"""How the fields of known data elements and identifiers are made."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from qiantang.engine.samples import numbers, texts, titles, vocabulary
from qiantang.engine.samples.people import HORIZON
from qiantang.packkit.identifier_kinds import (
    BANK_CARD,
    MOBILE,
    PHONE,
    PLATE,
    RESIDENT_ID,
    USCC,
    VIN,
)

if TYPE_CHECKING:
    from qiantang.engine.samples.columns import Columns
    from qiantang.packkit.compiled import Field

Maker = Callable[["Columns", "Field"], pl.Series]


def _person(attribute: str) -> Maker:
    def make(columns: Columns, wanted: Field) -> pl.Series:
        subject = columns.subjects.person(wanted)
        made: pl.Series = getattr(columns.world.people(subject.label), attribute)(subject.rows)
        return made

    return make


def _firm(attribute: str) -> Maker:
    def make(columns: Columns, wanted: Field) -> pl.Series:
        subject = columns.subjects.firm(wanted)
        made: pl.Series = getattr(columns.world.firms(subject.label), attribute)(subject.rows)
        return made

    return make


def _entity_name(columns: Columns, wanted: Field) -> pl.Series:
    own = titles.title(columns.label, wanted.id, columns.world, columns.rows, columns.place())
    return _firm("name")(columns, wanted) if own is None else own


def _licence_status(columns: Columns, wanted: Field) -> pl.Series:
    """Expired when its day is past."""
    key = f"{columns.label}/{wanted.id}"
    found = columns.world.chance.weighted(key, columns.rows, (93.0, 2.0, 2.0, 3.0))
    made = texts.words(("valid", "suspended", "revoked", "cancelled"), found)
    ends = columns.of_element("valid-to")
    if ends is None:
        return made
    return made.set(pl.Series(values=columns.days(ends) < HORIZON), "expired")


def _phone(columns: Columns, wanted: Field) -> pl.Series:
    if columns.subjects.has(USCC):
        return _firm("phone")(columns, wanted)
    firms = columns.world.firms(columns.label)
    return firms.phone(columns.rows, columns.place())


def _address(columns: Columns, wanted: Field) -> pl.Series:
    return columns.world.places.address(columns.label, columns.rows, columns.place(), room=False)


def _road(columns: Columns, wanted: Field) -> pl.Series:
    return columns.world.places.road(columns.label, columns.rows)


def _house(columns: Columns, wanted: Field) -> pl.Series:
    return columns.world.places.house(columns.label, columns.rows)


def _coordinate(axis: int) -> Maker:
    return lambda columns, wanted: columns.world.places.coordinate(
        columns.label, columns.rows, columns.place(), axis
    )


def _authority(columns: Columns, wanted: Field) -> pl.Series:
    office = vocabulary.OFFICES.get(columns.resource.owner, "主管部门")
    return texts.joined(columns.world.places.name(columns.place()), office)


def _one_of(choices: tuple[str, ...]) -> Maker:
    def make(columns: Columns, wanted: Field) -> pl.Series:
        key = f"{columns.label}/{wanted.id}"
        picked = columns.world.chance.pick(key, columns.rows, len(choices))
        return texts.words(choices, picked)

    return make


def _plate(columns: Columns, wanted: Field) -> pl.Series:
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZ"
    number = columns.world.chance.spread(f"{columns.label}/plate", columns.rows, 240 * 10**5)
    head = [a + d for a in letters for d in "0123456789"]
    cities = [vocabulary.CITY_LETTERS.get(c[:4], "A") for c in columns.world.places.codes]
    return texts.joined(
        "浙",
        texts.words(cities, columns.place()),
        texts.words(head, number // 10**5),
        texts.serial(number % 10**5 // 100, 3),
    )


def _vin(columns: Columns, wanted: Field) -> pl.Series:
    return numbers.vehicle_numbers(
        columns.world.chance.spread(f"{columns.label}/vin", columns.rows, 33**4 * 10**6)
    )


def _year_of(columns: Columns, *ids: str) -> pl.Series:
    day = next((columns.resource.field(each) for each in ids if columns.resource.field(each)), None)
    days = columns.days(day) if day else np.full(len(columns.rows), HORIZON)
    years = days.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    return texts.serial(years, 4)


def _coded(columns: Columns, id: str, default: str) -> pl.Series | str:
    found = columns.resource.field(id)
    return columns.column(found) if found is not None else default


def _division(columns: Columns) -> pl.Series:
    return columns.world.places.division(columns.place())


def _licence_number(columns: Columns, wanted: Field) -> pl.Series:
    parts = (_coded(columns, "kind", "XK"), _division(columns), _year_of(columns, "decided_on"))
    return texts.joined(*parts, texts.serial(columns.rows + 1, 8))


def _marriage_number(columns: Columns, wanted: Field) -> pl.Series:
    year = _year_of(columns, "registered_on")
    event = _coded(columns, "event", "J")
    number = texts.serial(columns.rows + 1, 6)
    return texts.joined(event, _division(columns), "-", year, "-", number)


def _estate_number(columns: Columns, wanted: Field) -> pl.Series:
    parcel = columns.world.chance.pick(f"{columns.label}/parcel", columns.rows, 10**13)
    number = texts.serial(columns.rows + 1, 8)
    return texts.joined(_division(columns), texts.serial(parcel, 13), "F", number)


def _address_code(columns: Columns, wanted: Field) -> pl.Series:
    return texts.joined(_division(columns), texts.serial(columns.rows + 1, 12))


def _station_code(columns: Columns, wanted: Field) -> pl.Series:
    number = texts.serial(columns.rows % 1000, 3)
    return texts.joined(_division(columns).str.slice(0, 4), "A", number)


ATTRIBUTES: Final = {
    "marital-status": "marital_status",
    "person-status": "status",
    "enterprise-kind": "kind",
    "entity-status": "status",
}
BY_ELEMENT: Final[dict[str, Maker]] = {
    "person-name": _person("name"),
    "household-number": _person("household"),
    "home-address": _person("address"),
    "mobile": _person("mobile"),
    "bank-account": _person("bank_card"),
    "entity-name": _entity_name,
    "legal-representative": _firm("legal_representative"),
    "registered-capital": _firm("capital"),
    "business-scope": _firm("scope"),
    "phone": _phone,
    "licence-status": _licence_status,
    "address": _address,
    "road": _road,
    "house-number": _house,
    "longitude": _coordinate(0),
    "latitude": _coordinate(1),
    "authority": _authority,
    "licence-content": _one_of(vocabulary.PERMITTED),
    "licence-number": _licence_number,
    "marriage-number": _marriage_number,
    "estate-number": _estate_number,
    "address-code": _address_code,
    "station-code": _station_code,
}
BY_IDENTIFIER: Final[dict[str, Maker]] = {
    RESIDENT_ID: _person("resident_id"),
    MOBILE: _person("mobile"),
    BANK_CARD: _person("bank_card"),
    USCC: _firm("uscc"),
    PHONE: _phone,
    PLATE: _plate,
    VIN: _vin,
}
