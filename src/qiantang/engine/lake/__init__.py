"""Tables with versions on the local disk: the data plane's store. Start at `Lake`."""

from qiantang.engine.lake.lake import Lake
from qiantang.engine.lake.outcomes import Compaction, Condition, Expiry
from qiantang.engine.lake.plans import FilePlan
from qiantang.engine.lake.rows import Rows
from qiantang.engine.lake.state import Snapshot

__all__ = ["Compaction", "Condition", "Expiry", "FilePlan", "Lake", "Rows", "Snapshot"]
