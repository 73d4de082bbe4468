"""Time and memory of judging 10,000 targets against 1,000,000 observations.

Run: ``python bench/targets.py [TARGETS] [OBSERVATIONS]``. Prints the figures with the machine.
"""

from __future__ import annotations

import os
import platform
import resource
import sys
import time
from collections import Counter
from datetime import date
from decimal import Decimal

import pyarrow as pa

from qiantang.engine.targets import assess_many
from qiantang.engine.targets.rows import OBSERVATION_SCHEMA
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Indicator, Nature
from qiantang.packkit.plans import Comparator, EvidenceRule, Rules, Target, TargetKind

RULES = Rules(about_tolerance=Decimal("0.05"), conflict_tolerance=Decimal("0.005"))
INDICATORS = 1000
YEARS = range(2010, 2025)
GRADES = ("A", "A-", "B", "B-", "C", "D")
KINDS = ("actual", "actual", "actual", "derived", "preliminary", "approximate", "later_target")


def main() -> None:
    targets = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    rows = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    table = observations(rows, targets)
    before = _peak()
    started, worked = time.perf_counter(), time.process_time()
    verdicts: Counter[str] = Counter()
    for a in assess_many(plan(targets), RULES, table, indicators(), date(2025, 6, 30)):
        verdicts[a.verdict.value] += 1
    seconds = time.perf_counter() - started
    processor = time.process_time() - worked
    print(f"machine     {_machine()}")
    print(f"targets     {targets:,}   observations {rows:,}")
    print(f"time        {seconds:.1f} s   {targets / seconds:,.0f} targets/s")
    print(f"processor   {processor:.1f} s")
    print(f"peak RSS    {_peak():,.0f} MB (of which {before:,.0f} MB with the table in memory)")
    print("verdicts    " + ", ".join(f"{v} {n:,}" for v, n in verdicts.most_common()))


def plan(count: int) -> list[Target]:
    """One target for each pair of an indicator and a division."""
    return [
        Target(
            id=f"T{n}",
            name=Text(f"目标{n}", f"Target {n}"),
            section="1",
            quote="",
            kind=TargetKind.QUANTITY,
            unit="亿元",
            comparator=Comparator.AT_LEAST,
            low=Decimal(100 + n % 37 * 10),
            due=date(2019 + n % 3, 12, 31),
            evidence=(EvidenceRule(f"i{n % INDICATORS}"),),
            division=_division(n // INDICATORS),
        )
        for n in range(count)
    ]


def indicators() -> dict[str, Indicator]:
    name = Text("指标", "Indicator")
    return {
        f"i{n}": Indicator(f"i{n}", "bench", name, "亿元", Nature.FLOW, "stats")
        for n in range(INDICATORS)
    }


def _division(n: int) -> str:
    return f"{330000 + n * 100:06d}"


def observations(rows: int, targets: int) -> pa.Table:
    """Figures for the targets' own pairs, several sources a year, built column by column."""
    span = range(rows)
    years = [YEARS[n // targets % len(YEARS)] for n in span]
    columns = {
        "id": pa.array([f"P{n}" for n in span]),
        "revision": pa.array([1] * rows, pa.int32()),
        "indicator": pa.array([f"i{n % targets % INDICATORS}" for n in span]),
        "division": pa.array([_division(n % targets // INDICATORS) for n in span]),
        "period": pa.array([str(y) for y in years]),
        "period_start": pa.array([date(y, 1, 1) for y in years]),
        "period_end": pa.array([date(y, 12, 31) for y in years]),
        "period_kind": pa.array(["year"] * rows),
        "value": pa.array(
            [Decimal((y - 2000) * 18 + n % 101) for n, y in enumerate(years)],
            OBSERVATION_SCHEMA.field("value").type,
        ),
        "kind": pa.array([KINDS[n * 7919 // 13 % len(KINDS)] for n in span]),
        "grade": pa.array([GRADES[n * 104729 // 17 % len(GRADES)] for n in span]),
        "source_title": pa.array([f"Source {n % 211}" for n in span]),
        "unit": pa.array(["亿元"] * rows),
        "published": pa.array([date(y + 1, 3, 1) for y in years]),
        "withdrawn": pa.array([False] * rows),
    }
    return pa.table([_column(f, columns, rows) for f in OBSERVATION_SCHEMA], OBSERVATION_SCHEMA)


def _column(field: pa.Field, columns: dict[str, pa.Array], rows: int) -> pa.Array:
    if field.name in columns:
        return columns[field.name]
    return pa.array([None if field.nullable else ""] * rows, field.type)


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _machine() -> str:
    model = platform.processor() or platform.machine()
    return f"{model}, {os.cpu_count()} cores, Python {platform.python_version()}"


if __name__ == "__main__":
    main()
