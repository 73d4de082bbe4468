"""`qiantang query "SELECT ..."`: a reader's own select over resources, on either engine.

Rows are computed into Parquet in a folder of their own first, so that a large answer needs little
memory and what is put out is whole or nothing.
"""

from __future__ import annotations

import csv
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from qiantang.doors.cli.cells import cell
from qiantang.doors.cli.errors import CannotWrite, NeedsFile
from qiantang.doors.cli.language import say
from qiantang.doors.cli.operator import acting, as_option
from qiantang.doors.cli.screen import console
from qiantang.doors.cli.words import command as declare
from qiantang.doors.cli.words import option
from qiantang.doors.cli.zones import open_zone

if TYPE_CHECKING:
    import pyarrow as pa

    from qiantang.engine.compute import Written

SHOWN: Final = 200
_FILES: Final = {"parquet": "Parquet", "xlsx": "Excel"}
"""Forms that are no text, by name."""
BATCH: Final = 10_000


@declare(
    "query",
    "用 SQL 查询您可读取的信息资源，表名写作 包__资源。\n"
    '例：qiantang query "select division, count(*) as n from data_commons__population group by 1"',
    "Query the resources that you may read in SQL; tables are named pack__resource.\n"
    'Such as: qiantang query "select division, count(*) as n from data_commons__population '
    'group by 1"',
)
@click.argument("sql", metavar="SQL")
@option("--at", type=click.DateTime(["%Y-%m-%d"]), zh="截至该日结束", en="At the end of this day")
@option(
    "--engine",
    "wish",
    type=click.Choice(["auto", "duckdb", "spark"]),
    default="auto",
    show_default=True,
    zh="计算引擎；auto 按大小选择",
    en="Where it runs; auto is by size",
)
@option(
    "--format",
    "form",
    type=click.Choice(["table", "csv", "json", "parquet", "xlsx"]),
    default="table",
    show_default=True,
    zh="输出格式",
    en="Output format",
)
@option(
    "--output",
    "-o",
    type=click.Path(dir_okay=False, path_type=Path),
    zh="写入文件（parquet、xlsx 必须给出）",
    en="Write to this file (parquet and xlsx need one)",
)
@as_option
@click.pass_obj
def command(zone: str, /, sql: str, at: datetime | None, form: str, **given: Any) -> None:
    output: Path | None = given["output"]
    if form in _FILES and output is None:
        raise NeedsFile(found=_FILES[form])
    open_zone(zone)
    from qiantang.rooms.indicators import querying

    day: date | None = at.date() if at else None
    question = querying.Question(sql, day, given["wish"])
    with _beside(output) as folder:
        written = querying.write(acting(given["username"]), question, Path(folder) / "rows")
        if output is None:
            _put_out(written, form, sys.stdout)
            return
        made = Path(folder) / "made"
        with _writing(output):
            _make(written, form, made)
            made.replace(output)
    click.echo(
        say(f"{written.rows:,} 行 → {output}", f"{written.rows:,} rows → {output}"), err=True
    )


@contextmanager
def _beside(output: Path | None) -> Iterator[str]:
    """A folder of its own on the disk of ``output``. Raises `CannotWrite`."""
    with ExitStack() as open_:
        with _writing(output):
            place = output.absolute().parent if output else None
            folder = tempfile.TemporaryDirectory(prefix=".query-", dir=place)
            name = open_.enter_context(folder)
        yield name


@contextmanager
def _writing(output: Path | None) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        cause = error.strerror or str(error)
        raise CannotWrite(found=str(output or tempfile.gettempdir()), cause=cause) from error


def _make(written: Written, form: str, path: Path) -> None:
    if form == "parquet":
        _parquet(written, path)
        return
    if form == "xlsx":
        from qiantang.doors.reports.rows_book import write_rows

        write_rows(path, written.schema.names, _rows(written), written.rows)
        return
    with path.open("w", encoding="utf-8", newline="") as out:
        _put_out(written, form, out)


def _parquet(written: Written, path: Path) -> None:
    """One file of what may be several."""
    import pyarrow.parquet as pq

    if len(written.paths) == 1:
        shutil.move(written.paths[0], path)
        return
    with pq.ParquetWriter(path, written.schema, compression="zstd") as out:
        for batch in _batches(written):
            out.write_batch(batch.cast(written.schema))


def _put_out(written: Written, form: str, out: Any) -> None:
    names = written.schema.names
    if form == "table":
        _table(names, written, out)
    elif form == "csv":
        lines = csv.writer(out, lineterminator="\n")
        lines.writerow(names)
        lines.writerows(map(cell, row) for row in _rows(written))
    else:
        out.write("[")
        for n, row in enumerate(_rows(written)):
            said = {name: _plain(value) for name, value in zip(names, row, strict=True)}
            out.write(",\n " if n else "\n ")
            out.write(json.dumps(said, ensure_ascii=False, default=str, allow_nan=False))
        out.write("\n]\n")


def _table(names: Sequence[str], written: Written, out: Any) -> None:
    """The first rows, to be looked at."""
    from rich.table import Table
    from rich.text import Text as Plain

    table = Table(box=None, pad_edge=False, padding=(0, 1), header_style="bold")
    for field in written.schema:
        number = _is_number(field.type)
        table.add_column(field.name, justify="right" if number else "left", overflow="fold")
    for n, row in enumerate(_rows(written)):
        if n == SHOWN:
            break
        table.add_row(*[Plain("" if value is None else str(cell(value))) for value in row])
    screen = console()
    screen.file = out
    screen.print(table)
    more = written.rows - SHOWN
    if more > 0:
        said = (
            f"另有 {more:,} 行；用 --format csv 输出全部。",
            f"{more:,} more rows; --format csv",
        )
        click.echo(say(*said), err=True)


def _is_number(kind: pa.DataType) -> bool:
    import pyarrow as pa

    kinds = pa.types
    return bool(kinds.is_integer(kind) or kinds.is_floating(kind) or kinds.is_decimal(kind))


def _rows(written: Written) -> Iterator[tuple[Any, ...]]:
    """Row by row; columns of one name stay apart."""
    for batch in _batches(written):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _batches(written: Written) -> Iterator[pa.RecordBatch]:
    import pyarrow.parquet as pq

    for path in written.paths:
        with pq.ParquetFile(path) as file:
            yield from file.iter_batches(BATCH)


def _plain(value: Any) -> Any:
    """JSON has exact decimals only as numbers without exponent, and no NaN."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, float) and value - value != 0:
        return None
    return value
