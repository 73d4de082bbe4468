"""The shipped packs, the organisations and an empty lake, and rows of real figures."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from qiantang.kernel.actors import SYSTEM, Actor
from qiantang.rooms.indicators import services, store
from qiantang.rooms.indicators.shapes import SubmissionView
from qiantang.rooms.journal.services import deliver_pending
from qiantang.rooms.shelf import selectors as shelf
from qiantang.rooms.shelf import services as shelf_services

RESOURCE = "statistics-zhejiang.observation"
Row = dict[str, str]


@pytest.fixture(autouse=True)
def zone(tree: None, lake_folder: Path) -> None:
    """Everything that a zone has before anybody sends a figure."""
    shelf_services.install_builtin(SYSTEM)


@pytest.fixture(params=[store.HELD_ROWS, -1], ids=["small", "large"])
def of_both_sizes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test runs twice: with the table held in memory, and with each part read as asked for."""
    monkeypatch.setattr(store, "HELD_ROWS", request.param)


@pytest.fixture
def real_rows() -> list[Row]:
    """The rows of the shipped data file on the value added of core industries."""
    data = shelf.resources()[RESOURCE].data
    assert data is not None
    with data.open(encoding="utf-8-sig", newline="") as file:
        return [row for row in csv.DictReader(file) if row["indicator"] == "core_va"]


@pytest.fixture
def form() -> Row:
    """A figure as the officer types it: the one that decides whether T01 was met."""
    return {
        "id": "X1",
        "indicator": "core_va",
        "division": "330000",
        "period": "2019",
        "value": "6228.9",
        "unit": "亿元",
        "kind": "actual",
        "grade": "A",
        "source_title": "2020年浙江统计年鉴",
        "published": "2020-09-01",
        "quote": "数字经济核心产业增加值6228.9亿元",
    }


@pytest.fixture
def publish(officer: Actor, approver: Actor) -> Callable[[Row], SubmissionView]:
    """Send a form and have it approved; the reactions have run."""

    def done(form: Row) -> SubmissionView:
        sent = services.submit_observation(officer, form)
        decided = services.approve(approver, sent.id, sent.version)
        deliver_pending()
        return decided

    return done
