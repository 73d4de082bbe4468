"""Messy deliveries for measurements: a small pack with seven rules, and a seeded writer of files.

Each row is a licence of a firm. Numbers, firms and amounts follow from the row's number; dates
come in five forms, amounts in five (full-width digits, 万, thousands separators, ￥), one row in a
hundred breaks one of the seven rules. A plain twin of the file says the same in ISO dates and bare
numbers, for readers that know no other forms.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

RESOURCE = "bench.licence"
HEADINGS = ("许可编号", "统一社会信用代码", "许可类别", "注册资本", "许可日期", "有效期至")
KINDS = ("01", "02", "03", "04", "05", "06")
EVERY = 100
"""One row in so many is bad."""
PIECE = 250_000
PACK = {
    "pack.toml": """\
id = "bench"
version = "1.0.0"
name = { zh = "测量", en = "Measurements" }
description = { zh = "测量用许可数据", en = "Licences for measurements" }
owner = "stats"
licence = "CC0"
""",
    "README.md": "# bench\n",
    "codes/kind.csv": "code,zh,en,parent,valid_from,valid_to\n"
    + "".join(f"{k},类别{k},Kind {k},,,\n" for k in KINDS),
    "resources/licence.toml": """\
id = "licence"
grain = ["number"]
cadence = "P1M"
mode = "append"
sharing = "unconditional"
open = true
owner = "stats"
name = { zh = "行政许可", en = "Licences" }
description = { zh = "行政许可信息", en = "Licences granted" }
licence = { zh = "CC0", en = "CC0" }

[fields.number]
type = "text"
zh = "许可编号"
en = "Number"
required = true
pattern = "P[0-9]{7}"

[fields.firm]
type = "text"
zh = "统一社会信用代码"
en = "Credit code"
identifier = "cn.uscc"

[fields.kind]
type = "code"
codes = "bench.kind"
zh = "许可类别"
en = "Kind"

[fields.capital]
type = "decimal"
zh = "注册资本"
en = "Capital"
unit = "元"
min = 0

[fields.issued]
type = "date"
zh = "许可日期"
en = "Issued"

[fields.expires]
type = "date"
zh = "有效期至"
en = "Expires"

[[checks]]
id = "in_order"
zh = "有效期不早于许可日期"
en = "Expires not before it was issued"
hint = { zh = "请核对两个日期。", en = "Look at both dates." }
holds = "expires >= issued"
dimension = "consistency"
severity = "set-aside"
fields = ["expires"]
""",
}


def write_pack(folder: Path) -> Path:
    """The pack in a folder of its own."""
    for name, text in PACK.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def write_csv(path: Path, rows: int, *, encoding: str = "utf-8", messy: bool = True) -> int:
    """A delivery of so many rows; its bytes."""
    with path.open("wb") as out:
        if messy:
            out.write(("行政许可信息表" + "," * 5 + "\n").encode(encoding))
        out.write((",".join(HEADINGS) + "\n").encode(encoding))
        for frame in frames(rows, messy=messy):
            quoted = frame.with_columns(
                pl.when(pl.col("capital").str.contains(","))
                .then('"' + pl.col("capital") + '"')
                .otherwise("capital")
                .alias("capital")
            )
            lines = quoted.select(pl.concat_str(pl.all(), separator=",")).to_series()
            text = lines.str.join("\n").item() + "\n"
            out.write(text.encode(encoding))
    return path.stat().st_size


def write_xlsx(path: Path, rows: int) -> int:
    """The same as a workbook, every cell as text; its bytes."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("许可")
    sheet.append(["行政许可信息表"])
    sheet.append(list(HEADINGS))
    for frame in frames(rows):
        for row in frame.iter_rows():
            sheet.append(row)
    book.save(path)
    return path.stat().st_size


def bad_rows(rows: int) -> int:
    return rows // EVERY


def frames(rows: int, *, messy: bool = True) -> Iterator[pl.DataFrame]:
    """The rows as texts, some at a time."""
    for start in range(0, rows, PIECE):
        yield _frame(np.arange(start, min(start + PIECE, rows)), messy=messy)


