"""The size and shape of a table, from its metadata alone: what decides whether it needs care."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qiantang.engine.lake.compaction import chosen_files, depth, sort_column
from qiantang.engine.lake.outcomes import Condition
from qiantang.engine.lake.plans import live_files

if TYPE_CHECKING:
    from qiantang.engine.lake.catalogue import Catalogue


def condition(catalogue: Catalogue, name: str) -> Condition:
    """See `Condition`. Reads the newest manifests, no data."""
    state = catalogue.state(name)
    live = live_files(name, catalogue.load(name))
    column = sort_column(state)
    line = state.snapshots
    return Condition(
        table=name,
        rows=sum(file.record_count for file in live),
        files=len(live),
        bytes=sum(file.file_size_in_bytes for file in live),
        mergeable=len(chosen_files(live, column)),
        depth=depth(live, column) if column else min(len(live), 1),
        snapshots=len(line),
        oldest=line[0].committed_at if line else None,
        newest=line[-1].committed_at if line else None,
        retention=state.retention,
    )
