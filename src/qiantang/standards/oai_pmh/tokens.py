"""Resumption tokens: the whole question and the place in it, signed; nothing is kept here.

A token stays good while the key does, and the same place gives the same token, so that a harvester
that lost an answer may ask again (section 3.5 of the protocol).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime

from qiantang.standards.oai_pmh.requests import FORMATS, OaiError


@dataclass(frozen=True, slots=True)
class Position:
    """After which record a list goes on; ``cursor`` counts what was given, ``size`` the list."""

    verb: str
    prefix: str
    after: str
    cursor: int
    size: int
    since: datetime | None = None
    until: datetime | None = None
    set: str = ""


def write_token(position: Position, key: bytes) -> str:
    body = json.dumps(
        [
            position.verb,
            position.prefix,
            position.after,
            position.cursor,
            position.size,
            position.since.isoformat() if position.since else "",
            position.until.isoformat() if position.until else "",
            position.set,
        ],
        ensure_ascii=False,
        separators=(",", ":"),
    ).encode()
    return base64.urlsafe_b64encode(_mark(body, key) + body).decode().rstrip("=")


def read_token(token: str, verb: str, key: bytes) -> Position:
    """The place that a token of ours names. Raises `OaiError` badResumptionToken."""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        mark, body = raw[:16], raw[16:]
        if not hmac.compare_digest(mark, _mark(body, key)):
            raise ValueError
        said, prefix, after, cursor, size, since, until, set_ = json.loads(body)
        if said != verb or prefix not in FORMATS:
            raise ValueError
        return Position(verb, prefix, after, cursor, size, _at(since), _at(until), set_)
    except (ValueError, TypeError) as error:
        said_en = "The token is not one of ours, or belongs to another verb."
        raise OaiError("badResumptionToken", said_en) from error


def _mark(body: bytes, key: bytes) -> bytes:
    return hmac.new(key, b"oai-pmh|" + body, hashlib.sha256).digest()[:16]


def _at(said: str) -> datetime | None:
    return datetime.fromisoformat(said) if said else None
