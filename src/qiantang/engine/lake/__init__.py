"""Tables with versions on the local disk: the data plane's store. Start at `Lake`."""

from qiantang.engine.lake.lake import Lake
from qiantang.engine.lake.state import Snapshot

__all__ = ["Lake", "Snapshot"]
