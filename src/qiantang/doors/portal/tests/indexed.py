"""A zone with a published index: the shipped worked example, planned by one and published by
another."""

from __future__ import annotations

from qiantang.kernel.actors import Actor
from qiantang.kernel.text import Text
from qiantang.rooms.indices import services

KEY = "asem-connectivity.connectivity"
PANEL = "asem-connectivity.connectivity-panel"
TITLE = Text("第一版", "First edition")


def publish_index(officer: Actor, approver: Actor, key: str) -> int:
    """One more edition of ``key``; its number."""
    number = services.plan_edition(officer, key, title=TITLE).number
    services.publish_edition(approver, key, number)
    return number
