"""The folder of a written result: whole, or not there."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qiantang.engine.compute.errors import FolderTaken


@contextmanager
def filling(folder: Path) -> Iterator[None]:
    """Write into ``folder``, which is new or empty; whatever fails leaves nothing of it.

    Raises `FolderTaken`.
    """
    if folder.exists() and any(folder.iterdir()):
        raise FolderTaken(found=folder.name)
    folder.mkdir(parents=True, exist_ok=True)
    try:
        yield
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
