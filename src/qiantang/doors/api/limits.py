"""How often anonymous readers may ask the API: one token bucket for each address.

Setting ``QIANTANG_API_ANONYMOUS_PER_MINUTE`` (0 switches it off).
"""

from __future__ import annotations

import time
from typing import Final

from django.conf import settings
from django.http import HttpRequest

from qiantang.doors.limits import Limiter, address_of

__all__ = ["LIMITER", "Limiter", "address_of", "per_minute", "seconds_to_wait"]
PER_MINUTE: Final = 240
LIMITER: Final = Limiter()


def per_minute() -> int:
    return int(getattr(settings, "QIANTANG_API_ANONYMOUS_PER_MINUTE", PER_MINUTE))


def seconds_to_wait(request: HttpRequest) -> float:
    """0 when this anonymous reader may ask now."""
    allowed = per_minute()
    if allowed <= 0:
        return 0.0
    return LIMITER.wait(address_of(request), allowed, time.monotonic())
