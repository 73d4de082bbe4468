"""How rows are fetched from each kind of source into a file of the spool."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file that came from a source. ``watermark``, ``etag`` and ``last_modified`` hold once the
    delivery is taken; ``origin`` is the watched file to be moved away afterwards."""

    file: Path
    name: str
    watermark: Mapping[str, Any] | None = None
    etag: str = ""
    last_modified: str = ""
    origin: Path | None = None
    rows: int | None = None
