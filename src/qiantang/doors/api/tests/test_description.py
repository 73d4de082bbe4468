"""The OpenAPI description holds: whatever is asked, only documented answers come back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
import schemathesis
from django.core import signals
from django.core.handlers.wsgi import WSGIHandler
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import checks

from qiantang.doors.api.tests.conftest import figure
from qiantang.doors.api.urls import schema
from qiantang.kernel.actors import SYSTEM, Actor
from qiantang.rooms.indicators import selectors, services
from qiantang.rooms.people.services import issue_token

CHECKS = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
    checks.allow_header_conformance,
]
EXAMPLES = 12


@pytest.fixture
def kept_connection() -> Iterator[None]:
    """A request's end would close the connection that holds the test's transaction; Django's own
    test client takes the same precaution."""
    both = (signals.request_started, signals.request_finished)
    for signal in both:
        signal.disconnect(close_old_connections)
    yield
    for signal in both:
        signal.connect(close_old_connections)


@pytest.fixture
def token_of(
    kept_connection: None, figures: None, officer: Actor, approver: Actor
) -> Callable[[str], str]:
    """A token for a role, with submissions waiting."""
    for n in range(3):
        services.submit_observation(officer, figure(f"W{n}", "2021", str(7000 + n)))

    def made(role: str) -> str:
        actor = {"officer": officer, "approver": approver}.get(role)
        return issue_token(actor, "fuzz", ("read", "write")) if actor else ""

    return made


def test_every_operation_names_its_answers() -> None:
    for path, operations in schema()["paths"].items():
        for method, operation in operations.items():
            answers = set(operation["responses"])
            assert {"400", "401", "403", "404", "405", "422", "429", "500"} <= answers, path
            assert ({"304"} if method == "get" else {"409", "413", "415"}) <= answers, path
            assert operation["summary"].count(" / ") == 1
            assert operation["description"].count(" / ") == 1


def test_headers_are_named_as_they_are_sent_and_numbers_of_snapshots_are_text_too() -> None:
    asked = schema()["paths"]["/api/v1/deliveries"]["post"]["parameters"]
    assert [p["name"] for p in asked if p["in"] == "header"] == ["Idempotency-Key"]
    for name in ("RunOut", "Assessment", "OriginOut"):
        said = schema()["components"]["schemas"][name]["properties"]
        assert "snapshot_id" in said["snapshot"]["anyOf"][0]["description"]
        assert said["snapshot_id"]["anyOf"][0]["type"] == "string"


def test_operations_have_short_stable_names() -> None:
    names = [o["operationId"] for ops in schema()["paths"].values() for o in ops.values()]
    assert len(set(names)) == len(names)
    assert {"targets", "assessment", "observation_list", "submit", "approve"} <= set(names)


@pytest.mark.slow
@pytest.mark.parametrize("role", ["public", "officer", "approver"])
def test_no_request_brings_a_failure_or_an_undocumented_answer(
    role: str, token_of: Callable[[str], str], settings: Any
) -> None:
    settings.QIANTANG_API_ANONYMOUS_PER_MINUTE = 0
    settings.ALLOWED_HOSTS = ["*"]
    token = token_of(role)
    headers = {"Accept-Encoding": "identity"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", WSGIHandler())
    tried = 0
    for result in described.get_all_operations():
        for mode in schemathesis.GenerationMode:
            _tried(result.ok(), mode, headers)
        tried += 1
    assert tried == sum(len(operations) for operations in schema()["paths"].values())


def _tried(operation: Any, mode: schemathesis.GenerationMode, headers: dict[str, str]) -> None:
    """Requests as described, or broken on purpose, must both get a documented answer."""
    try:
        strategy = operation.as_strategy(generation_mode=mode)
    except schemathesis.errors.SchemathesisError:
        return

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=strategy)
    def ask(case: Any) -> None:
        case.call_and_validate(headers=headers, checks=CHECKS)

    with suppress(*([Unsatisfiable] if mode is schemathesis.GenerationMode.NEGATIVE else [])):
        ask()  # an address without parameters cannot be asked wrongly


DETAILS = {
    "/plans/{id}": "zone-2017",
    "/plans/{id}/assessment": "zone-2017",
    "/targets/{id}": "T01",
    "/targets/{id}/history": "T01",
    "/indicators/{id}": "core_va",
    "/observations/{id}": "X19",
    "/divisions/{code}": "330000",
    "/packs/{id}": "geography",
    "/resources/{id}": "geography.division",
    "/submissions/{id}": "own",
}


def test_what_is_found_has_the_described_shape(token_of: Callable[[str], str]) -> None:
    headers = {"Accept-Encoding": "identity", "Authorization": f"Bearer {token_of('officer')}"}
    described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", WSGIHandler())
    waiting = selectors.submissions(SYSTEM).items or ()
    own = str(max((s.id for s in waiting), default=1))
    for template, id in DETAILS.items():
        operation = described[f"/api/v1{template}"]["GET"]
        name = template.split("{")[1].split("}")[0]
        case = operation.Case(path_parameters={name: own if id == "own" else id})
        response = case.call_and_validate(headers=headers, checks=CHECKS)
        assert response.status_code == 200, template
