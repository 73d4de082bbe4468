"""The name that a pack's resource (``pack.local``) has in every feed: that of a standard which the
datasets conform to; and the resource behind a name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_DECLARED: Final = "urn:qiantang:declared:"
_PACK_RESOURCE: Final = re.compile(
    rf"{_DECLARED}([a-z0-9_-]{{1,80}}\.[a-z0-9_-]{{1,79}})", re.ASCII
)


def declared_uri(id: str) -> str:
    """The declaration of a pack (``pack.local``) as a standard that datasets conform to."""
    return f"{_DECLARED}{id}"


def declared_of(uris: Iterable[str]) -> str:
    """The pack's resource that the first of our declarations among the standards names, else
    empty."""
    found = (_PACK_RESOURCE.fullmatch(uri) for uri in sorted(uris))
    return next((match[1] for match in found if match), "")
