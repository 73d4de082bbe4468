"""The machine feeds of a catalogue of 300,000 entries: one page of each, at random places.

Run: ``python -m bench.feeds [ENTRIES]``. Fills a fresh zone as ``bench.catalogue`` does, asks
through the whole stack but the socket, and prints the median and the 95th percentile. The first
answer after a change, which counts the catalogue anew, is printed by itself.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench import catalogue

TAKEN = 10_000
REPEATS = 30
WORDS = ("人口", "企业", "信用", "环境", "空气", "质量", "监测", "低保", "婚姻", "登记")


def main() -> int:
    entries = int(sys.argv[1]) if len(sys.argv) > 1 else catalogue.ENTRIES
    print(catalogue._machine())
    with tempfile.TemporaryDirectory(prefix="qiantang-feeds-") as folder:
        catalogue._open(Path(folder) / "zone")
        catalogue._load(min(entries, TAKEN))
        catalogue._multiply(entries // min(entries, TAKEN))
        _measure(entries // min(entries, TAKEN))
    return 0


def _measure(copies: int) -> None:
    from django.conf import settings

    settings.ALLOWED_HOSTS, settings.QIANTANG_FEEDS_ANONYMOUS_PER_MINUTE = ["*"], 0
    chance = random.Random(1)
    mark = f".{chance.randrange(1, copies)}" if copies > 1 else ""
    after = [f"h.bench.e{chance.randrange(TAKEN)}{mark}" for _ in range(REPEATS)]
    action = "/api/3/action"
    facets = 'facet.field=["organization","groups"]'
    asked = {
        **{f"DCAT {form}": [f"/dcat/catalog.{form}?after={a}" for a in after]
           for form in ("jsonld", "ttl", "rdf")},
        "DCAT, 500 entries": [f"/dcat/catalog.jsonld?size=500&after={a}" for a in after[:10]],
        "OAI-PMH, first page": ["/oai?verb=ListRecords&metadataPrefix=oai_dc"] * 10,
        "package_search": [f"{action}/package_search?q={w}&rows=20" for w in WORDS * 3],
        "... with facets": [f"{action}/package_search?q={w}&rows=20&{facets}" for w in WORDS * 3],
        "... with a tag": [f"{action}/package_search?fq=tags:{w}&rows=20" for w in WORDS * 3],
        "organization_list": [f"{action}/organization_list?all_fields=true"] * 5,
    }  # fmt: skip
    for name, addresses in asked.items():
        _print(name, addresses)


def _print(name: str, addresses: Sequence[str]) -> None:
    from django.test import Client

    client, took, size = Client(), [], 0
    for address in addresses:
        began = time.perf_counter()
        answer = client.get(address)
        size = len(answer.content)
        took.append((time.perf_counter() - began) * 1000)
        assert answer.status_code == 200, answer.content[:500]
    first, rest = took[0], sorted(took[1:])
    late = rest[min(len(rest) - 1, int(len(rest) * 0.95))]
    print(
        f"{name:<22}first {first:7,.0f} ms  median {statistics.median(rest):7,.0f} ms"
        f"  p95 {late:7,.0f} ms  {size:9,} bytes",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
