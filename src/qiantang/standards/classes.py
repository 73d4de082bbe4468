"""The name that a resource class (类/项/目/细目) has in every feed, and the class behind a name."""

from __future__ import annotations

from typing import Final

_CLASS: Final = "urn:qiantang:resource-class:"


def class_uri(code: str) -> str:
    """The concept of a resource class."""
    return f"{_CLASS}{code}"


def class_of(uri: str) -> str:
    """The class code of a concept of ours, else empty."""
    return uri.removeprefix(_CLASS) if uri.startswith(_CLASS) else ""
