"""``data`` of both interfaces."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from django.http import HttpRequest, HttpResponseBase

from qiantang.doors.protocols.answering import actor_of
from qiantang.doors.protocols.sdmx import asked, providing
from qiantang.doors.protocols.sdmx.answering import NEW, OLD, header, sent, spoken
from qiantang.doors.protocols.sdmx.finding import answered
from qiantang.doors.protocols.sdmx.providing import Found
from qiantang.kernel.actors import Actor
from qiantang.standards.sdmx.data_json import write_json
from qiantang.standards.sdmx.data_xml import Dialect, write_xml
from qiantang.standards.sdmx.errors import SdmxArgument
from qiantang.standards.sdmx.forms import NEW_DATA, OLD_DATA, Form, choose
from qiantang.standards.sdmx.model import TIME, Header, Names
from qiantang.standards.sdmx.questions import Question
from qiantang.standards.sdmx.tables import Columns, write_csv


@spoken(NEW)
def data(request: HttpRequest, rest: str = "") -> HttpResponseBase:
    """``data/{context}/{agency}/{id}/{version}/{key}`` (SDMX REST 2.1, data queries)."""
    actor = actor_of(request)
    context, agency, id, version, key = segments(rest, 5, "*")
    found = asked.flow_of(context, agency, id, version)
    form = _form(request, (*NEW_DATA, *OLD_DATA))
    return _answer(request, actor, found, asked.question(request, found.structure, key), form)


@spoken(OLD)
def old_data(request: HttpRequest, rest: str) -> HttpResponseBase:
    """``data/{flow}/{key}/{provider}`` (SDMX REST 1.5, data queries)."""
    actor = actor_of(request)
    flow, key, provider = segments(rest, 3, "all")
    found = asked.old_flow_of(flow)
    if provider not in {"all", found.flow.ref.agency}:
        expected = found.flow.ref.agency
        raise SdmxArgument(parameter="providerRef", found=provider[:80], expected=expected)
    form = _form(request, (*OLD_DATA, *NEW_DATA))
    return _answer(request, actor, found, asked.old_question(request, found.structure, key), form)


def segments(rest: str, count: int, standard: str) -> list[str]:
    """The parts of an address, those left out at its end as the standard has them."""
    parts = rest.strip("/").split("/", count - 1) if rest.strip("/") else []
    return [*(part or standard for part in parts), *[standard] * (count - len(parts))]


def _form(request: HttpRequest, offered: tuple[Form, ...]) -> Form:
    return choose(request.headers.get("Accept", ""), request.GET.get("format", ""), offered)


def _answer(
    request: HttpRequest, actor: Actor, found: Found, question: Question, form: Form
) -> HttpResponseBase:
    if "timeseries" in form.kind:
        question = replace(question, at=TIME)
    return sent(request, actor, form, lambda: _made(actor, found, question, form, header(request)))


def _made(
    actor: Actor, found: Found, question: Question, form: Form, head: Header
) -> Iterable[bytes]:
    sets = answered(actor, found, question)
    old = form.version in {"1.0.0", "2.1"}
    match form.base:
        case "csv":
            names = Names() if form.labels == "id" else providing.names(found)
            return write_csv(sets, names, Columns(form.labels, form.keys, old, head.lang))
        case "json":
            return write_json(head, sets, providing.names(found), old=old)
    generic = form.kind.startswith("generic")
    dialect = Dialect("2.1" if old else "3.0", generic, "timeseries" in form.kind)
    return write_xml(head, sets, dialect)
