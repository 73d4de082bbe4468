"""Composite indices through the API: what the public reads, what departments do."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler

from qiantang.doors.api.tests.conftest import Reader
from qiantang.doors.api.tests.test_description import CHECKS, kept_connection
from qiantang.engine.index.bundle import verify
from qiantang.kernel.actors import SYSTEM, Actor
from qiantang.kernel.text import Text
from qiantang.rooms.catalogue import services as catalogue
from qiantang.rooms.indices import making, services
from qiantang.rooms.indices.tests.yearly import FIRST, SECOND, SMALL, declare, publish_year
from qiantang.rooms.people.services import issue_token

__all__ = ["declare", "kept_connection", "publish_year"]
KEY = "asem-connectivity.connectivity"
HERE = f"/indices/{KEY}"
BODY = {"title": {"zh": "首版", "en": "First"}}


@pytest.fixture
def index(zone: None, tmp_path: Any, settings: Any) -> None:
    settings.QIANTANG_EDITIONS = tmp_path / "editions"
    settings.QIANTANG_CREDENTIALS = tmp_path / "credentials"
    catalogue.register_resources(SYSTEM, "asem-connectivity")
    making.forget()


@pytest.fixture
def published(index: None, officer: Actor, approver: Actor) -> None:
    planned = services.plan_edition(officer, KEY, title=Text("首版", "First"))
    services.publish_edition(approver, KEY, planned.number)


def test_two_people_publish_and_everybody_downloads(
    index: None, officer: Actor, approver: Actor, public: Reader, as_actor: Any
) -> None:
    assert public.get(f"{HERE}/ranking").json()["code"] == "indices.nothing_published"
    planned = as_actor(officer).post(f"{HERE}/editions", BODY)
    assert planned.status_code == 201, planned.content
    assert public.get(f"{HERE}/editions/1").status_code == 404
    own = as_actor(officer).post(f"{HERE}/editions/1/publish")
    assert own.json()["code"] == "indices.not_approver"
    assert as_actor(approver).get(f"{HERE}/editions/1/difference").json()["against"] is None
    assert as_actor(approver).post(f"{HERE}/editions/1/publish").json()["state"] == "published"
    bundle = public.get(f"{HERE}/editions/1/bundle")
    assert bundle.headers["Content-Type"] == "application/zip"
    pin = public.get(HERE).json()["public_key"]
    assert verify(bundle.content, pin).outcome == "same"


def test_present_figures_are_not_public(
    published: None, officer: Actor, stranger: Actor, public: Reader, as_actor: Any
) -> None:
    assert public.get(f"{HERE}/working").status_code == 401
    assert as_actor(stranger).get(f"{HERE}/working").json()["code"] == "indices.not_inside"
    told = as_actor(officer).get(f"{HERE}/working").json()
    assert told["gaps"]
    assert as_actor(stranger).post(f"{HERE}/editions", BODY).status_code == 403
    assert public.post(f"{HERE}/editions", BODY).status_code == 401


def test_a_link_holds_a_whole_what_if(published: None, public: Reader) -> None:
    plain = public.get(f"{HERE}/ranking").json()
    asked = f"{HERE}/what-if?change=weight.Sust=3&change=normalise.method%3Drank"
    told = public.get(asked).json()
    assert told["changes"] == {"weight.Sust": "3", "normalise.method": "rank"}
    assert told["weights"]["Sust"] == 0.75
    assert told["moved"] > 0
    assert public.get(f"{HERE}/ranking").json() == plain
    refused = public.get(f"{HERE}/what-if?change=weight.Nothing=1")
    assert (refused.status_code, refused.json()["code"]) == (422, "indices.change_invalid")
    assert public.get(f"{HERE}/what-if?change=nonsense").json()["code"] == "api.bad_parameters"


def test_moves_since_last_years_edition_are_told(
    kept_connection: None, publish_year: Any, public: Reader, settings: Any
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    publish_year(2018, FIRST)
    publish_year(2019, SECOND)
    # Before the reader's questions: Django's test client lets a request's end close connections.
    described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", WSGIHandler())
    for path, places in (("ranking", {}), ("units/{unit}", {"unit": "CHN"})):
        operation = described[f"/api/v1/indices/{{id}}/{path}"]["GET"]
        case = operation.Case(path_parameters={"id": SMALL, **places})
        answer = case.call_and_validate(headers={"Accept-Encoding": "identity"}, checks=CHECKS)
        assert answer.status_code == 200, path
    assert public.get(f"/indices/{SMALL}/ranking?edition=1").json()["since"] is None
    since = public.get(f"/indices/{SMALL}/ranking").json()["since"]
    assert (since["year"], since["before"], since["edition"]) == (2019, 2018, 1)
    assert [each["code"] for each in since["rescaled"]] == ["Flights"]
    assert [each["code"] for each in since["appeared"]] == ["KOR"]
    unit = public.get(f"/indices/{SMALL}/units/CHN").json()["since"]
    parts = sum(s["share"] for s in unit["shares"]) + unit["yardstick"] + unit["rules"]
    assert parts + unit["regime"] == pytest.approx(unit["total"])


READS = (
    ("/indices", {}, {}),
    ("/indices/{id}", {}, {}),
    ("/indices/{id}/ranking", {}, {"element": "Conn"}),
    ("/indices/{id}/units/{unit}", {"unit": "CHN"}, {}),
    ("/indices/{id}/elements/{element}", {"element": "LPI"}, {}),
    ("/indices/{id}/elements/{element}", {"element": "Conn"}, {}),
    ("/indices/{id}/comparison", {}, {"one": "CHN", "other": "JPN"}),
    ("/indices/{id}/what-if", {}, {"change": ["weight.Conn=2"]}),
    ("/indices/{id}/robustness", {}, {}),
    ("/indices/{id}/method", {}, {}),
    ("/indices/{id}/working", {}, {}),
    ("/indices/{id}/editions", {}, {}),
    ("/indices/{id}/editions/{number}", {"number": "1"}, {}),
    ("/indices/{id}/editions/{number}/difference", {"number": "1"}, {}),
)


def test_every_read_has_the_described_shape(
    kept_connection: None, published: None, officer: Actor, settings: Any
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    token = issue_token(officer, "shapes", ("read", "write"))
    headers = {"Accept-Encoding": "identity", "Authorization": f"Bearer {token}"}
    described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", WSGIHandler())
    for template, places, query in READS:
        operation = described[f"/api/v1{template}"]["GET"]
        known = {"id": KEY, **places} if "{id}" in template else places
        case = operation.Case(path_parameters=known, query=query)
        response = case.call_and_validate(headers=headers, checks=CHECKS)
        assert response.status_code == 200, template
