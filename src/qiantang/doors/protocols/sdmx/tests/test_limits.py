"""The public's rate holds for every question, also for wrong ones."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from qiantang.doors.protocols import limits

pytestmark = pytest.mark.django_db


@pytest.fixture
def few(zone: None, settings: Any) -> Iterator[None]:
    settings.QIANTANG_FEEDS_ANONYMOUS_PER_MINUTE = 2
    limits.LIMITER.clear()
    yield
    limits.LIMITER.clear()


@pytest.mark.parametrize(
    "address",
    [
        "3.0/data/dataflow/*/NOTHING",
        "3.0/data/dataflow/*/FIGURES/*/A.gdp.330000",
        "3.0/structure/dataflow",
        "3.0/availability/dataflow/*/FIGURES",
        "3.0/schema/dataflow/*/FIGURES",
        "2.1/data/FIGURES?detail=wrong",
        "2.1/dataflow",
        "2.1/availableconstraint/FIGURES",
    ],
)
def test_who_asks_too_often_is_told_when_to_come_back(
    few: None, client: Client, address: str
) -> None:
    json_please = {"Accept": "application/json"}
    for _ in range(2):
        answer = client.get(f"/sdmx/{address}", headers=json_please)
        assert answer.status_code in {200, 400, 404}
    answer = client.get(f"/sdmx/{address}", headers=json_please)
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert json.loads(answer.getvalue())["errors"]
