"""SDMX-JSON structure messages: 2.0.0 for SDMX 3.0, 1.0.0 for SDMX 2.1."""

from __future__ import annotations

import json
from typing import Any, Final

from qiantang.kernel.text import Text
from qiantang.standards.sdmx.data_json import header_json, named
from qiantang.standards.sdmx.model import (
    TIME,
    Availability,
    Component,
    Dataflow,
    DataStructure,
    Header,
    Item,
    Kind,
    Ref,
    Scheme,
    Structures,
)

_SCHEMA: Final = "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/master/structure-message/"
_OLD_SCHEMA: Final = "tools/schemas/1.0/sdmx-json-structure-schema.json"
_NEW_SCHEMA: Final = "tools/schemas/2.0.0/sdmx-json-structure-schema.json"
_LISTS: Final = {
    Kind.CODELIST: ("codelists", "codes"),
    Kind.CONCEPTS: ("conceptSchemes", "concepts"),
    Kind.AGENCIES: ("agencySchemes", "agencies"),
}


def write_structures(header: Header, told: Structures, *, old: bool = False) -> bytes:
    """The message; ``old``: SDMX-JSON 1.0.0."""
    meta = header_json(header, _SCHEMA + (_OLD_SCHEMA if old else _NEW_SCHEMA))
    writer = _Writer(header.lang, told, old=old)
    data: dict[str, list[Any]] = {}
    for scheme in told.schemes:
        data.setdefault(_LISTS[scheme.kind][0], []).append(writer.scheme(scheme))
    for name, found in (
        ("dataflows", [writer.flow(flow) for flow in told.flows]),
        ("dataStructures", [writer.structure(each) for each in told.structures]),
        (
            "contentConstraints" if old else "dataConstraints",
            [writer.constraint(each) for each in told.constraints],
        ),
    ):
        if found:
            data[name] = found
    return json.dumps({"meta": meta, "data": data}, ensure_ascii=False).encode()


class _Writer:
    def __init__(self, lang: str, told: Structures, *, old: bool) -> None:
        self._lang, self._told, self._old = lang, told, old

    def scheme(self, scheme: Scheme) -> dict[str, Any]:
        root = self._maintained(scheme.kind, scheme.ref, scheme.name)
        root["isPartial"] = scheme.partial
        if (scheme.kind, scheme.ref) not in self._told.stubs and scheme.items:
            root[_LISTS[scheme.kind][1]] = [self._item(item, scheme) for item in scheme.items]
        return root

    def _item(self, item: Item, scheme: Scheme) -> dict[str, Any]:
        told: dict[str, Any] = {
            "id": item.id,
            "links": [_link(scheme.kind, scheme.ref.item_urn(scheme.kind, item.id))],
            **named(item.name, self._lang),
        }
        if item.description.zh or item.description.en:
            told |= named(item.description, self._lang, "description")
        if item.parent:
            told["parent"] = item.parent
        if item.notes:
            told["annotations"] = [{"type": kind, "title": text} for kind, text in item.notes]
        return told

    def flow(self, flow: Dataflow) -> dict[str, Any]:
        root = self._maintained(Kind.FLOW, flow.ref, flow.name)
        if flow.description.zh:
            root |= named(flow.description, self._lang, "description")
        if (Kind.FLOW, flow.ref) not in self._told.stubs:
            root["structure"] = flow.structure.urn(Kind.STRUCTURE)
        return root

    def structure(self, structure: DataStructure) -> dict[str, Any]:
        root = self._maintained(Kind.STRUCTURE, structure.ref, structure.name)
        if (Kind.STRUCTURE, structure.ref) in self._told.stubs:
            return root
        first = 0 if self._old else 1
        dimensions = [
            {
                **self._component(dimension, structure),
                "position": number,
                **({"type": "Dimension"} if self._old else {}),
            }
            for number, dimension in enumerate(structure.dimensions, start=first)
        ]
        time = self._component(structure.time, structure)
        if self._old:
            time |= {"position": len(dimensions), "type": "TimeDimension"}
        attributes = [self._attribute(each, structure) for each in structure.attributes]
        measure = self._component(structure.measure, structure)
        root["dataStructureComponents"] = {
            "dimensionList": {
                "id": "DimensionDescriptor",
                "dimensions": dimensions,
                **({"timeDimensions": [time]} if self._old else {"timeDimension": time}),
            },
            "attributeList": {"id": "AttributeDescriptor", "attributes": attributes},
            "measureList": {
                "id": "MeasureDescriptor",
                **({"primaryMeasure": measure} if self._old else {"measures": [measure]}),
            },
        }
        return root

    def _attribute(self, attribute: Component, structure: DataStructure) -> dict[str, Any]:
        told = self._component(attribute, structure)
        if self._old:
            status = "Mandatory" if attribute.required else "Conditional"
            related = {"primaryMeasure": structure.measure.id}
            return {**told, "assignmentStatus": status, "attributeRelationship": related}
        usage = "mandatory" if attribute.required else "optional"
        return {**told, "usage": usage, "attributeRelationship": {"observation": {}}}

    def _component(self, component: Component, structure: DataStructure) -> dict[str, Any]:
        if component.codes is not None:
            represented: dict[str, Any] = {"enumeration": component.codes.urn(Kind.CODELIST)}
        else:
            key = "textType" if self._old else "dataType"
            represented = {"textFormat" if self._old else "format": {key: component.type}}
        return {
            "id": component.id,
            "conceptIdentity": structure.concepts.item_urn(Kind.CONCEPTS, component.id),
            "localRepresentation": represented,
        }

    def constraint(self, found: Availability) -> dict[str, Any]:
        counts = (("series_count", found.series), ("obs_count", found.observations))
        root = {
            "id": found.ref.id,
            "agencyID": found.ref.agency,
            "version": found.ref.version,
            **named(found.name, self._lang),
            "type" if self._old else "role": "Actual",
            "annotations": [
                {"id": id, "title": str(count), "type": "sdmx_metrics"} for id, count in counts
            ],
            "constraintAttachment": {"dataflows": [found.flow.urn(Kind.FLOW)]},
        }
        if found.values:
            keys = [self._key(id, values, found) for id, values in found.values.items()]
            included = {"isIncluded" if self._old else "include": True}
            root["cubeRegions"] = [{**included, "keyValues": keys}]
        return root

    def _key(self, id: str, values: tuple[str, ...], found: Availability) -> dict[str, Any]:
        if id == TIME:
            ends = (("startPeriod", found.first), ("endPeriod", found.last))
            span = {name: {"period": day, "isInclusive": True} for name, day in ends}
            return {"id": id, "timeRange": span}
        return {"id": id, "values": list(values) if self._old else [{"value": v} for v in values]}

    def _maintained(self, kind: Kind, ref: Ref, name: Text) -> dict[str, Any]:
        stub = (kind, ref) in self._told.stubs
        return {
            "id": ref.id,
            "agencyID": ref.agency,
            # An agency scheme has no version in SDMX 3.0.
            **({"version": ref.version} if self._old or kind is not Kind.AGENCIES else {}),
            "isExternalReference": stub,
            **({"isFinal": False} if self._old else {}),
            "links": [_link(kind, ref.urn(kind))],
            **named(name, self._lang),
        }


def _link(kind: Kind, urn: str) -> dict[str, str]:
    return {"rel": "self", "type": kind.value, "urn": urn}
