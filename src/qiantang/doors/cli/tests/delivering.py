"""A pack of firms and how a test delivers to it at the terminal."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from qiantang.rooms.intake.tests import trade

Run = Callable[..., tuple[int, str, str]]
ID = "trade.firm"
HEADER = "编码,名称,金额,月份"
PACK = {
    **trade.ABOUT,
    "resources/firm.toml": """\
id = "firm"
grain = ["code"]
cadence = "P1M"
mode = "upsert"
sharing = "unconditional"
open = false
owner = "stats"
name = { zh = "企业名录", en = "Firms" }
description = { zh = "企业名录", en = "Firms" }
licence = { zh = "CC0", en = "CC0" }
[limits]
hold_above = 0.3
refuse_above = 0.6
[fields.code]
type = "text"
zh = "编码"
en = "Code"
required = true
pattern = "F[0-9]+"
[fields.name]
type = "text"
zh = "名称"
en = "Name"
[fields.amount]
type = "decimal"
unit = "元"
zh = "金额"
en = "Amount"
[fields.month]
type = "date"
precision = "month"
zh = "月份"
en = "Month"
""",
}
Firms = Callable[..., Path]
GOOD = [f"F{n},企业{n},1.5万,2026年{n}月" for n in range(1, 5)]


def deliver(run: Run, file: Path, *words: str) -> tuple[int, dict[str, Any]]:
    code, out, _ = run("intake", str(file), "--resource", ID, "--format", "json", *words)
    return code, json.loads(out)


def lines(run: Run, *words: str) -> list[str]:
    return run("rows", ID, *words)[1].splitlines()[1:]
