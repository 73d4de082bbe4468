"""Addresses and parameters of both REST interfaces as a dataflow and a question."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final

from django.http import HttpRequest

from qiantang.doors.protocols.sdmx import providing
from qiantang.doors.protocols.sdmx.providing import Found
from qiantang.standards.sdmx.errors import NoStructure, NotSpoken, SdmxArgument
from qiantang.standards.sdmx.model import TIME, DataStructure, Ref
from qiantang.standards.sdmx.questions import (
    Clause,
    Question,
    between,
    parse_at,
    parse_filter,
    parse_keys,
)
from qiantang.standards.sdmx.times import moment_of

_FILTER: Final = re.compile(r"c\[([A-Za-z0-9_@$\-]+)\]")
_ORDERS: Final = ("series_key+TIME_PERIOD", "series_key", "*")
"""Ways to say the standing order."""
_LARGEST: Final = 10**9
_EVERY: Final = frozenset({"dsd", "all", "obs"})
_LEVELS: Final = frozenset({"none", "msd", "dataset", "series"})
_DETAILS: Final = ("full", "dataonly", "serieskeysonly", "nodata")
FLOWS: Final = "/structure/dataflow"


def flow_of(context: str, agency: str, id: str, version: str) -> Found:
    """The one dataflow that an address names. Raises `NoStructure`, `NotSpoken`, `SdmxArgument`."""
    contexts = ("dataflow", "datastructure", "*")
    if context not in contexts:
        raise NotSpoken(found=context[:40], expected=", ".join(contexts))
    found = [
        each
        for each in providing.flows()
        if ref_fits(
            each.structure.ref if context == "datastructure" else each.flow.ref,
            agency,
            id,
            version,
        )
    ]
    if not found:
        raise NoStructure(found=f"{agency}:{id}({version})"[:120], expected=FLOWS)
    if len(found) > 1:
        expected = ", ".join(str(each.flow.ref) for each in found)
        raise SdmxArgument(parameter="resourceID", found=id[:80], expected=expected)
    return found[0]


def old_flow_of(said: str) -> Found:
    """The dataflow of SDMX 2.1's ``AGENCY,ID,VERSION``, the first and last of which may be left
    out."""
    parts = said.split(",")
    if not 1 <= len(parts) <= 3:
        raise SdmxArgument(parameter="flowRef", found=said[:80], expected="AGENCY,ID,VERSION")
    agency, id, version = {1: ("all", *parts, "latest"), 2: (*parts, "latest")}.get(
        len(parts), tuple(parts)
    )
    return flow_of("dataflow", agency, id, version)


def ref_fits(ref: Ref, agency: str, id: str, version: str) -> bool:
    """Whether an artefact is among those that an address names."""
    return (
        _one_of(ref.agency, agency)
        and _one_of(ref.id, id)
        and any(_version_fits(said, ref.version) for said in re.split(r"[,]", version))
    )


def _one_of(value: str, said: str) -> bool:
    return said in {"", "*", "all"} or value in re.split(r"[,+]", said)


def _version_fits(said: str, version: str) -> bool:
    """``1.0.0``, its beginnings, wildcards, and the latest (each artefact has one version)."""
    if said in {"", "*", "+", "~", "all", "latest"}:
        return True
    for part, ours in zip(said.split("."), version.split("."), strict=False):
        if part in {"+", "~", "*"}:
            return True
        if part[-1:] in {"+", "~", "*"} and part[:-1].isascii() and part[:-1].isdigit():
            return int(ours) >= int(part[:-1])
        if part != ours:
            return False
    return True


def question(request: HttpRequest, structure: DataStructure, key: str) -> Question:
    """What an SDMX 3.0 data or availability query asks. Raises `SdmxArgument`, `NotSpoken`."""
    filters: dict[str, tuple[tuple[Clause, ...], ...]] = {}
    for name, values in request.GET.lists():
        if found := _FILTER.fullmatch(name):
            if len(values) != 1:
                raise SdmxArgument(parameter="c", found=name, expected=f"{name} x 1")
            filters[found[1]] = parse_filter(found[1], values[0], structure)
    for name, allowed in (("sort", _ORDERS), ("reportingYearStartDay", ("--01-01",))):
        said = request.GET.get(name, allowed[0]).replace(" ", "+").replace(":asc", "")
        if said not in allowed:
            expected = ", ".join(f"{name}={each}" for each in allowed)
            raise NotSpoken(found=f"{name}={said}"[:80], expected=expected)
    measure = _measure(request.GET.get("measures", "all"), structure)
    attributes = _attributes(request.GET.get("attributes", "dsd"), structure)
    return replace(
        _common(request, structure),
        keys=parse_keys(key, structure, old=False),
        filters=filters,
        offset=_whole(request, "offset") or 0,
        limit=_whole(request, "limit"),
        attributes=attributes,
        measure=measure,
        keys_only=not measure and attributes == frozenset(),
    )


def old_question(request: HttpRequest, structure: DataStructure, key: str) -> Question:
    """What an SDMX 2.1 query asks. Raises `SdmxArgument`."""
    detail = request.GET.get("detail", "full") or "full"
    if detail not in _DETAILS:
        raise SdmxArgument(parameter="detail", found=detail[:80], expected=", ".join(_DETAILS))
    window = between(request.GET.get("startPeriod", ""), request.GET.get("endPeriod", ""))
    return replace(
        _common(request, structure),
        keys=parse_keys(key, structure, old=True),
        filters={TIME: (window,)} if window else {},
        attributes=None if detail == "full" else frozenset(),
        keys_only=detail in {"serieskeysonly", "nodata"},
    )


def _common(request: HttpRequest, structure: DataStructure) -> Question:
    asked = Question(
        updated_after=_moment(request, "updatedAfter"),
        as_of=_moment(request, "asOf"),
        history=_yes(request, "includeHistory"),
        first=_whole(request, "firstNObservations"),
        last=_whole(request, "lastNObservations"),
        at=parse_at(request.GET.get("dimensionAtObservation", ""), structure),
    )
    if asked.updated_after and asked.as_of and _later(asked.updated_after, asked.as_of):
        expected = f"<= {asked.as_of.isoformat()}"
        said = request.GET["updatedAfter"]
        raise SdmxArgument(parameter="updatedAfter", found=said, expected=expected)
    return asked


def _later(moment: datetime, than: datetime) -> bool:
    return moment.replace(tzinfo=moment.tzinfo or than.tzinfo) > than.replace(
        tzinfo=than.tzinfo or moment.tzinfo
    )


def _moment(request: HttpRequest, name: str) -> datetime | None:
    said = request.GET.get(name, "")
    if not said:
        return None
    try:
        return moment_of(said)
    except ValueError as error:
        expected = "2026-01-31T00:00:00Z"
        raise SdmxArgument(parameter=name, found=said[:80], expected=expected) from error


def _whole(request: HttpRequest, name: str) -> int | None:
    said = request.GET.get(name, "")
    if not said:
        return None
    number = int(said) if said.isascii() and said.isdigit() and len(said) < 12 else -1
    least = 0 if name == "offset" else 1
    if not least <= number <= _LARGEST:
        raise SdmxArgument(parameter=name, found=said[:40], expected=f">= {least}")
    return number


def _yes(request: HttpRequest, name: str) -> bool:
    said = request.GET.get(name, "false").lower()
    if said not in {"true", "false", "1", "0", ""}:
        raise SdmxArgument(parameter=name, found=said[:40], expected="true, false")
    return said in {"true", "1"}


def _attributes(said: str, structure: DataStructure) -> frozenset[str] | None:
    words = frozenset(said.split(","))
    if words & _EVERY:
        return None
    ids = words - _LEVELS
    _known("attributes", ids, (a.id for a in structure.attributes), (*_EVERY, *_LEVELS))
    return ids


def _measure(said: str, structure: DataStructure) -> bool:
    words = frozenset(said.split(","))
    _known("measures", words - {"all", "none"}, (structure.measure.id,), ("all", "none"))
    return words != {"none"}


def _known(parameter: str, ids: Iterable[str], known: Iterable[str], words: Iterable[str]) -> None:
    allowed = [*sorted(words), *known]
    for id in ids:
        if id not in allowed:
            raise SdmxArgument(parameter=parameter, found=id[:80], expected=", ".join(allowed))
