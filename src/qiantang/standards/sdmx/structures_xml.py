"""SDMX-ML structure messages, 3.0 and 2.1.

The versions differ in how they refer (3.0: addresses as text; 2.1: ``Ref`` elements), in the words
for constraints and in where lists of organisations and concepts stand. The schema of 3.0 allows no
parent whose id begins with a digit (mended in 3.1): there it travels as an annotation ``PARENT``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, Final

from lxml import etree

from qiantang.kernel.text import printable
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
from qiantang.standards.sdmx.xml_words import XSI, header_into, names_into, namespace

_NC_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_\-]*")
_ITEMS: Final = {Kind.CODELIST: ("Codelist", "Code"), Kind.CONCEPTS: ("ConceptScheme", "Concept"),
                 Kind.AGENCIES: ("AgencyScheme", "Agency")}  # fmt: skip
_REFERRED: Final = {
    Kind.CODELIST: ("Codelist", "codelist"),
    Kind.STRUCTURE: ("DataStructure", "datastructure"),
    Kind.FLOW: ("Dataflow", "datastructure"),
}


def write_structures(header: Header, told: Structures, version: str) -> bytes:
    """The message in SDMX-ML ``2.1`` or ``3.0``."""
    root = _Writer(version).message(header, told)
    said: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return said


class _Writer:
    def __init__(self, version: str) -> None:
        self._new = version == "3.0"
        self._mes, self._com, self._str = (
            namespace(version, part) for part in ("message", "common", "structure")
        )

    def message(self, header: Header, told: Structures) -> Any:
        spoken = {"mes": self._mes, "com": self._com, "str": self._str, "xsi": XSI}
        root = etree.Element(f"{{{self._mes}}}Structure", nsmap=spoken)
        header_into(etree.SubElement(root, f"{{{self._mes}}}Header"), header, self._mes, self._com)
        inside = etree.SubElement(root, f"{{{self._mes}}}Structures")
        for name, write, what in self._parts(told):
            if found := list(what):
                group = self._add(inside, name)
                for each in found:
                    write(group, each, told)
        return root

    def _parts(
        self, told: Structures
    ) -> list[tuple[str, Callable[[Any, Any, Structures], None], Iterable[Any]]]:
        """The groups in the order that the schema of the version wants."""
        agencies, codes, concepts = (
            told.of(kind) for kind in (Kind.AGENCIES, Kind.CODELIST, Kind.CONCEPTS)
        )
        flows = ("Dataflows", self._flow, told.flows)
        structures = ("DataStructures", self._structure, told.structures)
        if self._new:
            return [
                ("AgencySchemes", self._scheme, agencies),
                ("Codelists", self._scheme, codes),
                ("ConceptSchemes", self._scheme, concepts),
                ("DataConstraints", self._constraint, told.constraints),
                flows,
                structures,
            ]
        return [
            ("OrganisationSchemes", self._scheme, agencies),
            flows,
            ("Codelists", self._scheme, codes),
            ("Concepts", self._scheme, concepts),
            structures,
            ("Constraints", self._constraint, told.constraints),
        ]

    def _scheme(self, parent: Any, scheme: Scheme, told: Structures) -> None:
        name, item_name = _ITEMS[scheme.kind]
        stub = (scheme.kind, scheme.ref) in told.stubs
        root = self._maintained(parent, name, scheme.kind, scheme.ref, stub=stub)
        if scheme.partial:
            root.set("isPartial", "true")
        names_into(root, scheme.name, self._com)
        if stub:
            return
        for item in scheme.items:
            self._item(root, item_name, item, scheme)

    def _item(self, root: Any, name: str, item: Item, scheme: Scheme) -> None:
        element = self._add(root, name, id=item.id, urn=scheme.ref.item_urn(scheme.kind, item.id))
        as_note = self._new and item.parent and not _NC_NAME.fullmatch(item.parent)
        self._notes(element, (*item.notes, *((("PARENT", item.parent),) if as_note else ())))
        names_into(element, item.name, self._com)
        names_into(element, item.description, self._com, "Description")
        if item.parent and not as_note:
            inside = self._add(element, "Parent")
            if self._new:
                inside.text = item.parent
            else:
                etree.SubElement(inside, "Ref", id=item.parent)

    def _notes(self, parent: Any, notes: Iterable[tuple[str, str]]) -> None:
        found = list(notes)
        if not found:
            return
        group = etree.SubElement(parent, f"{{{self._com}}}Annotations")
        for kind, text in found:
            note = etree.SubElement(group, f"{{{self._com}}}Annotation")
            etree.SubElement(note, f"{{{self._com}}}AnnotationTitle").text = printable(text)
            etree.SubElement(note, f"{{{self._com}}}AnnotationType").text = kind

    def _flow(self, parent: Any, flow: Dataflow, told: Structures) -> None:
        stub = (Kind.FLOW, flow.ref) in told.stubs
        root = self._maintained(parent, "Dataflow", Kind.FLOW, flow.ref, stub=stub)
        names_into(root, flow.name, self._com)
        names_into(root, flow.description, self._com, "Description")
        if not stub:
            self._refer(self._add(root, "Structure"), Kind.STRUCTURE, flow.structure)

    def _structure(self, parent: Any, structure: DataStructure, told: Structures) -> None:
        stub = (Kind.STRUCTURE, structure.ref) in told.stubs
        root = self._maintained(parent, "DataStructure", Kind.STRUCTURE, structure.ref, stub=stub)
        names_into(root, structure.name, self._com)
        if stub:
            return
        parts = self._add(root, "DataStructureComponents")
        listed = self._add(parts, "DimensionList", id="DimensionDescriptor")
        for number, dimension in enumerate(structure.dimensions, start=1):
            self._component(listed, "Dimension", dimension, structure, position=str(number))
        last = {} if self._new else {"position": str(len(structure.order))}
        self._component(listed, "TimeDimension", structure.time, structure, **last)
        attributes = self._add(parts, "AttributeList", id="AttributeDescriptor")
        for attribute in structure.attributes:
            self._attribute(attributes, attribute, structure)
        measures = self._add(parts, "MeasureList", id="MeasureDescriptor")
        name = "Measure" if self._new else "PrimaryMeasure"
        self._component(measures, name, structure.measure, structure)

    def _attribute(self, parent: Any, attribute: Component, structure: DataStructure) -> None:
        status = "mandatory" if attribute.required else "optional"
        if not self._new:
            status = status.replace("optional", "conditional").capitalize()
        said = {"usage" if self._new else "assignmentStatus": status}
        root = self._component(parent, "Attribute", attribute, structure, **said)
        related = self._add(root, "AttributeRelationship")
        if self._new:
            self._add(related, "Observation")
        else:
            measure = self._add(related, "PrimaryMeasure")
            etree.SubElement(measure, "Ref", id=structure.measure.id)

    def _component(
        self, parent: Any, name: str, component: Component, structure: DataStructure, **said: str
    ) -> Any:
        root = self._add(parent, name, id=component.id, **said)
        identity = self._add(root, "ConceptIdentity")
        concepts = structure.concepts
        if self._new:
            identity.text = concepts.item_urn(Kind.CONCEPTS, component.id)
        else:
            self._ref(identity, concepts, "Concept", "conceptscheme", component.id)
        represented = self._add(root, "LocalRepresentation")
        if component.codes is None:
            self._add(represented, "TextFormat", textType=component.type)
        else:
            self._refer(self._add(represented, "Enumeration"), Kind.CODELIST, component.codes)
        return root

    def _constraint(self, parent: Any, found: Availability, told: Structures) -> None:
        name = "DataConstraint" if self._new else "ContentConstraint"
        root = self._add(
            parent, name, id=found.ref.id, agencyID=found.ref.agency, version=found.ref.version
        )
        root.set("role" if self._new else "type", "Actual")
        counts = (("series_count", found.series), ("obs_count", found.observations))
        group = etree.SubElement(root, f"{{{self._com}}}Annotations")
        for id, count in counts:
            note = etree.SubElement(group, f"{{{self._com}}}Annotation", id=id)
            etree.SubElement(note, f"{{{self._com}}}AnnotationTitle").text = str(count)
            etree.SubElement(note, f"{{{self._com}}}AnnotationType").text = "sdmx_metrics"
        names_into(root, found.name, self._com)
        attached = self._add(root, "ConstraintAttachment")
        self._refer(self._add(attached, "Dataflow"), Kind.FLOW, found.flow)
        region = self._add(root, "CubeRegion", include="true")
        space = self._str if self._new else self._com
        for id, values in found.values.items():
            key = etree.SubElement(region, f"{{{space}}}KeyValue", id=id)
            # Ranges stand in a namespace of their own in 3.0, where sdmx1 does not read them.
            if id == TIME and not self._new:
                span = etree.SubElement(key, f"{{{space}}}TimeRange")
                for end, day in (("StartPeriod", found.first), ("EndPeriod", found.last)):
                    etree.SubElement(span, f"{{{space}}}{end}", isInclusive="true").text = day
                continue
            for value in values:
                etree.SubElement(key, f"{{{space}}}Value").text = value

    def _maintained(self, parent: Any, name: str, kind: Kind, ref: Ref, *, stub: bool) -> Any:
        said = {"id": ref.id, "agencyID": ref.agency, "version": ref.version}
        root = self._add(parent, name, urn=ref.urn(kind), **said)
        if not self._new:
            root.set("isFinal", "false")
        elif kind is Kind.AGENCIES:  # has no version in SDMX 3.0
            del root.attrib["version"]
        if stub:
            root.set("isExternalReference", "true")
        return root

    def _refer(self, parent: Any, kind: Kind, ref: Ref) -> None:
        if self._new:
            parent.text = ref.urn(kind)
            return
        name, package = _REFERRED[kind]
        etree.SubElement(
            parent, "Ref", id=ref.id, agencyID=ref.agency, version=ref.version,
            package=package, **{"class": name},
        )  # fmt: skip

    def _ref(self, parent: Any, ref: Ref, name: str, package: str, item: str) -> None:
        etree.SubElement(
            parent, "Ref", id=item, maintainableParentID=ref.id,
            maintainableParentVersion=ref.version, agencyID=ref.agency,
            package=package, **{"class": name},
        )  # fmt: skip

    def _add(self, parent: Any, name: str, **said: str) -> Any:
        return etree.SubElement(parent, f"{{{self._str}}}{name}", **said)
