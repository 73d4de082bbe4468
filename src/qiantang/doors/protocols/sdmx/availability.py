"""What there is for a question: ``availability`` of SDMX 3.0, ``availableconstraint`` of 2.1."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from django.http import HttpRequest, HttpResponseBase

from qiantang.doors.protocols.answering import actor_of
from qiantang.doors.protocols.sdmx import asked
from qiantang.doors.protocols.sdmx.answering import NEW, OLD, header, sent, spoken
from qiantang.doors.protocols.sdmx.data import segments
from qiantang.doors.protocols.sdmx.finding import matching
from qiantang.doors.protocols.sdmx.graph import Node, graph, partial
from qiantang.doors.protocols.sdmx.lists import own
from qiantang.doors.protocols.sdmx.providing import Found
from qiantang.doors.protocols.sdmx.structures import written
from qiantang.kernel.actors import Actor
from qiantang.kernel.text import Text
from qiantang.standards.sdmx.errors import NoData, SdmxArgument
from qiantang.standards.sdmx.forms import NEW_STRUCTURE, OLD_STRUCTURE, Form, choose
from qiantang.standards.sdmx.model import TIME, Availability, Kind, Structures
from qiantang.standards.sdmx.questions import Question
from qiantang.standards.sdmx.times import span_of

_MODES: Final = ("exact", "available")
_REFERENCES: Final = {
    "codelist": Kind.CODELIST,
    "conceptscheme": Kind.CONCEPTS,
    "datastructure": Kind.STRUCTURE,
    "dataflow": Kind.FLOW,
}
_NONE: Final = frozenset({"none", "dataproviderscheme", "valuelist"})


@spoken(NEW)
def availability(request: HttpRequest, rest: str = "") -> HttpResponseBase:
    """``availability/{context}/{agency}/{id}/{version}/{key}/{component}``."""
    actor = actor_of(request)
    context, agency, id, version, key, component = segments(rest, 6, "*")
    found = asked.flow_of(context, agency, id, version)
    question = asked.question(request, found.structure, key)
    return _answer(
        request, actor, _Asked(found, question, component), (*NEW_STRUCTURE, *OLD_STRUCTURE)
    )


@spoken(OLD)
def old_availability(request: HttpRequest, rest: str) -> HttpResponseBase:
    """``availableconstraint/{flow}/{key}/{provider}/{component}``."""
    actor = actor_of(request)
    flow, key, _, component = segments(rest, 4, "all")
    found = asked.old_flow_of(flow)
    question = asked.old_question(request, found.structure, key)
    return _answer(
        request, actor, _Asked(found, question, component), (*OLD_STRUCTURE, *NEW_STRUCTURE)
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """Of which flow, with which question, about which components (as the address has them)."""

    found: Found
    question: Question
    components: str


def _answer(
    request: HttpRequest, actor: Actor, query: _Asked, offered: tuple[Form, ...]
) -> HttpResponseBase:
    found = query.found
    mode = request.GET.get("mode", "exact") or "exact"
    if mode not in _MODES:
        raise SdmxArgument(parameter="mode", found=mode[:80], expected=", ".join(_MODES))
    components = _components(found, query.components)
    references = set((request.GET.get("references", "none").lower() or "none").split(","))
    if unknown := references - {*_REFERENCES, *_NONE, "all"}:
        expected = ", ".join([*_REFERENCES, *sorted(_NONE), "all"])
        raise SdmxArgument(parameter="references", found=min(unknown)[:80], expected=expected)
    form = choose(request.headers.get("Accept", ""), request.GET.get("format", ""), offered)

    def made() -> Iterable[bytes]:
        constraint = _available(actor, found, query.question, components, mode)
        return written(header(request), _told(found, constraint, references), form)

    return sent(request, actor, form, made)


def _components(found: Found, said: str) -> tuple[str, ...]:
    order = found.structure.order
    if said in {"*", "all"}:
        return order
    chosen = tuple(said.split(","))
    if unknown := [id for id in chosen if id not in order]:
        expected = ", ".join(order)
        raise SdmxArgument(parameter="componentID", found=unknown[0][:80], expected=expected)
    return chosen


def _available(
    actor: Actor, found: Found, question: Question, components: tuple[str, ...], mode: str
) -> Availability:
    order = found.structure.order
    seen: list[set[str]] = [set() for _ in order]
    series: set[tuple[str, ...]] = set()
    count = 0
    for point in matching(actor, found, question):
        count += 1
        series.add(point.key[:-1])
        for held, value in zip(seen, point.key, strict=True):
            held.add(value)
    if not count:
        raise NoData()
    spans = [span_of(time) for time in seen[-1]]
    values = {id: tuple(sorted(seen[order.index(id)])) for id in components}
    if mode == "available":
        values |= {id: _selectable(actor, found, question, id) for id in components if id != TIME}
    flow = found.flow
    return Availability(
        own(f"AVAILABLE_{flow.ref.id}"),
        Text(f"可用数据：{flow.name.zh}", f"Available: {flow.name.en}"),
        flow.ref,
        values,
        first=min(span.start for span in spans).isoformat(),
        last=max(span.end for span in spans).isoformat(),
        series=len(series),
        observations=count,
    )


def _selectable(actor: Actor, found: Found, question: Question, id: str) -> tuple[str, ...]:
    """The values of a dimension that would find something beside the other choices made."""
    place = found.structure.order.index(id)
    keys = tuple((*key[:place], None, *key[place + 1 :]) for key in question.keys)
    filters = {name: said for name, said in question.filters.items() if name != id}
    wider = replace(question, keys=keys, filters=filters)
    return tuple(sorted({point.key[place] for point in matching(actor, found, wider)}))


def _told(found: Found, constraint: Availability, references: set[str]) -> Structures:
    """The constraint with the structures asked for; of lists the items alone that it uses."""
    kinds = {_REFERENCES[word] for word in references if word in _REFERENCES}
    if "all" in references:
        kinds = set(_REFERENCES.values())
    if not kinds:
        return Structures(constraints=(constraint,))
    flow, structure = (Kind.FLOW, found.flow.ref), (Kind.STRUCTURE, found.structure.ref)
    used = {
        (Kind.CODELIST, component.codes): constraint.values[component.id]
        for component in found.structure.dimensions
        if component.codes and component.id in constraint.values
    }
    concepts = (Kind.CONCEPTS, found.structure.concepts)
    chosen: set[Node] = {n for n in {flow, structure, concepts, *used} if n[0] in kinds}
    told = graph().told(chosen)
    schemes = tuple(
        partial(s, used.get((s.kind, s.ref), tuple(constraint.values))) for s in told.schemes
    )
    return replace(told, schemes=schemes, constraints=(constraint,))
