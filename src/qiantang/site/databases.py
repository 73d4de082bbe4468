"""Which database the control plane uses: the zone's SQLite file, or PostgreSQL by its address."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from qiantang.site.errors import BadDatabaseUrl


def sqlite(path: Path | None) -> dict[str, Any]:
    """One file; in memory without a zone. Writers queue (IMMEDIATE), readers never wait (WAL)."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path) if path else ":memory:",
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 15,
            # FULL: an acknowledged decision survives a power cut, as the lake's commits do.
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                "PRAGMA cache_size=-8000; PRAGMA journal_size_limit=16777216"
            ),
        },
    }


def postgresql(url: str, *, pooled: bool = True) -> dict[str, Any]:
    """``postgresql://user:password@host:port/name?sslmode=...``. Raises `BadDatabaseUrl`; the
    address is not repeated, because it holds the password."""
    try:
        parts = urlsplit(url)
        name, port = parts.path.lstrip("/"), parts.port
    except ValueError:
        raise BadDatabaseUrl(found="port") from None
    if parts.scheme not in ("postgresql", "postgres") or not name:
        raise BadDatabaseUrl(found=parts.scheme if name else "name")
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    host = options.pop("host", "") or unquote(parts.hostname or "")
    if pooled:
        options["pool"] = {"min_size": 1, "max_size": 8, "timeout": 10}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(name),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(port or ""),
        "OPTIONS": options,
    }
