"""PyIceberg's transaction without its copies: a commit's cost stays near that of its files.

PyIceberg rebuilds the whole metadata by deep copy each time a step looks at it, about fifteen
times an append, and the metadata grows with every version. Between two looks nothing changes
unless an update was staged, so the last answer is kept until then.
"""

from __future__ import annotations

from pyiceberg.table import Table, Transaction
from pyiceberg.table.metadata import TableMetadata

from qiantang.engine.lake.committing import applied


class KeepingTransaction(Transaction):
    """Use as a context, like ``table.transaction()``; what it shows is only to be read."""

    def __init__(self, table: Table) -> None:
        self._kept: tuple[object, object, TableMetadata] | None = None
        super().__init__(table)

    @property
    def table_metadata(self) -> TableMetadata:
        kept, base, updates = self._kept, self._table.metadata, self._updates
        if kept is None or kept[0] is not base or kept[1] is not updates:
            shown = applied(base, updates) if updates else base
            self._kept = kept = (base, updates, shown)
        return kept[2]
