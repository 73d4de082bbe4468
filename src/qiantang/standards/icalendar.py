"""iCalendar (RFC 5545): whole-day events as a feed that calendars subscribe to.

Only what a release calendar needs: VCALENDAR with VEVENTs. Lines end with CRLF and are folded at
75 octets (3.1), text is escaped (3.3.11), whole days are DATE values whose end is not included
(3.6.1).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

PRODUCT: Final = "-//Qiantang//Release calendar//ZH"
MEDIA_TYPE: Final = "text/calendar; charset=utf-8"
_WIDTH: Final = 75


@dataclass(frozen=True, slots=True)
class DayEvent:
    """One whole day. ``uid`` is the same whenever the feed is made again."""

    uid: str
    day: date
    summary: str
    description: str = ""
    categories: tuple[str, ...] = ()
    confirmed: bool = False


def write_calendar(name: str, events: Iterable[DayEvent], made_at: datetime) -> bytes:
    """The calendar as bytes in UTF-8. ``made_at`` must have a zone."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN"]
    lines += ["METHOD:PUBLISH", f"X-WR-CALNAME:{_text(name)}"]
    for event in events:
        lines += _event(event, made_at)
    lines.append("END:VCALENDAR")
    return b"".join(_folded(line) for line in lines)


def _event(event: DayEvent, made_at: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{_text(event.uid)}"
    yield f"DTSTAMP:{made_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{event.day + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{_text(event.summary)}"
    if event.description:
        yield f"DESCRIPTION:{_text(event.description)}"
    if event.categories:
        yield "CATEGORIES:" + ",".join(_text(c) for c in event.categories)
    yield f"STATUS:{'CONFIRMED' if event.confirmed else 'TENTATIVE'}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _text(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")


def _folded(line: str) -> bytes:
    """At most 75 octets a line, never cut inside a letter; what follows begins with a space."""
    parts: list[bytes] = []
    current = b""
    for letter in line:
        raw = letter.encode()
        width = _WIDTH - (1 if parts else 0)
        if len(current) + len(raw) > width:
            parts.append(current)
            current = b""
        current += raw
    parts.append(current)
    return b"\r\n ".join(parts) + b"\r\n"
