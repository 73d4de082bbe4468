"""The envelope of every answer: ``help``, ``success``, ``result`` or ``error`` with ``__type``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

NOT_FOUND, NOT_AUTHORISED, VALIDATION = (
    "Not Found Error",
    "Authorization Error",
    "Validation Error",
)


def success(help: str, result: object) -> dict[str, Any]:
    return {"help": help, "success": True, "result": result}


def found(help: str, count: int, results: list[Any], **more: object) -> dict[str, Any]:
    """The answer of a search."""
    return success(help, {"count": count, "results": results, **more})


def failure(help: str, kind: str, error: Mapping[str, object]) -> dict[str, Any]:
    """A failed action; ``kind`` is CKAN's ``__type``."""
    return {"help": help, "success": False, "error": {"__type": kind, **error}}


def missing(help: str, said: str = "Not found") -> dict[str, Any]:
    return failure(help, NOT_FOUND, {"message": said})


def refused(help: str, said: str) -> dict[str, Any]:
    return failure(help, NOT_AUTHORISED, {"message": said})


def wrong(help: str, fields: Mapping[str, str]) -> dict[str, Any]:
    """A validation error: field to what is wrong with it."""
    return failure(help, VALIDATION, {name: [said] for name, said in fields.items()})
