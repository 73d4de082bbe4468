"""Search in a catalogue of 300,000 entries: words, facets with counts, one page of hits.

Run: ``python -m bench.catalogue [ENTRIES]``. Takes 30,000 entries through the harvest verb in
batches into a fresh zone, multiplies them in the database to the wanted number, then prints
for each kind of query the median and the 95th percentile, on the database that
QIANTANG_DATABASE_URL names, SQLite without one. The word 数据 is in every entry; an entry has four
keywords of more than twenty thousand.
"""

from __future__ import annotations

import os
import platform
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from qiantang.kernel.text import Text

ENTRIES = 300_000
TAKEN = 30_000
BATCH = 500
REPEATS = 40
WORDS = (
    *("人口", "企业", "信用", "环境", "空气", "质量", "监测", "低保", "婚姻", "登记"),
    *("车辆", "税务", "社保", "医疗", "教育", "学校", "交通", "公路", "港口", "物流"),
    *("电子", "商务", "平台", "审批", "许可", "排污", "水质", "河长", "农业", "食品"),
    *("药品", "安全", "生产", "应急", "地名", "地址", "统计", "年鉴", "旅游", "景区"),
)
CITIES = ("杭州", "宁波", "温州", "嘉兴", "湖州", "绍兴", "金华", "衢州", "舟山", "台州", "丽水")
DEPARTMENTS = ("stats", "economy", "commerce", "data", "science", "development", "comms")
SHARING = ("unconditional", "conditional", "withheld")
CYCLES = ("P1D", "P1W", "P1M", "P3M", "P1Y", "")
RARE = "琥珀"
TOPICS = 20_000
LICENCES = (
    *(Text("知识共享署名 4.0", "CC BY 4.0"), Text("公有领域", "CC0"), Text("", "ODbL 1.0")),
    *(Text("政务共享", "Government sharing"), Text("", "")),
)


