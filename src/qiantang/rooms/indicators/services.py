"""The verbs of the indicators room: every write goes through one of these."""

from __future__ import annotations

from qiantang.rooms.indicators.deciding import (
    approve,
    half_published,
    lost_publications,
    reject,
    withdraw,
)
from qiantang.rooms.indicators.deriving import publish_derived
from qiantang.rooms.indicators.judging import reassess, reassess_affected, reassess_ruled_by
from qiantang.rooms.indicators.overruling import overrule, withdraw_overrule
from qiantang.rooms.indicators.submitting import (
    deliver,
    submit_observation,
    submit_sheet,
    submit_withdrawal,
    take_delivery,
)

__all__ = [
    "approve",
    "deliver",
    "half_published",
    "lost_publications",
    "overrule",
    "publish_derived",
    "reassess",
    "reassess_affected",
    "reassess_ruled_by",
    "reject",
    "submit_observation",
    "submit_sheet",
    "submit_withdrawal",
    "take_delivery",
    "withdraw",
    "withdraw_overrule",
]
