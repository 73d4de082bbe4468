"""The measures of the packs that the product ships give the same on both engines."""

from __future__ import annotations

import pytest

from qiantang.engine.compute import DuckEngine, SparkEngine
from qiantang.engine.compute.tests.sample import same
from qiantang.engine.measures import run_measure
from qiantang.engine.measures.examples import table_of
from qiantang.packkit import builtin_packs, load_packs
from qiantang.packkit.compiled import Pack
from qiantang.packkit.readers.measures import sql_name

PACKS = load_packs(builtin_packs()).packs
MEASURES = [(pack, name) for pack in PACKS.values() for name in pack.measures]


def test_there_are_measures() -> None:
    assert len(MEASURES) >= 4


@pytest.mark.parametrize(("pack", "name"), MEASURES, ids=[f"{p.id}.{n}" for p, n in MEASURES])
def test_a_shipped_measure_gives_the_same_on_both(pack: Pack, name: str, address: str) -> None:
    measure = pack.measures[name]
    known = {sql_name(r, pack.id): r for p in PACKS.values() for r in p.resources.values()}
    tables = {t: table_of(known[t], known[t].data) for t in measure.resources}
    with DuckEngine() as duck, SparkEngine(address) as spark:
        wanted = run_measure(measure, tables, engine=duck)
        assert wanted.num_rows > 0
        assert same(wanted, run_measure(measure, tables, engine=spark)) == ""
