"""How often one reader may ask: token buckets in the process, for every door that is open to all.

A limit is a courtesy to the other readers, not a wall: each worker process counts for itself.
``QIANTANG_API_PROXIES`` is the number of proxies in front whose ``X-Forwarded-For`` is believed.
"""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.http import HttpRequest

from qiantang.doors.errors import TooManyRequests

_KEPT: Final = 20_000


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


class Limiter:
    """Buckets that hold a minute's worth and fill evenly; the longest unused are forgotten."""

    def __init__(self, kept: int = _KEPT) -> None:
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()
        self._kept = kept
        self._lock = threading.Lock()

    def wait(self, key: str, per_minute: int, now: float) -> float:
        """Take one; seconds until the next is free when there is none, else 0."""
        rate = per_minute / 60
        with self._lock:
            bucket = self._buckets.pop(key, None) or _Bucket(float(per_minute), now)
            bucket.left = min(float(per_minute), bucket.left + max(0.0, now - bucket.at) * rate)
            bucket.at = now
            self._buckets[key] = bucket
            while len(self._buckets) > self._kept:
                self._buckets.popitem(last=False)
            if bucket.left >= 1:
                bucket.left -= 1
                return 0.0
            return (1 - bucket.left) / rate

    def clear(self) -> None:
        with self._lock:
            self._buckets.clear()


def admit(limiter: Limiter, request: HttpRequest, per_minute: int) -> None:
    """Let an anonymous reader in, as often as ``per_minute`` says (0: always). Raises
    `TooManyRequests`."""
    if per_minute <= 0:
        return
    seconds = limiter.wait(address_of(request), per_minute, time.monotonic())
    if seconds > 0:
        raise TooManyRequests(expected=per_minute, seconds=math.ceil(seconds))


def address_of(request: HttpRequest) -> str:
    """The reader's address: the peer's, or the one that our own proxies name."""
    peer = str(request.META.get("REMOTE_ADDR", ""))
    proxies = int(getattr(settings, "QIANTANG_API_PROXIES", 0))
    if proxies <= 0:
        return peer
    named = [a.strip() for a in str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",")]
    named = [a for a in named if a]
    return named[-proxies] if len(named) >= proxies else peer
