"""Ten million observations: how soon a corrected figure is seen, and how fast series are read.

A zone is made, its table of observations is written straight into the lake (real indicators of the
shipped packs, 1,000 divisions, the province's cities among them, 25 years with their quarters; a
hundredth of the figures has a correction), then a figure that decides a target, and one of a city
under a published index, are corrected through the rooms' services again and again.

Run: ``python -m bench.statistics [OBSERVATIONS] [CORRECTIONS] [SERIES]``.
"""

from __future__ import annotations

import os
import platform
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

QIANTANG = (sys.executable, "-m", "qiantang.doors.cli.main")
YEARS = range(2000, 2025)
PERIODS = 4 * len(YEARS)
DECIDING = "bench-deciding"
INDEX = "information-economy-evaluation.evaluation"
CITY, UNDER_INDEX = "330200", "core_share"


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000
    corrections = int(sys.argv[2]) if len(sys.argv) > 2 else 10
    reads = int(sys.argv[3]) if len(sys.argv) > 3 else 200
    folder = Path(tempfile.mkdtemp(prefix="qiantang-statistics-"))
    try:
        measure(folder / "zone", rows, corrections, reads)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def measure(folder: Path, rows: int, corrections: int, reads: int) -> None:
    subprocess.run(
        [*QIANTANG, "init", str(folder), "--bare"], check=True, stdout=subprocess.DEVNULL
    )
    actors = furnish(folder)
    print(
        f"machine       {platform.machine()}, {os.cpu_count()} cores, {platform.python_version()}"
    )
    began = time.perf_counter()
    held = fill(rows)
    print(f"written       {held:,} revisions in {time.perf_counter() - began:,.0f} s")
    print(f"lake          {size(folder / 'lake') / 1e6:,.0f} MB, load {os.getloadavg()[0]:.1f}")
    print(f"memory        {peak():,.0f} MB peak, of which writing")
    series(reads)
    overviews()
    correct(*actors, corrections)
    correct_under_index(*actors, corrections)
    print(f"memory        {peak():,.0f} MB peak at the end")


def furnish(folder: Path) -> tuple[Any, Any]:
    """Packs, the province's bureau of statistics, and two people of it."""
    from qiantang.site.bootstrap import setup
    from qiantang.site.zone import Zone

    setup(Zone.open(str(folder)))
    from qiantang.kernel.actors import SYSTEM, Role
    from qiantang.kernel.text import Text
    from qiantang.rooms.people import services
    from qiantang.rooms.people.selectors import actor_of_account
    from qiantang.rooms.shelf import services as shelf

    services.create_organisation(SYSTEM, "330000", Text("浙江省人民政府", "Zhejiang"))
    services.create_organisation(SYSTEM, "330000", Text("统计局", "Statistics"), department="stats")
    services.create_organisation(SYSTEM, CITY, Text("宁波市人民政府", "Ningbo"), parent="330000")
    services.create_organisation(SYSTEM, CITY, Text("统计局", "Statistics"), department="stats")
    shelf.install_builtin(SYSTEM)
    for name, role in (("officer", Role.OFFICER), ("approver", Role.APPROVER)):
        password = f"{name}-{folder.name}-31415926"
        services.create_account(
            SYSTEM, name, password, name=Text(name, name), organisation="330000-stats"
        )
        for office in ("330000-stats", f"{CITY}-stats"):
            services.grant_role(SYSTEM, name, role, office)
    return actor_of_account("officer"), actor_of_account("approver")


