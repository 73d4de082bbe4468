"""SDMX-ML data messages: structure-specific for 3.0 and 2.1, generic for 2.1.

Written element by element (`lxml.etree.xmlfile`), so that a large set needs no tree in memory.
Structure-specific elements name their types in a namespace made of the structure's address, as
the standard has it (SDMX 2.1 section 3A, 3.4; SDMX 3.0 section 3).
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from lxml import etree

from qiantang.kernel.text import printable
from qiantang.standards.sdmx.model import TIME, VALUE, DataSet, Header, Kind, Point
from qiantang.standards.sdmx.xml_words import XSI, header_into, namespace

_PIECE: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class Dialect:
    """``version``: 2.1 or 3.0; ``generic`` and ``series`` (time-series forms) in 2.1 only."""

    version: str
    generic: bool = False
    series: bool = False

    @property
    def root(self) -> str:
        style = "Generic" if self.generic else "StructureSpecific"
        return f"{style}{'TimeSeries' if self.series else ''}Data"

    @property
    def data(self) -> str:
        """The namespace of the elements and attributes of sets."""
        return namespace(self.version, "data/generic" if self.generic else "data/structurespecific")


def write_xml(header: Header, sets: Sequence[DataSet], dialect: Dialect) -> Iterator[bytes]:
    """The message in pieces."""
    sink = _Sink()
    message, common = (namespace(dialect.version, part) for part in ("message", "common"))
    spoken = {
        "mes": message,
        "com": common,
        "gen" if dialect.generic else "ss": dialect.data,
        "xsi": XSI,
    }
    if sets and not dialect.generic:
        spoken["ns1"] = _own(sets[0])
    with etree.xmlfile(sink, encoding="UTF-8") as file:
        file.write_declaration()
        with file.element(f"{{{message}}}{dialect.root}", nsmap=spoken):
            file.write(_header(header, sets, dialect, spoken))
            for data in sets:
                for _ in _set(file, data, dialect, message):
                    if sink.tell() > _PIECE:
                        file.flush()
                        yield sink.take()
    yield sink.take()


class _Sink(io.BytesIO):
    def take(self) -> bytes:
        piece = self.getvalue()
        self.seek(0)
        self.truncate()
        return piece


def _own(data: DataSet) -> str:
    """The namespace of the types of a structure."""
    at = f":ObsLevelDim:{data.at}"
    return f"{data.structure.ref.urn(Kind.STRUCTURE)}{at}"


def _header(
    header: Header, sets: Sequence[DataSet], dialect: Dialect, spoken: Mapping[str, str]
) -> Any:
    message, common = spoken["mes"], spoken["com"]
    root = etree.Element(f"{{{message}}}Header", nsmap=dict(spoken))
    header_into(root, header, message, common)
    if not sets:
        return root
    data = sets[0]
    told = etree.SubElement(
        root, f"{{{message}}}Structure", structureID="S1", dimensionAtObservation=data.at
    )
    if "ns1" in spoken:
        told.set("namespace", spoken["ns1"])
    if dialect.version == "3.0":
        etree.SubElement(told, f"{{{common}}}StructureUsage").text = data.flow.ref.urn(Kind.FLOW)
        return root
    inside = etree.SubElement(told, f"{{{common}}}StructureUsage")
    ref = data.flow.ref
    etree.SubElement(inside, "Ref", agencyID=ref.agency, id=ref.id, version=ref.version,
                     **{"class": "Dataflow"})  # fmt: skip
    return root


def _set(file: Any, data: DataSet, dialect: Dialect, message: str) -> Iterator[None]:
    said = {"action": data.action}
    if data.valid_from:
        said["validFromDate"] = data.valid_from.isoformat()
    if data.valid_to:
        said["validToDate"] = data.valid_to.isoformat()
    said["structureRef"] = "S1"
    if not dialect.generic:
        said = {f"{{{dialect.data}}}{name}": value for name, value in said.items()}
        if dialect.version == "2.1":
            said[f"{{{dialect.data}}}dataScope"] = "DataStructure"
        said[f"{{{XSI}}}type"] = "ns1:DataSetType"
    write = _Generic(data, dialect.data) if dialect.generic else _Specific(data)
    with file.element(f"{{{message}}}DataSet", said):
        if data.place is None:
            for point in data.points:
                file.write(write.flat(point))
                yield
            return
        for key, points in groupby(data.points, key=lambda p: _series_key(p, data)):
            with file.element(*write.series(key)):
                for element in write.inside(key, points):
                    file.write(element)
                    yield


def _series_key(point: Point, data: DataSet) -> tuple[str, ...]:
    return tuple(v for n, v in enumerate(point.key) if n != data.place)


class _Specific:
    """Values as XML attributes named after their components."""

    def __init__(self, data: DataSet) -> None:
        self._data = data
        self._order = data.structure.order
        self._outer = tuple(id for n, id in enumerate(self._order) if n != data.place)

    def series(self, key: Sequence[str]) -> tuple[str, Mapping[str, str]]:
        return "Series", dict(zip(self._outer, map(printable, key), strict=True))

    def inside(self, key: Sequence[str], points: Iterable[Point]) -> Iterator[Any]:
        if self._data.keys_only:
            return
        place = self._data.place
        assert place is not None
        for point in points:
            element = etree.Element("Obs")
            element.set(self._order[place], printable(point.key[place]))
            yield self._filled(element, point)

    def flat(self, point: Point) -> Any:
        element = etree.Element("Obs")
        for id, value in zip(self._order, point.key, strict=True):
            element.set(id, printable(value))
        return self._filled(element, point)

    def _filled(self, element: Any, point: Point) -> Any:
        if self._data.measure and point.value is not None:
            element.set(VALUE, point.value)
        for component, said in zip(self._data.attributes, point.attributes, strict=True):
            if said is not None:
                element.set(component.id, printable(said))
        return element


class _Generic:
    """Values as elements with id and value."""

    def __init__(self, data: DataSet, space: str) -> None:
        self._data, self._space = data, space
        self._order = data.structure.order
        self._outer = tuple(id for n, id in enumerate(self._order) if n != data.place)

    def series(self, key: Sequence[str]) -> tuple[str, Mapping[str, str]]:
        return f"{{{self._space}}}Series", {}

    def inside(self, key: Sequence[str], points: Iterable[Point]) -> Iterator[Any]:
        yield self._values("SeriesKey", zip(self._outer, key, strict=True))
        if self._data.keys_only:
            return
        place = self._data.place
        assert place is not None
        for point in points:
            element = self._element("Obs")
            dimension = etree.SubElement(element, f"{{{self._space}}}ObsDimension")
            if self._order[place] != TIME:
                dimension.set("id", self._order[place])
            dimension.set("value", printable(point.key[place]))
            yield self._filled(element, point)

    def flat(self, point: Point) -> Any:
        element = self._element("Obs")
        element.append(self._values("ObsKey", zip(self._order, point.key, strict=True)))
        return self._filled(element, point)

    def _filled(self, element: Any, point: Point) -> Any:
        if self._data.measure and point.value is not None:
            etree.SubElement(element, f"{{{self._space}}}ObsValue", value=point.value)
        named = zip((c.id for c in self._data.attributes), point.attributes, strict=True)
        told = [(id, said) for id, said in named if said is not None]
        if told:
            element.append(self._values("Attributes", told))
        return element

    def _values(self, name: str, pairs: Iterable[tuple[str, str]]) -> Any:
        element = self._element(name)
        for id, value in pairs:
            etree.SubElement(element, f"{{{self._space}}}Value", id=id, value=printable(value))
        return element

    def _element(self, name: str) -> Any:
        return etree.Element(f"{{{self._space}}}{name}", nsmap={"gen": self._space})
