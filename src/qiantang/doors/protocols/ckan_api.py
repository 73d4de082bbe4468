"""``/api/action/NAME`` and ``/api/3/action/NAME``: CKAN's action API, the read side.

The envelope and the kinds of error are CKAN's, so that `ckanapi` raises what its users expect.
"""

from __future__ import annotations

import json
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from qiantang.doors import other_sites
from qiantang.doors.protocols import (
    actions,
    asked,
    datastore,
    datastore_sql,
    organisations,
    package_search,
    resource_search,
)
from qiantang.doors.protocols.answering import (
    actor_of,
    etag,
    ours,
    shared,
    told_when,
    unchanged,
    validated,
)
from qiantang.doors.protocols.calls import Call
from qiantang.doors.protocols.errors import BodyUnreadable
from qiantang.kernel.errors import Invalid, NotFound, QiantangError, Refused
from qiantang.standards import ckan
from qiantang.standards.errors import ArgumentWrong, QueryNotUnderstood

_HELP: Final = "help_show"
ACTIONS: Final = {
    **actions.ACTIONS,
    **package_search.ACTIONS,
    **resource_search.ACTIONS,
    **organisations.ACTIONS,
    **datastore.ACTIONS,
    **datastore_sql.ACTIONS,
}


@csrf_exempt
def action(request: HttpRequest, name: str) -> HttpResponseBase:
    """One action. GET, POST with a form, POST with JSON."""
    if refused := other_sites.not_read(request, also="POST"):
        return shared(refused)
    help_at = request.build_absolute_uri(f"/api/3/action/help_show?name={name}")
    if name not in ACTIONS and name != _HELP:
        # CKAN's own words, without an envelope: clients tell by them what a site does not have.
        return shared(_json(json.dumps(f"Bad request - Action name not known: {name}"), 400))
    try:
        result = _result(request, name)
    except Exception as error:  # noqa: BLE001 - the last resort, logged with a number
        known = ours(error, request)
        if isinstance(known, BodyUnreadable):
            return shared(_json(json.dumps(f"Bad request - JSON Error: {_both(known)}"), 400))
        answer = _json(_text(_failure(help_at, known)), _status(known))
        return shared(told_when(answer, known))
    answer = _json(_success(help_at, result), 200)
    if request.method == "POST":
        return shared(answer)
    tag = etag(answer.content)
    return shared(unchanged(request, tag) or validated(answer, tag))


def _result(request: HttpRequest, name: str) -> Any:
    actor = actor_of(request)
    given = asked.arguments(request)
    if name == _HELP:
        wanted = asked.text(given, "name")
        if wanted not in ACTIONS:
            raise NotFound(found=wanted)
        return ACTIONS[wanted][1]
    return ACTIONS[name][0](Call(actor, request, given))


def _failure(help_at: str, error: QiantangError) -> dict[str, Any]:
    match error:
        case NotFound():
            return ckan.missing(help_at, f"Not found: {_both(error)}")
        case ArgumentWrong() | QueryNotUnderstood():
            return ckan.wrong(help_at, {str(error.fields["parameter"]): _both(error)})
        case Invalid():
            return ckan.wrong(help_at, {"message": _both(error)})
        case Refused() if error.status in {401, 403}:
            return ckan.refused(help_at, _both(error))
        case Refused():
            return ckan.wrong(help_at, {"query": _both(error)})
    return ckan.failure(help_at, "Internal Server Error", {"message": _both(error)})


def _both(error: QiantangError) -> str:
    """CKAN has one text for an error."""
    return f"{error.message('en')} {error.message('zh')}"


def _status(error: QiantangError) -> int:
    """CKAN's codes: 404 not found, 403 not authorised, 409 not valid."""
    match error:
        case _ if error.status == 429:
            return 429
        case NotFound():
            return 404
        case Refused() if error.status in {401, 403}:
            return 403
        case Invalid() | Refused():
            return 409
    return error.status


def _success(help_at: str, result: Any) -> str:
    if not isinstance(result, datastore.Written):
        return _text(ckan.success(help_at, result))
    # The records are the last part of the result, as the result is of the envelope.
    text = _text(ckan.success(help_at, {**result.result, "records": []}))
    return text.removesuffix("[]}}") + result.records + "}}"


def _text(body: dict[str, Any]) -> str:
    return json.dumps(body, ensure_ascii=False, default=str)


def _json(text: str, status: int) -> HttpResponse:
    return HttpResponse(text, content_type="application/json;charset=utf-8", status=status)
