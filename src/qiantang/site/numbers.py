"""Whole numbers that the environment sets, refused with the name of the variable."""

from __future__ import annotations

import os

from qiantang.site.errors import BadSetting


def whole(name: str, standard: int) -> int:
    """The variable's value, 0 or more; ``standard`` when it is not set. Raises `BadSetting`."""
    written = os.environ.get(name, "").strip()
    if not written:
        return standard
    if not written.isascii() or not written.isdigit() or len(written) > 9:
        raise BadSetting(name=name, found=written)
    return int(written)
