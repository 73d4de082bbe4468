"""A county's catalogue over HTTP, registered as an upstream here."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from qiantang.kernel.actors import SYSTEM
from qiantang.kernel.text import Text
from qiantang.rooms.harvest import fetching, services
from qiantang.rooms.harvest.tests.upstreams import Upstream, an_entry, serving


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "_PAUSE", 0.001)


@pytest.fixture
def county(tree: None) -> Iterator[Upstream]:
    with serving(Upstream([an_entry(n) for n in range(25)])) as upstream:
        add(upstream)
        yield upstream


def add(upstream: Upstream, id: str = "xihu", **more: object) -> None:
    new = services.NewUpstream(
        id=id,
        address=upstream.address,
        name=Text("西湖区目录", "Xihu"),
        private=True,
        **more,  # type: ignore[arg-type]
    )
    services.add_upstream(SYSTEM, new)
