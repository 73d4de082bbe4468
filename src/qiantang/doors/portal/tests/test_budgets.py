"""List pages ask the database a fixed, small number of times."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.test import Client

BUDGETS = {
    "/": 8,
    "/targets/": 6,
    "/targets/T01/": 8,
    "/indicators/": 6,
    "/statistics/calendar/": 6,
    "/indicators/core_va/": 6,
    "/divisions/": 6,
    "/divisions/330100/": 6,
    "/plan/": 6,
    "/packs/": 6,
}


@pytest.mark.parametrize("address", BUDGETS)
def test_pages_keep_their_query_budget(
    figures: None,
    reader: Client,
    address: str,
    django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]],
) -> None:
    reader.get(address)
    with django_assert_max_num_queries(BUDGETS[address]):
        assert reader.get(address).status_code == 200
