"""The catalogue's verbs; every write goes through one of them."""

from __future__ import annotations

from qiantang.rooms.catalogue.services.arrivals import Arrival, record_arrival
from qiantang.rooms.catalogue.services.conflicts import (
    DECISIONS,
    settle_conflict,
    settle_conflicts,
)
from qiantang.rooms.catalogue.services.deciding import publish, retire, send_back, withdraw
from qiantang.rooms.catalogue.services.drafting import change, discard, draft, submit
from qiantang.rooms.catalogue.services.harvesting import (
    HarvestOrigin,
    Taken,
    take_harvested,
    withdraw_harvested,
)
from qiantang.rooms.catalogue.services.registering import register_resources, take
from qiantang.rooms.catalogue.services.restoring import restore
from qiantang.rooms.catalogue.services.transferring import (
    accept_transfer,
    decline_transfer,
    transfer,
)

__all__ = [
    "DECISIONS",
    "Arrival",
    "HarvestOrigin",
    "Taken",
    "accept_transfer",
    "change",
    "decline_transfer",
    "discard",
    "draft",
    "publish",
    "record_arrival",
    "register_resources",
    "restore",
    "retire",
    "send_back",
    "settle_conflict",
    "settle_conflicts",
    "submit",
    "take",
    "take_harvested",
    "transfer",
    "withdraw",
    "withdraw_harvested",
]
