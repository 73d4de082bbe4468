"""How often anonymous readers may ask the standards' endpoints: a bucket for each address.

Harvesters page quickly, so the limit is wider than the API's: 600 requests a minute (10 a second,
with feeds' pages of 500 entries 300,000 entries a minute). ``QIANTANG_FEEDS_ANONYMOUS_PER_MINUTE``
sets it, 0 switches it off; a token lifts it. Who is sent away is told when to come back, as
harvesters (ours, too) do by themselves.
"""

from __future__ import annotations

import math
import time
from typing import Final

from django.conf import settings
from django.http import HttpRequest

from qiantang.doors.limits import Limiter, address_of
from qiantang.doors.protocols.errors import TooManyReads
from qiantang.kernel.actors import Actor

PER_MINUTE: Final = 600
LIMITER: Final = Limiter()


def admit(request: HttpRequest, actor: Actor) -> None:
    """Raise `TooManyReads` when this anonymous reader has asked too often."""
    allowed = int(getattr(settings, "QIANTANG_FEEDS_ANONYMOUS_PER_MINUTE", PER_MINUTE))
    if allowed <= 0 or not actor.is_anonymous:
        return
    seconds = LIMITER.wait(address_of(request), allowed, time.monotonic())
    if seconds > 0:
        raise TooManyReads(expected=allowed, seconds=math.ceil(seconds))
