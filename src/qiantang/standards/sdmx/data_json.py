"""SDMX-JSON data messages: 2.0.0 for SDMX 3.0, 1.0.0 for SDMX 2.1.

Observations are positions in lists of values, so the lists come first and the sets are gone through
twice. Figures are written as exact decimal numbers. SDMX-JSON 1.0.0 knows ids of letters, digits,
``_``, ``@``, ``$`` and ``-`` alone: a value with other characters keeps them in its name there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time
from typing import Any, Final

from qiantang.kernel.text import Text
from qiantang.standards.sdmx.model import (
    FLAT,
    TIME,
    Component,
    DataSet,
    Header,
    Kind,
    Names,
    Point,
)
from qiantang.standards.sdmx.times import span_of

_PIECE: Final = 1 << 16
_SCHEMA: Final = "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/master/"
_OLD_SCHEMA: Final = "data-message/tools/schemas/1.0/sdmx-json-data-schema.json"
_NEW_SCHEMA: Final = "data-message/tools/schemas/2.0.0/sdmx-json-data-schema.json"
_PLAIN_ID: Final = re.compile(r"[A-Za-z0-9_@$-]+")


def write_json(
    header: Header, sets: Sequence[DataSet], names: Names, *, old: bool = False
) -> Iterator[bytes]:
    """The message in pieces. The sets share one structure and can be gone through again."""
    lists = _Lists(sets)
    meta = header_json(header, _SCHEMA + (_OLD_SCHEMA if old else _NEW_SCHEMA))
    told = _structure(sets[0], lists, names, header.lang, old=old) if sets else None
    yield f'{{"meta":{_said(meta)},"data":{{'.encode()
    if old:
        yield f'"structure":{_said(told or {"dimensions": {}})},"dataSets":['.encode()
    else:
        listed = [{**told, "dataSets": list(range(len(sets)))}] if told else []
        yield f'"structures":{_said(listed)},"dataSets":['.encode()
    for number, data in enumerate(sets):
        yield b"," * (number > 0)
        yield from _gathered(_set(data, lists, old=old))
    yield b']},"errors":[]}' if old else b"]}}"


def header_json(header: Header, schema: str) -> dict[str, Any]:
    """The object ``meta`` of every SDMX-JSON message."""
    sender = {"id": header.sender, **named(header.sender_name, header.lang)}
    return {
        "schema": schema,
        "id": header.id,
        "test": False,
        "prepared": header.prepared.isoformat(timespec="seconds"),
        "contentLanguages": ["zh", "en"],
        "sender": sender,
    }


def named(name: Text, lang: str, key: str = "name") -> dict[str, Any]:
    """A name as SDMX-JSON has it: the best match, and all languages."""
    return {key: name.in_(lang), f"{key}s": name.as_dict()}


class _Lists:
    """The values of every dimension and attribute in the order in which they come."""

    def __init__(self, sets: Sequence[DataSet]) -> None:
        width = len(sets[0].structure.order) if sets else 0
        self.keys: list[dict[str, int]] = [{} for _ in range(width)]
        self.attributes: list[dict[str, int]] = [{} for _ in (sets[0].attributes if sets else ())]
        for point in (point for data in sets for point in data.points):
            for known, value in zip(self.keys, point.key, strict=True):
                known.setdefault(value, len(known))
            for known, said in zip(self.attributes, point.attributes, strict=True):
                if said is not None:
                    known.setdefault(said, len(known))


def _set(data: DataSet, lists: _Lists, *, old: bool) -> Iterator[str]:
    opening: dict[str, Any] = {
        "action": data.action,
        "links": [{"rel": "dataflow", "urn": data.flow.ref.urn(Kind.FLOW)}],
    }
    if not old:
        opening["structure"] = 0
    for name, moment in (("validFrom", data.valid_from), ("validTo", data.valid_to)):
        if moment:
            opening[name] = moment.isoformat()
    inside = "observations" if data.at == FLAT else "series"
    yield f'{_said(opening)[:-1]},"{inside}":{{'
    yield from _flat(data, lists) if data.at == FLAT else _series(data, lists)
    yield "}}"


def _flat(data: DataSet, lists: _Lists) -> Iterator[str]:
    for number, point in enumerate(data.points):
        yield ("," if number else "") + _entry(_positions(point.key, lists), point, data, lists)


def _series(data: DataSet, lists: _Lists) -> Iterator[str]:
    place, current, began = data.place, "", False
    assert place is not None
    for point in data.points:
        positions = _positions(point.key, lists)
        series = [p for n, p in enumerate(positions) if n != place]
        key = ":".join(series)
        if not began or key != current:
            yield ("" if not began else "}},") + f'"{key}":{{"observations":{{'
        elif not data.keys_only:
            yield ","
        began, current = True, key
        if not data.keys_only:
            yield _entry([positions[place]], point, data, lists)
    if began:
        yield "}}"


def _positions(key: Sequence[str], lists: _Lists) -> list[str]:
    return [str(known[value]) for known, value in zip(lists.keys, key, strict=True)]


def _entry(positions: Sequence[str], point: Point, data: DataSet, lists: _Lists) -> str:
    cells = [point.value or "null"] if data.measure else []
    found = [
        "null" if said is None else str(known[said])
        for known, said in zip(lists.attributes, point.attributes, strict=True)
    ]
    while found and found[-1] == "null":
        found.pop()
    return f'"{":".join(positions)}":[{",".join(cells + found)}]'


def _structure(
    data: DataSet, lists: _Lists, names: Names, lang: str, *, old: bool
) -> dict[str, Any]:
    structure, place = data.structure, data.place
    dimensions: dict[str, list[Any]] = {"dataSet": [], "series": [], "observation": []}
    for number, id in enumerate(structure.order):
        component = structure.component(id)
        assert component is not None
        level = "observation" if place is None or number == place else "series"
        if data.keys_only and level == "observation":
            continue
        told = {
            "id": id,
            **named(names.concept(structure, id), lang),
            "keyPosition": number,
            "roles": [id],
            "values": [
                _value(component, value, names, lang, old=old) for value in lists.keys[number]
            ],
        }
        dimensions[level].append(told)
    attributes = [
        _attribute(component, known, data, names, lang, old=old)
        for component, known in zip(data.attributes, lists.attributes, strict=True)
    ]
    told = {
        "links": [{"rel": "dataflow", "urn": data.flow.ref.urn(Kind.FLOW)}],
        **named(data.flow.name, lang),
        "dimensions": dimensions,
        "attributes": {"dataSet": [], "series": [], "observation": attributes},
    }
    if not old and data.measure:
        id = structure.measure.id
        measure = {"id": id, **named(names.concept(structure, id), lang), "roles": [id]}
        told["measures"] = {"observation": [measure]}
    return told


def _attribute(
    component: Component,
    known: Iterable[str],
    data: DataSet,
    names: Names,
    lang: str,
    *,
    old: bool,
) -> dict[str, Any]:
    values = [_value(component, value, names, lang, old=old, attribute=True) for value in known]
    related: dict[str, Any] = (
        {"primaryMeasure": data.structure.measure.id} if old else {"observation": {}}
    )
    told = {
        "id": component.id,
        **named(names.concept(data.structure, component.id), lang),
        "roles": [component.id],
        "relationship": related,
    }
    # SDMX-JSON 2.0.0 wants no empty lists; 1.0.0 wants a list in any case.
    return {**told, "values": values} if values or old else told


def _value(
    component: Component,
    value: str,
    names: Names,
    lang: str,
    *,
    old: bool,
    attribute: bool = False,
) -> dict[str, Any]:
    if component.codes is not None:
        return {"id": value, **named(names.of(component, value), lang)}
    if component.id != TIME:
        if not old:
            return {"value": value}
        return {"name": value} if attribute else {"id": _plain(value), "name": value}
    span = span_of(value)
    ends = {
        "start": datetime.combine(span.start, time()).isoformat() + "Z",
        "end": datetime.combine(span.end, time(23, 59, 59)).isoformat() + "Z",
    }
    return {**({"id": _plain(value), "name": value} if old else {"value": value}), **ends}


def _plain(value: str) -> str:
    if _PLAIN_ID.fullmatch(value):
        return value
    return re.sub(r"[^A-Za-z0-9_@$-]", "-", value)


def _said(told: Any) -> str:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def _gathered(pieces: Iterable[str]) -> Iterator[bytes]:
    """Small pieces put together to larger ones."""
    held: list[str] = []
    size = 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size > _PIECE:
            yield "".join(held).encode()
            held, size = [], 0
    yield "".join(held).encode()
