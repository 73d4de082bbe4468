"""The one table of functions: what may be called, what it gives, how Spark computes it.

The guard, the translation to Spark, the conformance suite and the reference page all read it.
"""

from __future__ import annotations

from typing import Final

from qiantang.engine.sql.functions.aggregates import AGGREGATES
from qiantang.engine.sql.functions.dates import DATES
from qiantang.engine.sql.functions.entry import Function, Gives, Kind
from qiantang.engine.sql.functions.numbers import NUMBERS
from qiantang.engine.sql.functions.texts import TEXTS
from qiantang.engine.sql.functions.windows import WINDOWS

FUNCTIONS: Final[tuple[Function, ...]] = AGGREGATES + WINDOWS + NUMBERS + TEXTS + DATES
BY_NODE: Final = {f.node: f for f in FUNCTIONS if f.node}
BY_NAME: Final = {f.name: f for f in FUNCTIONS if not f.node}

__all__ = ["BY_NAME", "BY_NODE", "FUNCTIONS", "Function", "Gives", "Kind"]
