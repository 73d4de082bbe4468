"""The catalogue's verbs; every write goes through one of them."""

from __future__ import annotations

from qiantang.rooms.catalogue.services.arrivals import Arrival, record_arrival
from qiantang.rooms.catalogue.services.deciding import publish, retire, send_back, withdraw
from qiantang.rooms.catalogue.services.registering import register_resources, take

__all__ = [
    "Arrival",
    "publish",
    "record_arrival",
    "register_resources",
    "retire",
    "send_back",
    "take",
    "withdraw",
]
