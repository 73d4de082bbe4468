"""Rules over several fields, asked of rows as an update leaves them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl
import pyarrow as pa
import pytest

from qiantang.engine.quality import examine
from qiantang.engine.quality.problem_rows import read_problems
from qiantang.engine.quality.second_look import Fallen, accepted_rows, set_aside_more
from qiantang.engine.quality.tests.streams import FakeStream, checker, field, resource
from qiantang.engine.quality.whole_rows import conditions_on, failing_keys
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Check, Dimension, FieldType, Mode, Severity

ORDER = Text("先后", "Order")
ENDS = Check("ends", ORDER, ORDER, Dimension.CONSISTENCY, holds="Last >= first")
HINT = Check(
    "hint", ORDER, ORDER, Dimension.CONSISTENCY, holds="last is not null", severity=Severity.WARN
)
TERMS = resource(
    field("k", required=True),
    field("first", FieldType.DATE),
    field("last", FieldType.DATE),
    grain=("k",),
    checks=(ENDS, HINT),
)
ID = field("id", identifier="cn.resident-id", agrees={"birth": "birth"})
PEOPLE = resource(field("k", required=True), ID, field("birth", FieldType.DATE), grain=("k",))


def test_only_conditions_that_use_a_field_and_set_aside_are_asked() -> None:
    assert conditions_on(TERMS, ["last"]) == (ENDS,)
    assert conditions_on(TERMS, ["k"]) == ()


def test_rows_are_not_read_for_nothing() -> None:
    def unread() -> Iterator[pa.RecordBatch]:
        pytest.fail("read")
        yield

    assert failing_keys(unread(), TERMS, ["k"]) == []


def test_a_condition_fails_by_key_in_every_batch() -> None:
    early, late = date(2020, 1, 1), date(2021, 1, 1)
    rows = pa.table(
        {"k": ["a", "b", "c"], "first": [early, late, late], "last": [late] * 2 + [early]}
    )
    ((rule, keys),) = failing_keys(rows.to_batches(max_chunksize=1), TERMS, ["last"])
    assert (rule.id, keys["k"].to_list()) == ("ends", ["c"])


def test_a_kept_value_that_disagrees_is_set_aside_with_what_would_be_right(tmp_path: Path) -> None:
    sent = FakeStream([{"k": "a", "id": "11010519491231002X"}, {"k": "b"}], ["k", "id"])
    found = examine(sent, checker(PEOPLE, mode=Mode.UPSERT), tmp_path)
    assert found.accepted == 2
    born = date(1950, 1, 1)
    rows = pa.table({"k": ["a", "b"], "id": ["11010519491231002X", None], "birth": [born, born]})
    ((rule, keys),) = failing_keys(rows.to_batches(), PEOPLE, ["birth"])
    places = accepted_rows(found, ["k"]).join(keys, on="k")
    now = set_aside_more(found, PEOPLE, [Fallen(rule, places)], stream=sent.again(), turn=1)
    assert (now.accepted, now.set_aside, now.duplicates) == (1, 1, 0)
    (problem,) = read_problems(now.problems_file, limit=5)
    assert (problem.rule, problem.row) == ("birth.disagrees", 2)
    assert "1949-12-31" in problem.hint.zh
    assert pl.read_parquet(now.rows_file)["k"].to_list() == ["a"]
