"""Anonymous readers of the standards' endpoints may not take more than their share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from qiantang.doors.protocols import limits
from qiantang.kernel.actors import Actor
from qiantang.rooms.people.services import issue_token

pytestmark = pytest.mark.django_db
ADDRESSES = ("/dcat/catalog.ttl", "/api/3/action/site_read", "/oai?verb=Identify",
             "/data/harbour.berths.csv")  # fmt: skip


@pytest.fixture(autouse=True)
def _two_a_minute(settings: Any) -> Iterator[None]:
    settings.QIANTANG_FEEDS_ANONYMOUS_PER_MINUTE = 2
    limits.LIMITER.clear()
    yield
    limits.LIMITER.clear()


@pytest.mark.parametrize("address", ADDRESSES)
def test_who_asks_too_often_is_told_when_to_come_back(
    harbour: None, client: Client, address: str
) -> None:
    statuses = [client.get(address).status_code for _ in range(2)]
    assert statuses == [200, 200]
    refused = client.get(address)
    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 30
    assert client.get(address, REMOTE_ADDR="192.0.2.9").status_code == 200


def test_a_token_lifts_the_limit(harbour: None, client: Client, clerk: Actor) -> None:
    headers = {"Authorization": f"Bearer {issue_token(clerk, 'feed', ('read',))}"}
    for _ in range(5):
        assert client.get("/dcat/catalog.ttl", headers=headers).status_code == 200


def test_it_can_be_switched_off(harbour: None, client: Client, settings: Any) -> None:
    settings.QIANTANG_FEEDS_ANONYMOUS_PER_MINUTE = 0
    for _ in range(5):
        assert client.get("/api/3/action/site_read").status_code == 200
