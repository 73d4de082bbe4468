"""A small pack of two resources, an empty spool and lake, and people of two organisations."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from qiantang.kernel.actors import Actor, Role
from qiantang.rooms.intake.tests import trade
from qiantang.rooms.shelf import selectors as shelf

FIRMS = "trade.firm"
PACK = {
    **trade.ABOUT,
    "resources/firm.toml": """\
id = "firm"
grain = ["code"]
cadence = "P1M"
mode = "append"
sharing = "conditional"
open = false
owner = "stats"
name = { zh = "企业名录", en = "Firms" }
description = { zh = "企业名录", en = "Firms" }
conditions = { zh = "部门间共享", en = "Among departments" }
licence = { zh = "CC0", en = "CC0" }

[limits]
hold_above = 0.1
refuse_above = 0.5

[fields.code]
type = "text"
zh = "编码"
en = "Code"
required = true
pattern = "F[0-9]{6}"

[fields.name]
type = "text"
zh = "名称"
en = "Name"
required = true
personal = "personal"

[fields.amount]
type = "decimal"
zh = "金额"
en = "Amount"
min = 0

[fields.day]
type = "date"
zh = "日期"
en = "Day"
""",
    "resources/county_firm.toml": """\
id = "county_firm"
grain = ["code"]
cadence = "P1M"
mode = "replace"
sharing = "withheld"
open = false
owner = "stats"
per_division = true
name = { zh = "分市企业", en = "Firms by city" }
description = { zh = "各市分别报送", en = "Each city sends its own" }
licence = { zh = "CC0", en = "CC0" }

[fields.code]
type = "text"
zh = "编码"
en = "Code"
required = true
""",
}


@pytest.fixture
def spool_folder(tmp_path: Path, settings: object) -> Path:
    trade.settle(settings, tmp_path)
    return tmp_path / "spool"


@pytest.fixture(autouse=True)
def zone(tree: None, lake_folder: Path, spool_folder: Path, tmp_path: Path) -> None:
    trade.install(PACK, tmp_path)


@pytest.fixture
def csv_file(tmp_path: Path) -> Callable[..., Path]:
    """``csv_file(rows=100, bad=3)``: a delivery whose first ``bad`` rows have wrong codes."""

    def made(rows: int = 20, *, bad: int = 0, start: int = 0, name: str = "firms.csv") -> Path:
        lines = ["编码,名称,金额,日期"]
        for n in range(start, start + rows):
            code = f"X{n}" if n < start + bad else f"F{n:06d}"
            lines.append(f"{code},企业{n},{n}.50,2026-01-{n % 28 + 1:02d}")
        path = tmp_path / name
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return made


@pytest.fixture
def hangzhou_officer(make_actor: Callable[..., Actor]) -> Actor:
    return make_actor("hz", Role.OFFICER, at="330100-stats")


@pytest.fixture
def ningbo_officer(make_actor: Callable[..., Actor]) -> Actor:
    return make_actor("nb", Role.OFFICER, at="330200-stats")


@pytest.fixture
def auditor(make_actor: Callable[..., Actor]) -> Actor:
    """An auditor of the provincial government, above the bureau."""
    return make_actor("auditor", Role.AUDITOR, at="330000")


def lake_rows() -> int:
    lake = shelf.lake()
    return lake.read(FIRMS).num_rows if FIRMS in lake.tables() else 0


@pytest.fixture
def kept_twice() -> str:
    """A resource of which Hangzhou and Ningbo keep a record with the same key."""
    from qiantang.engine.quality import schema_of

    id = "trade.county_firm"
    schema = schema_of(shelf.resources()[id])
    rows = [
        {"code": code, "_run": division, "_row": n, "_division": division}
        for division in ("330100", "330200")
        for n, code in enumerate(("A", f"only-{division}"))
    ]
    shelf.lake().ensure(id, schema)
    shelf.lake().append(id, pa.Table.from_pylist(rows, schema=schema))
    return id
