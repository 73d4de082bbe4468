"""How often anonymous readers may ask the standards' endpoints: a bucket for each address.

Harvesters page quickly, so the limit is wider than the API's: 600 requests a minute (10 a second,
with feeds' pages of 500 entries 300,000 entries a minute). ``QIANTANG_FEEDS_ANONYMOUS_PER_MINUTE``
sets it, 0 switches it off; a token lifts it. Who is sent away is told when to come back, as
harvesters (ours, too) do by themselves.
"""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.http import HttpRequest

from qiantang.doors import limits

PER_MINUTE: Final = 600
LIMITER: Final = limits.Limiter()


def admit(request: HttpRequest) -> None:
    """Raise `TooManyRequests` when this anonymous reader has asked too often."""
    allowed = int(getattr(settings, "QIANTANG_FEEDS_ANONYMOUS_PER_MINUTE", PER_MINUTE))
    limits.admit(LIMITER, request, allowed)
