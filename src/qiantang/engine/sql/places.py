"""Where a node of the parse tree stands in the text."""

from __future__ import annotations

from sqlglot import exp


def place_of(node: exp.Expr) -> tuple[int, int]:
    """Line and column of the node's first positioned part, from 1; (0, 0) when none has one."""
    best: tuple[int, int] | None = None
    for part in node.walk():
        meta = part.meta
        if "line" in meta:
            width = int(meta.get("end", 0)) - int(meta.get("start", 0))
            here = (int(meta["line"]), max(1, int(meta["col"]) - width))
            best = here if best is None else min(best, here)
    return best or (0, 0)
