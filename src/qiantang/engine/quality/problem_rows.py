"""Failures as rows of a table of problems: written as they are found, read for drilling down."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl
import pyarrow as pa

from qiantang.engine.quality.checker import Failure
from qiantang.engine.quality.stream import ROW, SHEET
from qiantang.kernel.text import Text

LONGEST_VALUE: Final = 200
LONGEST_SHOWN: Final = 60
SCHEMA: Final = pa.schema(
    [
        ("sheet", pa.string()),
        ("row", pa.int64()),
        ("column", pa.string()),
        ("field", pa.string()),
        ("value", pa.string()),
        ("code", pa.string()),
        ("rule", pa.string()),
        ("dimension", pa.string()),
        ("severity", pa.string()),
        ("text_zh", pa.string()),
        ("text_en", pa.string()),
        ("hint_zh", pa.string()),
        ("hint_en", pa.string()),
    ]
)


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem of one row: where, what was found, by which rule, and how to mend it.

    ``column`` is the heading in the source and ``field`` the field's id; both are "" when the
    whole row is meant.
    """

    sheet: str
    row: int
    column: str
    field: str
    value: str
    code: str
    rule: str
    dimension: str
    severity: str
    text: Text
    hint: Text

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def problem_frame(
    batch: pl.DataFrame, failures: Sequence[Failure], headings: Mapping[str, str]
) -> pl.DataFrame:
    """The failures of a batch, a row each, in the order of the source."""
    frames = [_frame(batch, failure, headings) for failure in failures]
    if not frames:
        return empty_frame()
    return in_order(frames)


def in_order(frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Problems of one batch, in the order of the source."""
    return pl.concat(frames).sort(["sheet", "row"], maintain_order=True)


def empty_frame() -> pl.DataFrame:
    found = pl.from_arrow(SCHEMA.empty_table())
    assert isinstance(found, pl.DataFrame)
    return found


def _frame(batch: pl.DataFrame, failure: Failure, headings: Mapping[str, str]) -> pl.DataFrame:
    rule, rows = failure.rule, failure.rows
    raw = failure.found
    if raw is None and rule.field in batch.columns:
        raw = batch[rule.field].gather(rows)
    values = raw if raw is not None else pl.repeat("", rows.len(), dtype=pl.String, eager=True)
    known = pl.DataFrame(
        {
            "sheet": batch[SHEET].gather(rows),
            "row": batch[ROW].gather(rows),
            "value": values.cast(pl.String).fill_null("").str.slice(0, LONGEST_VALUE),
            "expected": _expected(failure.expected, rows.len()),
            "expected_en": _expected(
                failure.expected if failure.expected_en is None else failure.expected_en, rows.len()
            ),
        }
    )
    text, hint = rule.text, rule.hint
    return known.select(
        "sheet",
        "row",
        column=pl.lit(headings.get(rule.field, rule.field)),
        field=pl.lit(rule.field),
        value="value",
        code=pl.lit(rule.code),
        rule=pl.lit(rule.id),
        dimension=pl.lit(rule.dimension.value),
        severity=pl.lit(rule.severity.value),
        text_zh=_said(text.zh, "expected"),
        text_en=_said(text.en, "expected_en"),
        hint_zh=_said(hint.zh, "expected"),
        hint_en=_said(hint.en, "expected_en"),
    )


def _expected(said: pl.Series | None, rows: int) -> pl.Series:
    if said is None:
        return pl.repeat("", rows, dtype=pl.String, eager=True)
    return said.cast(pl.String).fill_null("")


def _said(template: str, expected: str) -> pl.Expr:
    """The template with each row's own value and what would be right."""
    columns = {
        "{found}": pl.col("value").str.slice(0, LONGEST_SHOWN),
        "{expected}": pl.col(expected),
    }
    pieces = re.split(r"(\{found\}|\{expected\})", template)
    return pl.concat_str(*(columns.get(piece, pl.lit(piece)) for piece in pieces))


def read_problems(
    file: Path, *, limit: int, offset: int = 0, code: str = "", column: str = ""
) -> tuple[Problem, ...]:
    """A page of problems; ``column`` may be a heading or a field id."""
    found = _narrowed(pl.scan_parquet(file), code, column).slice(offset, limit).collect()
    return tuple(_problem(row) for row in found.iter_rows(named=True))


def count_problems(file: Path, *, code: str = "", column: str = "") -> int:
    """How many problems there are by the same filters."""
    found = _narrowed(pl.scan_parquet(file), code, column).select(pl.len()).collect()
    return int(found.item())


def counts_by_rule(file: Path) -> pl.DataFrame:
    """How often each rule failed, most frequent first, with an example of the value."""
    grouped = pl.scan_parquet(file).group_by("rule", "code", "field", "column", "severity")
    counted = grouped.agg(pl.len().alias("count"), pl.col("value").first().alias("example"))
    return counted.sort(["count", "rule"], descending=[True, False]).collect()


def _narrowed(frame: pl.LazyFrame, code: str, column: str) -> pl.LazyFrame:
    if code:
        frame = frame.filter((pl.col("code") == code) | (pl.col("rule") == code))
    if column:
        frame = frame.filter((pl.col("column") == column) | (pl.col("field") == column))
    return frame


def _problem(row: Mapping[str, Any]) -> Problem:
    plain = {k: v for k, v in row.items() if not k.startswith(("text_", "hint_"))}
    text, hint = (Text(row[f"{name}_zh"], row[f"{name}_en"]) for name in ("text", "hint"))
    return Problem(**plain, text=text, hint=hint)
