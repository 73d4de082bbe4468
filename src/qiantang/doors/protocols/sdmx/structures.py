"""Structures of both interfaces: dataflows, data structures, code lists, concepts, agencies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from django.http import HttpRequest, HttpResponseBase

from qiantang.doors.protocols.answering import actor_of
from qiantang.doors.protocols.sdmx.answering import NEW, OLD, header, sent, spoken
from qiantang.doors.protocols.sdmx.asked import FLOWS, ref_fits
from qiantang.doors.protocols.sdmx.data import segments
from qiantang.doors.protocols.sdmx.graph import (
    Graph,
    Node,
    graph,
    partial,
    referred,
    stubs,
    used_only,
)
from qiantang.kernel.actors import Actor
from qiantang.standards.sdmx import structures_json, structures_xml
from qiantang.standards.sdmx.errors import NoStructure, NotSpoken, SdmxArgument
from qiantang.standards.sdmx.forms import NEW_STRUCTURE, OLD_STRUCTURE, Form, choose
from qiantang.standards.sdmx.model import Header, Kind, Structures

_ELSEWHERE: Final = frozenset(
    {
        "attachmentconstraint",
        "categorisation",
        "categoryscheme",
        "categoryschememap",
        "conceptschememap",
        "contentconstraint",
        "customtypescheme",
        "dataconsumerscheme",
        "dataproviderscheme",
        "hierarchicalcodelist",
        "hierarchy",
        "hierarchyassociation",
        "metadataconstraint",
        "metadataflow",
        "metadataproviderscheme",
        "metadataprovisionagreement",
        "metadatastructure",
        "namepersonalisationscheme",
        "organisationscheme",
        "organisationschememap",
        "organisationunitscheme",
        "process",
        "provisionagreement",
        "reportingtaxonomy",
        "reportingtaxonomymap",
        "representationmap",
        "rulesetscheme",
        "structuremap",
        "structureset",
        "transformationscheme",
        "userdefinedoperatorscheme",
        "valuelist",
        "vtlmappingscheme",
    }
)
"""Kinds of artefacts that SDMX knows and of which there are none here."""


@spoken(NEW)
def structure(request: HttpRequest, rest: str = "") -> HttpResponseBase:
    """``structure/{type}/{agency}/{id}/{version}/{item}`` (SDMX REST 2.1, structure queries)."""
    kind, *named = segments(rest, 5, "*")
    return _answer(request, kind, named, (*NEW_STRUCTURE, *OLD_STRUCTURE))


@spoken(OLD)
def old_structure(request: HttpRequest, kind: str, rest: str = "") -> HttpResponseBase:
    """``{type}/{agency}/{id}/{version}/{item}`` (SDMX REST 1.5, structural metadata queries)."""
    kind = "*" if kind == "structure" else kind
    return _answer(request, kind, segments(rest, 4, "all"), (*OLD_STRUCTURE, *NEW_STRUCTURE))


@spoken(NEW)
def schema(request: HttpRequest, rest: str = "") -> HttpResponseBase:
    """``schema/{context}/{agency}/{id}/{version}``: what data of it look like, as a structure
    message with everything that it rests on (SDMX REST 2.1, schema queries)."""
    actor = actor_of(request)
    context, *named = segments(rest, 4, "*")
    if context not in {Kind.FLOW.value, Kind.STRUCTURE.value}:
        expected = ", ".join((Kind.FLOW, Kind.STRUCTURE))
        raise NotSpoken(found=f"schema/{context}"[:80], expected=expected)
    told = _chosen(context, [*named, "*"], "descendants", "full")
    return _sent(request, actor, told, (*NEW_STRUCTURE, *OLD_STRUCTURE))


@spoken(NEW)
def elsewhere(request: HttpRequest) -> HttpResponseBase:
    """The rest of the interface: reference metadata and registrations."""
    raise NotSpoken(found=request.path[:80], expected="structure, data, availability, schema")


@spoken(OLD)
def old_elsewhere(request: HttpRequest) -> HttpResponseBase:
    raise NotSpoken(found=request.path[:80], expected="dataflow, data, availableconstraint")


def _answer(
    request: HttpRequest, kind: str, named: list[str], offered: tuple[Form, ...]
) -> HttpResponseBase:
    actor = actor_of(request)
    said = request.GET.get("references", "none").lower() or "none"
    detail = request.GET.get("detail", "full").lower() or "full"
    return _sent(request, actor, _chosen(kind, named, said, detail), offered)


def _chosen(kind: str, named: list[str], references: str, detail: str) -> Structures:
    """What is asked for. Raises `NoStructure`, `SdmxArgument`."""
    known = {each.value for each in Kind}
    if kind not in {*known, "*"} | _ELSEWHERE:
        expected = ", ".join(sorted(known))
        raise SdmxArgument(parameter="artefactType", found=kind[:80], expected=expected)
    all_of_it = graph()
    agency, id, version, item = named
    chosen = {
        node
        for node in all_of_it.content
        if kind in {"*", node[0].value} and ref_fits(node[1], agency, id, version)
    }
    if not chosen:
        raise NoStructure(found=f"{kind} {agency}:{id}({version})"[:120], expected=FLOWS)
    others = referred(all_of_it, chosen, references)
    told = all_of_it.told(chosen | others, stubs(chosen, others, detail))
    if detail == "referencepartial":
        told = used_only(told)
    return told if item in {"*", "all"} else _items(all_of_it, chosen, told, item)


def _items(graph: Graph, chosen: set[Node], told: Structures, said: str) -> Structures:
    """With the items alone that are asked for. Raises `NoStructure`."""
    ids = said.replace("+", ",").split(",")
    schemes = tuple(
        replace(partial(s, ids), partial=True) if (s.kind, s.ref) in chosen else s
        for s in told.schemes
    )
    if not any(scheme.items for scheme in schemes if (scheme.kind, scheme.ref) in chosen):
        raise NoStructure(found=said[:120], expected=FLOWS)
    return replace(told, schemes=schemes)


def _sent(
    request: HttpRequest, actor: Actor, told: Structures, offered: tuple[Form, ...]
) -> HttpResponseBase:
    form = choose(request.headers.get("Accept", ""), request.GET.get("format", ""), offered)
    return sent(request, actor, form, lambda: written(header(request), told, form))


def written(head: Header, told: Structures, form: Form) -> Iterable[bytes]:
    """A structure message in a form."""
    if form.base == "json":
        return (structures_json.write_structures(head, told, old=form.version == "1.0.0"),)
    version = "2.1" if form.version == "2.1" else "3.0"
    return (structures_xml.write_structures(head, told, version),)
