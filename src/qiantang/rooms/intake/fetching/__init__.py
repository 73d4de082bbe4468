"""How rows are fetched from each kind of source into a file of the spool."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file that came from a source. ``watermark``, ``etag`` and ``last_modified`` hold once the
    delivery is taken; ``still`` says whether the file is what it was when it was found."""

    file: Path
    name: str
    watermark: Mapping[str, Any] | None = None
    etag: str = ""
    last_modified: str = ""
    still: Callable[[], bool] = lambda: True
    rows: int | None = None
