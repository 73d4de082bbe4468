"""The newest file plan of each table, kept beside the tables so that readers stay small.

Planning needs PyIceberg, a second of import and tens of megabytes; a reader that finds the plan of
the snapshot it wants goes without. A snapshot's files never change, so a kept plan is right or it
is for another snapshot; a lost or damaged one is only planned again. Paths are kept relative to
the tables, so that the plan of a moved lake is right too.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from qiantang.engine.lake.plans import FilePlan


def kept(folder: Path, root: Path, table: str, snapshot: int) -> FilePlan | None:
    """The plan of exactly ``snapshot``, when it is the one that was kept."""
    try:
        raw = json.loads((folder / f"{table}.json").read_bytes())
        if raw["snapshot"] != snapshot:
            return None
        paths = tuple(str(root / path) for path in raw["files"])
        ranges = tuple((s[0], s[1]) if s else None for s in raw.get("ranges", ()))
        fits = len(ranges) == len(paths)
        return FilePlan(paths, int(raw["rows"]), ranges=ranges if fits else ())
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return None


def keep(folder: Path, root: Path, table: str, snapshot: int, plan: FilePlan) -> None:
    """Put ``plan`` in place of the kept one, whole or not at all; a full disk does not matter."""
    fresh = folder / f".{table}.{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        files = [os.path.relpath(path, root) for path in plan.paths]
        body = {"snapshot": snapshot, "rows": plan.rows, "files": files, "ranges": plan.ranges}
        fresh.write_text(json.dumps(body), encoding="utf-8")
        fresh.replace(folder / f"{table}.json")
    except OSError:
        return
