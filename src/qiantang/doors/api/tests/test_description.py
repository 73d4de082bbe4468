"""The OpenAPI description holds: whatever is asked, only documented answers come back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from hypothesis import HealthCheck, given, settings
from schemathesis import checks

from qiantang.doors.api.tests.conftest import figure
from qiantang.doors.api.urls import schema
from qiantang.kernel.actors import Actor
from qiantang.rooms.indicators import services
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
def token_of(figures: None, officer: Actor, approver: Actor) -> Callable[[str], str]:
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
            assert operation["description"]


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
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", WSGIHandler())
    tried = 0
    for result in described.get_all_operations():
        _tried(result.ok(), headers)
        tried += 1
    assert tried == sum(len(operations) for operations in schema()["paths"].values())


def _tried(operation: Any, headers: dict[str, str]) -> None:
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def ask(case: Any) -> None:
        case.call_and_validate(headers=headers, checks=CHECKS)

    ask()
