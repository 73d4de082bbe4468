"""A zone with the shipped packs and a few figures; readers with and without tokens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from qiantang.doors.api.limits import LIMITER
from qiantang.kernel.actors import SYSTEM, Actor
from qiantang.rooms.catalogue import services as catalogue
from qiantang.rooms.indicators import services
from qiantang.rooms.journal.services import deliver_pending
from qiantang.rooms.people.services import issue_token
from qiantang.rooms.shelf import services as shelf_services

ROOT = "/api/v1"


def figure(id: str, period: str, value: str, **more: str) -> dict[str, str]:
    return {
        "id": id,
        "indicator": "core_va",
        "division": "330000",
        "period": period,
        "value": value,
        "unit": "亿元",
        "kind": "actual",
        "grade": "A",
        "source_title": "浙江统计年鉴",
        "source_address": "https://tjj.zj.gov.cn/",
        "published": "2020-09-01",
        "quote": f"核心产业增加值{value}亿元",
        **more,
    }


@pytest.fixture(autouse=True)
def _fresh_limits() -> Iterator[None]:
    LIMITER.clear()
    yield
    LIMITER.clear()


@pytest.fixture
def zone(tree: None, lake_folder: Path) -> None:
    """The packs, the organisations and the catalogue; no figure yet."""
    shelf_services.install_builtin(SYSTEM)
    for pack in ("geography", "statistics-zhejiang"):
        catalogue.register_resources(SYSTEM, pack)


@pytest.fixture
def figures(zone: None, officer: Actor, approver: Actor) -> None:
    """Three published figures of core value added."""
    for form in (
        figure("X14", "2014", "2854"),
        figure("X18", "2018-01/2018-09", "3855.7"),
        figure("X19", "2019", "6228.9"),
    ):
        sent = services.submit_observation(officer, form)
        services.approve(approver, sent.id, sent.version)
    deliver_pending()


class Reader:
    """Asks the API as one person, or as nobody."""

    def __init__(self, token: str = "") -> None:
        self.client = Client(raise_request_exception=False)
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def get(self, address: str, **headers: str) -> Any:
        return self.client.get(f"{ROOT}{address}", headers={**self.headers, **headers})

    def post(self, address: str, body: Any = None, **headers: str) -> Any:
        return self.client.post(
            f"{ROOT}{address}",
            data=body,
            content_type="application/json",
            headers={**self.headers, **headers},
        )


@pytest.fixture
def public() -> Reader:
    return Reader()


@pytest.fixture
def as_actor() -> Callable[..., Reader]:
    """``as_actor(officer, "read", "write")``: a reader with a token of those scopes."""

    def made(actor: Actor, *scopes: str) -> Reader:
        return Reader(issue_token(actor, "test", scopes or ("read", "write")))

    return made