def main() -> int:
    entries = int(sys.argv[1]) if len(sys.argv) > 1 else ENTRIES
    print(_machine())
    with tempfile.TemporaryDirectory(prefix="qiantang-catalogue-") as folder:
        _open(Path(folder) / "zone")
        _load(min(entries, TAKEN))
        _multiply(entries // min(entries, TAKEN))
        _measure()
    return 0


def _open(folder: Path) -> None:
    from qiantang.site.bootstrap import setup
    from qiantang.site.zone import Zone

    setup(Zone.create(folder))
    from qiantang.kernel.actors import SYSTEM
    from qiantang.rooms.shelf.services import install_builtin

    install_builtin(SYSTEM)


def _load(entries: int) -> None:
    from qiantang.kernel.actors import SYSTEM
    from qiantang.rooms.catalogue import services

    origin = services.HarvestOrigin("bench", Text("测量", "Bench"), "https://example.org/")
    began, batch = time.perf_counter(), []
    for entry in _entries(entries):
        batch.append(entry)
        if len(batch) == BATCH:
            services.take_harvested(SYSTEM, origin, batch)
            batch = []
    if batch:
        services.take_harvested(SYSTEM, origin, batch)
    seconds = time.perf_counter() - began
    print(f"taken {entries:,} entries in batches of {BATCH}: {entries / seconds:,.0f} entries/s")


def _multiply(times: int) -> None:
    """Copies of the rows under other ids; search cannot tell them from entries taken."""
    from django.db import connection, transaction

    postgresql = connection.vendor == "postgresql"
    text, key = ("key, words", "key") if postgresql else ("rowid, name, keywords, body, items", "")
    with transaction.atomic(), connection.cursor() as cursor:
        for n in range(1, times):
            _copy(cursor, "catalogue_informationresource", {"id": n, "upstream_id": n})
            _copy(cursor, "catalogue_entryindex", {"resource_id": n}, f"key + {n}0000000")
            rest = text.partition(", ")[2]
            cursor.execute(
                f"INSERT INTO catalogue_text({text}) SELECT {key or 'rowid'} + {n}0000000, {rest}"
                f" FROM catalogue_text WHERE {key or 'rowid'} < 10000000"
            )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _copy(cursor: Any, table: str, marked: dict[str, int], key: str = "") -> None:
    from django.db import connection

    names = [c.name for c in connection.introspection.get_table_description(cursor, table)]
    said = [key if name == "key" and key else _marked(name, marked.get(name)) for name in names]
    columns = ", ".join(f'"{name}"' for name in names)
    own = "key < 10000000" if key else "id NOT LIKE '%.%.%.%'"
    cursor.execute(
        f"INSERT INTO {table}({columns}) SELECT {', '.join(said)} FROM {table} WHERE {own}"
    )


def _marked(name: str, mark: int | None) -> str:
    return f'"{name}"' if mark is None else f"{name} || '.{mark}'"


def _entries(count: int) -> Iterator[Any]:
    from qiantang.standards.entries import Agency, CatalogueEntry, Word

    chance = random.Random(1)
    for n in range(count):
        words = chance.choices(WORDS, k=12)
        city = chance.randrange(len(CITIES))
        division = f"33{city + 1:02d}{chance.choice(('00', '00', '02', '06', '82'))}"
        department = chance.choice(DEPARTMENTS)
        name = f"{CITIES[city]}{words[0]}{words[1]}{'数据' if n % 3 == 0 else '信息'}"
        rare = RARE if n % 20_000 == 7 else ""
        yield CatalogueEntry(
            identifier=f"urn:bench:{n}",
            id=f"e{n}",
            title=Text(name, f"Entry {n}"),
            description=Text(
                f"本资源为{CITIES[city]}市{''.join(words[4:])}{rare}数据，用于共享和业务办理。",
                "Records of the office, shared and used in its work.",
            ),
            publisher=Agency(f"{division}-{department}", Text(f"{CITIES[city]}市某局", "Bureau")),
            keywords=tuple(
                Word(word, "zh")
                for word in (words[2], words[3], words[0] + words[1], _topic(chance))
            ),
            licence=chance.choice(LICENCES),
            classes=(chance.choice(("1", "2", "3")),),
            sharing=chance.choice(SHARING[:2] if n % 10 else SHARING[2:]),
            open=n % 4 == 0,
            cadence=chance.choice(CYCLES),
            division=division,
            columns=tuple(
                {"id": f"f{i}", "name": {"zh": w, "en": w}, "type": "text"}
                for i, w in enumerate(words[4:8])
            ),
        )


def _topic(chance: random.Random) -> str:
    """A keyword that few entries share."""
    return f"专题{chance.randrange(TOPICS)}"


def _measure() -> None:
    from qiantang.kernel.actors import ANONYMOUS
    from qiantang.rooms.catalogue import selectors

    before = _resident()
    first = _timed(lambda: selectors.search(ANONYMOUS))
    print(f"first search of the process (reads the index): {first:,.0f} ms")
    print(f"the process grew by {_resident() - before:,.0f} MB")
    kinds: dict[str, list[dict[str, Any]]] = {
        "no words": [{}],
        "no words, one facet": [{"facets": {"sharing": "conditional"}}],
        "no words, one keyword": [{"facets": {"keyword": word}} for word in WORDS],
        "no words, three facets": [
            {"facets": {"sharing": "conditional", "level": "county", "open": "open"}}
        ],
        "two characters": [{"query": w} for w in WORDS],
        "two characters, one facet": [
            {"query": w, "facets": {"division": "330100"}} for w in WORDS
        ],
        "two words": [{"query": f"{a} {b}"} for a, b in pairwise(WORDS)],
        "rare word": [{"query": RARE}],
        "word in every entry": [{"query": "数据"}],
        "word in every entry, one facet": [{"query": "数据", "facets": {"level": "city"}}],
        "not literally present": [{"query": "企业信用食品药品评价"}],
        "by name": [{"sort": "name"}, {"sort": "name", "query": "企业"}],
    }
    everything: list[float] = []
    for name, asked in kinds.items():
        taken = [
            _timed(lambda q=q: selectors.search(ANONYMOUS, **q))  # type: ignore[misc]
            for q in (asked * REPEATS)[: max(REPEATS, len(asked))]
        ]
        everything += taken
        total = selectors.search(ANONYMOUS, **asked[0]).total
        print(f"{name:32} median {_middle(taken):6.1f} ms  p95 {_p95(taken):6.1f} ms  {total:,}")
    print(
        f"{'all of them':32} median {_middle(everything):6.1f} ms  p95 {_p95(everything):6.1f} ms"
    )
    _after_changes()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory of the process: {peak:,.0f} MB")


def _after_changes() -> None:
    """A new entry, then the search that must show it."""
    from dataclasses import replace

    from qiantang.kernel.actors import ANONYMOUS, SYSTEM
    from qiantang.rooms.catalogue import selectors, services

    origin = services.HarvestOrigin("bench", Text("测量", "Bench"), "https://example.org/")
    some = next(_entries(1))
    taken, frequent = [], []
    for n in range(10):
        word = Text(f"翡翠{n}号", f"Jade {n}")
        entry = replace(some, identifier=f"urn:bench:new:{n}", id=f"new{n}", title=word)
        services.take_harvested(SYSTEM, origin, [replace(entry, sharing="conditional")])
        began = time.perf_counter()
        found = selectors.search(ANONYMOUS, word.zh)
        taken.append((time.perf_counter() - began) * 1000)
        assert found.hits[0].name.zh == word.zh
        began = time.perf_counter()
        selectors.search(ANONYMOUS, "数据")
        frequent.append((time.perf_counter() - began) * 1000)
    print(f"word in every entry, right after a new entry: median {_middle(frequent):.1f} ms")
    print(f"search right after a new entry: median {_middle(taken):.1f} ms, worst {max(taken):.1f}")


def _resident() -> float:
    """Memory of this process in MB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 1024**2


def _timed(act: Any) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def _middle(taken: list[float]) -> float:
    return statistics.median(taken)


def _p95(taken: list[float]) -> float:
    return sorted(taken)[max(0, -(-len(taken) * 95 // 100) - 1)]


def _machine() -> str:
    import sqlite3

    return (
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}"
    )


if __name__ == "__main__":
    sys.exit(main())
