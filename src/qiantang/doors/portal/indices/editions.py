"""Editions in words and as JSON, and what one changes against another."""

from __future__ import annotations

from typing import Any, Final

from qiantang.rooms.indices.shapes import EditionDifference, EditionView

SHOWN: Final = 200
"""Rows of a long list of changes; the bundles hold all."""


def file_name(key: str, number: int) -> str:
    """What the bundle of an edition is called when it is kept."""
    return f"{key}-{number}.zip"


def edition_plain(e: EditionView) -> dict[str, Any]:
    """An edition as JSON carries it."""
    return {
        "number": e.number,
        "title": e.title,
        "note": e.note,
        "as_of": e.as_of,
        "published_at": e.decided_at,
        "corrects": e.corrects,
        "corrected_by": e.corrected_by,
        "reason": e.reason,
        "digest": e.digest,
        "fingerprint": e.fingerprint,
        "size": e.size,
    }


def difference_shown(difference: EditionDifference) -> dict[str, Any]:
    """What the part that shows a difference needs."""
    return {
        "difference": difference,
        "settings": (*difference.recipe, *difference.structure),
        "most": f":{SHOWN}",
        "count_shown": SHOWN,
    }