def _frame(n: Any, *, messy: bool) -> pl.DataFrame:
    fault = np.where(n % EVERY == EVERY - 1, n // EVERY % 7, -1)
    # A repeated row says what the row before it says, word for word.
    same = np.where(fault == 2, n - 1, n)
    chance = (same * 2654435761 + 97) % 1_000_003
    days = np.datetime64("2015-01-01") + chance % 3650
    length = np.where(fault == 6, -400, 365 + chance % 1500)
    frame = pl.DataFrame(
        {
            "n": same,
            "fault": fault,
            "form": chance % 10,
            "firm": _firms(same, wrong=fault == 3),
            "amount": (chance % 900 + 100) * 100,
            "issued": days,
            "expires": days + length,
        }
    )
    plain = ~pl.lit(messy)
    return frame.select(
        _number().alias("number"),
        "firm",
        pl.when(pl.col("fault") == 4)
        .then(pl.lit("99"))
        .otherwise("0" + (pl.col("n") % len(KINDS) + 1).cast(pl.String))
        .alias("kind"),
        _amount(plain).alias("capital"),
        _day("issued", plain).alias("issued"),
        _day("expires", plain).alias("expires"),
    )


def _number() -> pl.Expr:
    sound = "P" + pl.col("n").cast(pl.String).str.zfill(7)
    fault = pl.col("fault")
    return pl.when(fault == 0).then(pl.lit("")).when(fault == 1).then("X" + sound).otherwise(sound)


def _amount(plain: pl.Expr) -> pl.Expr:
    amount, form = pl.col("amount"), pl.col("form")
    digits = amount.cast(pl.String)
    wide = digits.str.replace_many(list("0123456789"), list("０１２３４５６７８９"))
    myriads = (
        (amount // 10_000).cast(pl.String)
        + "."
        + (amount // 100 % 100).cast(pl.String).str.zfill(2)
    )
    comma = (amount // 1000).cast(pl.String) + "," + (amount % 1000).cast(pl.String).str.zfill(3)
    return (
        pl.when(pl.col("fault") == 5)
        .then("-" + digits)
        .when(plain | (form < 5))
        .then(digits)
        .when(form < 7)
        .then(myriads + "万")
        .when(form == 7)
        .then(wide)
        .when((form == 8) & (amount >= 1000))
        .then(comma)
        .otherwise("￥" + digits)
    )


def _day(name: str, plain: pl.Expr) -> pl.Expr:
    day, form = pl.col(name), pl.col("form")
    return (
        pl.when(plain | (form < 4))
        .then(day.dt.strftime("%Y-%m-%d"))
        .when(form < 6)
        .then(day.dt.strftime("%Y/%-m/%-d"))
        .when(form < 8)
        .then(day.dt.strftime("%Y年%-m月%-d日"))
        .when(form == 8)
        .then(day.dt.strftime("%Y%m%d"))
        .otherwise(day.dt.strftime("%Y.%-m.%-d"))
    )


def firm_of(number: int) -> str:
    """The credit code in a row."""
    return str(_firms(np.array([number]), wrong=np.array([False]))[0])


def _firms(n: Any, *, wrong: Any) -> pl.Series:
    """A credit code for each number, with its check character; a wrong one where asked."""
    from qiantang.engine.quality.identifier_columns import credit_checks, texts_of

    matrix = np.full((len(n), 18), ord("0"), dtype=np.uint8)
    matrix[:, :10] = np.frombuffer(b"91330100MX", dtype=np.uint8)
    for place in range(7):
        matrix[:, 16 - place] = ord("0") + n // 10**place % 10
    right = credit_checks(matrix)
    other = np.where(right == ord("0"), ord("1"), ord("0"))
    matrix[:, 17] = np.where(wrong, other, right)
    return texts_of(matrix)


def main(path: str, rows: str, encoding: str, form: str) -> None:
    """Write a file and say its bytes: ``python -m bench._messy PATH ROWS ENCODING messy|plain``."""
    file, count = Path(path), int(rows)
    if file.suffix == ".xlsx":
        print(write_xlsx(file, count))
    else:
        print(write_csv(file, count, encoding=encoding, messy=form == "messy"))


if __name__ == "__main__":
    main(*sys.argv[1:])