def fill(rows: int) -> int:
    """Write the table as one version, sorted, and compact it as upkeep would."""
    from qiantang.engine.targets.rows import OBSERVATION_SCHEMA
    from qiantang.rooms.indicators import store
    from qiantang.rooms.shelf import selectors as shelf

    indicators = sorted(shelf.indicators())
    divisions = max(1, rows // (PERIODS * len(indicators)))
    lake = store.lake()
    lake.ensure(store.TABLE, OBSERVATION_SCHEMA, sort_by=("indicator", "division", "id"))

    def batches() -> Iterator[pa.RecordBatch]:
        for name in indicators:
            unit = shelf.indicators()[name].unit
            yield from figures(name, unit, divisions).to_batches()

    stream = pa.RecordBatchReader.from_batches(OBSERVATION_SCHEMA, batches())
    return lake.append(store.TABLE, stream, key="bench").rows


def figures(indicator: str, unit: str, divisions: int) -> pa.Table:
    """Every period of one indicator in every division, one in a hundred corrected once."""
    from qiantang.engine.targets.rows import OBSERVATION_SCHEMA

    places = np.repeat(division_codes(divisions), PERIODS)
    spans = [period(y, q) for y in YEARS for q in range(4)] * divisions
    ids = np.array([f"{indicator}-{d}-{s[0]}" for d, s in zip(places, spans, strict=True)])
    first = np.arange(len(ids))
    order = np.concatenate([first, first[::100]])
    revision = np.concatenate([np.ones(len(first)), np.full(len(first[::100]), 2)])
    values = np.random.default_rng(len(indicator)).integers(1, 10**6, len(order))
    ends = pa.array([s[2] for s in spans]).take(pa.array(order))
    columns = {
        "id": pa.array(ids[order]),
        "revision": pa.array(revision),
        "division": pa.array(places[order]),
        "period": pa.array([s[0] for s in spans]).take(pa.array(order)),
        "period_start": pa.array([s[1] for s in spans]).take(pa.array(order)),
        "period_end": ends,
        "period_kind": pa.array([s[3] for s in spans]).take(pa.array(order)),
        "value": pa.array(values).cast(pa.decimal128(20, 0)),
        "published": ends,
    }
    same: dict[str, object] = {"indicator": indicator, "unit": unit, "kind": "actual", "grade": "B"}
    same |= {"source_title": "bench", "withdrawn": False}
    same |= {"recorded_at": datetime(2026, 1, 1, tzinfo=UTC), "recorded_by": "bench"}
    filled = [
        columns[f.name].cast(f.type)
        if f.name in columns
        else pa.repeat(pa.scalar(same.get(f.name, ""), f.type), len(order))
        for f in OBSERVATION_SCHEMA
    ]
    return pa.table(filled, schema=OBSERVATION_SCHEMA)


def division_codes(count: int) -> np.ndarray:
    """The province and its cities, then codes that nobody has."""
    cities = [f"{city}00" for city in range(3301, 3312)]
    return np.array(["330000", *cities, *(f"{400000 + n}" for n in range(count))][:count])


def period(year: int, quarter: int) -> tuple[str, date, date, str]:
    """A year (``quarter`` 0) or its first three, six or nine months, as they are written."""
    if quarter == 0:
        return str(year), date(year, 1, 1), date(year, 12, 31), "year"
    last = {3: 31, 6: 30, 9: 30}[3 * quarter]
    end = date(year, 3 * quarter, last)
    return f"{year}-01/{year}-{3 * quarter:02d}", date(year, 1, 1), end, "part"


def series(reads: int) -> None:
    """Series of random indicators in random divisions, every one asked for the first time."""
    from qiantang.rooms.indicators import selectors, store
    from qiantang.rooms.shelf import selectors as shelf

    chance, indicators = random.Random(1), sorted(shelf.indicators())
    divisions = list(store.places(indicators[0]))

    def one() -> object:
        pair = [chance.choice(indicators)], [chance.choice(divisions)]
        return selectors.figures(indicators=pair[0], divisions=pair[1])

    def one_year() -> object:
        year = chance.choice(YEARS)
        indicator, division = chance.choice(indicators), chance.choice(divisions)
        return selectors.observations(indicator=indicator, division=division, year=year).items

    def known() -> object:
        pair = [chance.choice(indicators)], [chance.choice(divisions)]
        day = date(chance.choice(YEARS), 7, 1)
        return selectors.figures(indicators=pair[0], divisions=pair[1], as_of=day)

    told("series", one, reads)
    told("one year of it", one_year, reads)
    told("as known on a day", known, reads)


def overviews() -> None:
    """What whole lists cost: the first time, and again in the same version."""
    from qiantang.rooms.indicators import selectors

    for name, read in (
        ("all indicators", selectors.indicator_rows),
        ("a division's", lambda: selectors.indicator_rows("330000")),
        ("a page of all", lambda: selectors.observations(size=50)),
    ):
        took = [timed(read) for _ in range(2)]
        print(f"{name:<14}{took[0] * 1e3:8,.0f} ms, again {took[1] * 1e3:,.1f} ms")


def correct(officer: Any, approver: Any, times: int) -> None:
    """A figure sent, approved and read again: from the sending to each place where it is seen."""
    from qiantang.rooms.indicators import selectors, services
    from qiantang.rooms.journal.services import deliver_pending

    form = figure_form(DECIDING, "core_va", "330000", "2019", "亿元")
    steps: dict[str, list[float]] = {}
    selectors.assessment("zone-2017")
    for n in range(times + 1):
        began = time.perf_counter()

        def step(name: str, since: float = began, counted: bool = n > 0) -> None:
            if counted:  # the first adds the figure, the others correct it
                steps.setdefault(name, []).append(time.perf_counter() - since)

        value = str(6228 + n)
        base = {"base_revision": str(n)} if n else {}
        sent = services.submit_observation(officer, {**form, **base, "value": value})
        step("submitted")
        services.approve(approver, sent.id, sent.version)
        step("approved")
        found = selectors.figures(indicators=["core_va"], divisions=["330000"])
        assert next(o for o in found if o.id == DECIDING).value == int(value)
        step("in its indicator")
        deliver_pending()
        kept = selectors.target_history("zone-2017", "T01")[0]
        assert kept.data["value"] == int(value)
        step("in the target's history")
        row = selectors.assessment("zone-2017").row("T01")
        assert row is not None
        assert row.data["value"] == int(value)
        step("in the plan as shown")
        listed = next(r for r in selectors.indicator_rows() if r.indicator.id == "core_va")
        assert listed.count > 0
        step("in the list of all")
    tell_steps(steps)


def correct_under_index(officer: Any, approver: Any, times: int) -> None:
    """A figure of a city corrected: until the index shows it, and until the published edition says
    that figures under it have changed."""
    from qiantang.kernel.text import Text
    from qiantang.rooms.indicators import selectors as figures_
    from qiantang.rooms.indicators import services
    from qiantang.rooms.indices import selectors
    from qiantang.rooms.indices import services as indices
    from qiantang.rooms.journal.services import deliver_pending

    began = time.perf_counter()
    plan = indices.plan_edition(officer, INDEX, title=Text("基准", "Benchmark"))
    indices.publish_edition(approver, INDEX, plan.number)
    deliver_pending()
    print(f"edition       planned and published in {time.perf_counter() - began:.1f} s")
    (held,) = [
        o
        for o in figures_.figures(indicators=[UNDER_INDEX], divisions=[CITY])
        if str(o.period) == "2024"
    ]
    form = figure_form(held.id, UNDER_INDEX, CITY, "2024", "%")
    steps: dict[str, list[float]] = {}
    for n in range(times):
        began = time.perf_counter()
        base = {"base_revision": str(held.revision + n), "value": str(20 + n)}
        sent = services.submit_observation(officer, form | base)
        services.approve(approver, sent.id, sent.version)
        now = selectors.working(officer, INDEX).data
        row = list(zip(now.units, now.times, strict=True)).index((CITY, 2024))
        assert now.values[row, now.columns.index(UNDER_INDEX)] == 20 + n
        steps.setdefault("in the index", []).append(time.perf_counter() - began)
        deliver_pending()
        assert selectors.edition(approver, INDEX).outdated == 1
        steps.setdefault("marked at its edition", []).append(time.perf_counter() - began)
    tell_steps(steps)


def figure_form(id: str, indicator: str, division: str, period: str, unit: str) -> dict[str, str]:
    """What an officer fills in, but for the value."""
    same = {"kind": "actual", "grade": "A", "source_title": "bench", "published": "2025-09-01"}
    named = {"id": id, "indicator": indicator, "division": division, "period": period}
    return named | same | {"unit": unit}


def tell_steps(steps: dict[str, list[float]]) -> None:
    for name, took in steps.items():
        middle, worst = statistics.median(took) * 1e3, max(took) * 1e3
        print(f"{name:<26}{middle:7,.0f} ms, worst {worst:,.0f} ms")


def told(name: str, read: Callable[[], object], times: int) -> None:
    worked = time.process_time()
    took = [timed(read) for _ in range(times)]
    worked = (time.process_time() - worked) / times
    cuts = statistics.quantiles(took, n=100)
    print(
        f"{name:<18}p50 {cuts[49] * 1e3:6.1f} ms   p95 {cuts[94] * 1e3:6.1f} ms   "
        f"worst {max(took) * 1e3:.0f} ms   of {times}   "
        f"processor {worked * 1e3:.1f} ms each   load {os.getloadavg()[0]:.1f}"
    )


def timed(read: Callable[[], object]) -> float:
    began = time.perf_counter()
    read()
    return time.perf_counter() - began


def size(folder: Path) -> int:
    return sum(f.stat().st_size for f in folder.rglob("*") if f.is_file())


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
