"""How often anonymous readers may ask the API: one token bucket for each address.

Setting ``QIANTANG_API_ANONYMOUS_PER_MINUTE`` (0 switches it off).
"""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.http import HttpRequest

from qiantang.doors import limits

PER_MINUTE: Final = 240
LIMITER: Final = limits.Limiter()


def admit(request: HttpRequest) -> None:
    """Raise `TooManyRequests` when this anonymous reader has asked too often."""
    allowed = int(getattr(settings, "QIANTANG_API_ANONYMOUS_PER_MINUTE", PER_MINUTE))
    limits.admit(LIMITER, request, allowed)
