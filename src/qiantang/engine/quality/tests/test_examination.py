"""A whole delivery: counts reconcile, repeats are told apart, everything can be read again."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qiantang.engine.quality import Examination, examine, load_examination, schema_of
from qiantang.engine.quality.errors import CountsDiffer, ExaminationCancelled, ExaminationMissing
from qiantang.engine.quality.reading.shapes import BrokenLine
from qiantang.engine.quality.repeats import Repeats
from qiantang.engine.quality.tests.streams import FakeStream, checker, field, resource
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import FieldType, Limits, Mode, Precision

KEY = field("k", required=True)
NUMBER = field("n", FieldType.DECIMAL, unit="元")
DAY = field("day", FieldType.DATE, precision=Precision.MONTH)
CODE = field("u", unique=True)
THINGS = resource(
    KEY, NUMBER, DAY, CODE, grain=("k",), limits=Limits(Decimal("0.1"), Decimal("0.6"))
)
NAMES = [each.id for each in THINGS.fields]


def run(folder: Path, rows: list[dict[str, str | None]], **more: object) -> Examination:
    size = int(more.pop("size", 3))  # type: ignore[call-overload]
    return examine(FakeStream(rows, NAMES, size), checker(THINGS, **more), folder)


def codes(found: Examination) -> list[tuple[int, str]]:
    return [(each.row, each.code) for each in found.problems(1000)]


def test_good_rows_come_out_typed(tmp_path: Path) -> None:
    found = run(tmp_path, [{"k": "a", "n": "1.5万", "day": "2017年4月"}])
    table = found.batches().read_all()
    assert table.schema == found.schema
    assert table.to_pylist()[0]["n"] == Decimal(15000)
    assert table.to_pylist()[0]["day__precision"] == "month"
    assert table.to_pylist()[0]["_row"] == 2
    assert {*found.schema.names, "_run", "_division"} == set(schema_of(THINGS).names)
    assert (found.sent, found.accepted, found.set_aside) == (1, 1, 0)
    assert found.verdict.decision == "publish"


def test_the_same_row_again_is_a_duplicate_and_kept_once(tmp_path: Path) -> None:
    row = {"k": "a", "n": "1万", "day": "2017年4月", "u": "x"}
    again = {"k": "a", "n": "10,000", "day": "2017-04", "u": "x"}
    found = run(tmp_path, [row, {"k": "b"}, {"k": "c"}, {"k": "d"}, again])
    assert (found.accepted, found.set_aside, found.duplicates) == (4, 1, 1)
    assert codes(found) == [(6, "repeated")]
    assert found.batches().read_all()["_row"].to_pylist() == [2, 3, 4, 5]


def test_rows_that_differ_under_one_key_all_go(tmp_path: Path) -> None:
    found = run(tmp_path, [{"k": "a", "n": "1"}, {"k": "b"}, {"k": "a", "n": "2"}])
    assert (found.accepted, found.set_aside, found.duplicates) == (1, 2, 0)
    assert codes(found) == [(2, "key_conflict"), (4, "key_conflict")]
    assert "第 4 行" in found.problems(1)[0].hint.zh


def test_a_unique_field_may_be_empty_but_not_repeat(tmp_path: Path) -> None:
    rows = [{"k": "a", "u": "x"}, {"k": "b"}, {"k": "c"}, {"k": "d", "u": "x"}]
    found = run(tmp_path, rows)
    assert codes(found) == [(2, "not_unique"), (5, "not_unique")]
    assert found.problems(1)[0].column == "列u"


def test_a_row_set_aside_for_a_value_is_no_rival_of_a_good_one(tmp_path: Path) -> None:
    found = run(tmp_path, [{"k": "a", "n": "x"}, {"k": "a", "n": "2"}])
    assert codes(found) == [(2, "not_a_number")]
    assert found.accepted == 1


def test_an_empty_part_of_a_key_is_a_value(tmp_path: Path) -> None:
    of = resource(KEY, NUMBER, grain=("k", "n"))
    rows: list[dict[str, str | None]] = [{"k": "a"}, {"k": "a"}, {"k": "a", "n": "1"}]
    found = examine(FakeStream(rows, ["k", "n"]), checker(of), tmp_path)
    assert codes(found) == [(3, "repeated")]
    assert found.problems(1)[0].value == "a | "


def test_appending_what_the_lake_has_is_a_duplicate(tmp_path: Path) -> None:
    asked: list[tuple[str, ...]] = []

    def existing(names: tuple[str, ...]) -> pa.RecordBatchReader:
        asked.append(tuple(names))
        return pa.table({"k": ["a", "z"]}).to_reader()

    rows = [{"k": "a"}, {"k": "b"}]
    found = run(tmp_path, rows, mode=Mode.APPEND, existing=existing)
    assert asked == [("k",)]
    assert codes(found) == [(2, "key_exists")]
    assert (found.accepted, found.duplicates) == (1, 1)
    assert run(tmp_path, rows, mode=Mode.UPSERT, existing=existing).set_aside == 0


def test_thresholds_decide(tmp_path: Path) -> None:
    good: list[dict[str, str | None]] = [{"k": str(n)} for n in range(9)]
    bad: dict[str, str | None] = {"k": "x", "n": "x"}
    assert run(tmp_path, [*good, bad]).verdict.decision == "publish"
    held = run(tmp_path, [*good[:8], bad]).verdict
    assert held.decision == "hold"
    assert "9 行中剔出 1 行" in held.reasons[0].zh
    assert run(tmp_path, [*good[:2], bad, bad, bad]).verdict.decision == "hold"
    assert run(tmp_path, [good[0], bad, bad]).verdict.decision == "refuse"
    assert run(tmp_path, [bad]).verdict.decision == "refuse"
    assert run(tmp_path, []).verdict.decision == "hold"


def test_an_examination_can_be_opened_again(tmp_path: Path) -> None:
    found = run(tmp_path, [{"k": "a", "n": "x"}, {"k": "b"}])
    assert load_examination(tmp_path, THINGS) == found
    again = run(tmp_path, [{"k": "b"}])
    assert load_examination(tmp_path, THINGS) == again
    assert len(list(tmp_path.glob("accepted-*"))) == 1


def test_cancelling_leaves_no_result(tmp_path: Path) -> None:
    rows: list[dict[str, str | None]] = [{"k": str(n)} for n in range(20)]
    seen: list[int] = []
    with pytest.raises(ExaminationCancelled):
        examine(
            FakeStream(rows, NAMES, 5),
            checker(THINGS),
            tmp_path,
            progress=seen.append,
            cancelled=lambda: len(seen) == 2,
        )
    assert seen == [5, 10]
    with pytest.raises(ExaminationMissing):
        load_examination(tmp_path, THINGS)


def test_a_stream_that_loses_rows_is_noticed(tmp_path: Path) -> None:
    class Losing(FakeStream):
        def __iter__(self):  # type: ignore[no-untyped-def]
            for batch in super().__iter__():
                yield batch.head(1)

    with pytest.raises(CountsDiffer):
        examine(Losing([{"k": "a"}, {"k": "b"}], NAMES), checker(THINGS), tmp_path)


def test_however_many_rows_come_only_the_next_batch_is_read_ahead(tmp_path: Path) -> None:
    class Noting(FakeStream):
        ahead: list[int]

        def __iter__(self):  # type: ignore[no-untyped-def]
            for batch in super().__iter__():
                self.ahead.append(self.sent - (done[-1] if done else 0))
                yield batch

    done: list[int] = []
    stream = Noting([{"k": str(n)} for n in range(300)], NAMES, 10)
    stream.ahead = []
    found = examine(stream, checker(THINGS), tmp_path, progress=done.append)
    assert (found.accepted, len(stream.ahead)) == (300, 30)
    # The batch at hand, which is not counted as done yet, and the next.
    assert max(stream.ahead) <= 20


def test_the_search_for_repeats_is_held_to_its_memory_and_spills(tmp_path: Path) -> None:
    found = run(tmp_path, [{"k": "a"}])
    with Repeats(checker(THINGS), found.accepted_files, tmp_path / "spill") as repeats:
        said = repeats._db.execute(
            "SELECT current_setting('memory_limit'), current_setting('temp_directory')"
        ).fetchone()
    assert said is not None
    assert said[0].startswith("122")  # MiB: 128 MB
    assert said[1] == str(tmp_path / "spill")


def test_misshapen_rows_are_set_aside(tmp_path: Path) -> None:
    stream = FakeStream([{"k": "a"}, {"k": "b"}], NAMES)
    stream.misshapen = {3: object()}  # type: ignore[attr-defined]
    found = examine(stream, checker(THINGS), tmp_path)
    assert codes(found) == [(3, "misshapen")]


def test_broken_lines_are_set_aside_and_no_rule_is_asked_of_them(tmp_path: Path) -> None:
    rows: list[dict[str, str | None]] = [{"k": f"k{n}"} for n in range(9)]
    rows.insert(4, {})
    stream = FakeStream(rows, NAMES)
    reason = Text("内容不完整", "it ends midway")
    stream.broken = {6: BrokenLine('{"k": ', reason)}  # type: ignore[attr-defined]
    found = examine(stream, checker(THINGS), tmp_path)
    assert (found.sent, found.accepted, found.set_aside) == (10, 9, 1)
    assert found.verdict.decision == "publish"
    (problem,) = found.problems()
    assert (problem.row, problem.code, problem.value) == (6, "broken_line", '{"k": ')
    assert problem.text == Text(
        "这条记录不能按 JSON 对象读取：内容不完整",
        "the record cannot be read as a JSON object: it ends midway",
    )
    assert load_examination(tmp_path, THINGS).rules == {"row.broken_line": 1}


def test_problems_of_broken_lines_stand_among_the_others(tmp_path: Path) -> None:
    stream = FakeStream([{"k": "a", "n": "x"}, {}, {"k": "b", "n": "y"}], NAMES)
    stream.broken = {3: BrokenLine("{", Text("内容不完整", "it ends midway"))}  # type: ignore[attr-defined]
    found = examine(stream, checker(THINGS), tmp_path)
    assert codes(found) == [(2, "not_a_number"), (3, "broken_line"), (4, "not_a_number")]


def test_too_many_broken_lines_refuse_the_delivery(tmp_path: Path) -> None:
    stream = FakeStream([{"k": "a"}, *({} for _ in range(9))], NAMES)
    broken = BrokenLine("{", Text("内容不完整", "it ends midway"))
    stream.broken = dict.fromkeys(range(3, 12), broken)  # type: ignore[attr-defined]
    found = examine(stream, checker(THINGS), tmp_path)
    assert (found.accepted, found.set_aside, found.verdict.decision) == (1, 9, "refuse")


def test_drilling_down(tmp_path: Path) -> None:
    rows: list[dict[str, str | None]] = [{"k": str(n), "n": "x", "day": "y"} for n in range(10)]
    found = run(tmp_path, rows)
    assert found.count_problems() == 20
    assert found.count_problems(code="not_a_date") == 10
    assert [p.row for p in found.problems(3, 2, column="列n")] == [4, 5, 6]
    assert found.problems(1, code="n.not_a_number")[0].field == "n"
    assert {each["rule"]: each["count"] for each in found.by_rule()} == {
        "day.not_a_date": 10,
        "n.not_a_number": 10,
    }


def test_dimensions_count_what_was_checked(tmp_path: Path) -> None:
    from qiantang.packkit.compiled import Dimension

    found = run(tmp_path, [{"k": "a", "n": "x"}, {"k": None, "n": "1"}, {"k": "c", "n": "2"}])
    parts = found.verdict.dimensions
    assert (parts[Dimension.NORMATIVITY].checked, parts[Dimension.NORMATIVITY].failed) == (5, 1)
    assert (parts[Dimension.COMPLETENESS].checked, parts[Dimension.COMPLETENESS].failed) == (3, 1)
    assert found.verdict.filled["n"] == pytest.approx(2 / 3)


cell = st.sampled_from(
    [None, "", "a", "b", "c", "1", "2", "1.0", "x", "2017-04", "2017-4-1", "无", "1万"]
)
any_row = st.fixed_dictionaries(dict.fromkeys(NAMES, cell))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(any_row, max_size=30), st.integers(1, 12))
def test_every_row_is_accepted_or_set_aside_with_a_reason(
    rows: list[dict[str, str | None]], size: int
) -> None:
    with TemporaryDirectory() as name:
        found = run(Path(name), rows, size=size)
        assert found.sent == len(rows) == found.accepted + found.set_aside
        kept = found.batches().read_all()
        aside = pl.read_parquet(found.rows_file)["_row"].to_list()
        assert sorted([*kept["_row"].to_pylist(), *aside]) == list(range(2, 2 + len(rows)))
        assert set(aside) == {row for row, _ in codes(found)}
        keys = kept["k"].to_pylist()
        assert None not in keys
        assert len(set(keys)) == len(keys)
        unique = [value for value in kept["u"].to_pylist() if value is not None]
        assert len(set(unique)) == len(unique)


@settings(max_examples=20, deadline=None)
@given(st.lists(any_row, max_size=20), st.integers(1, 12))
def test_the_size_of_batches_makes_no_difference(
    rows: list[dict[str, str | None]], size: int
) -> None:
    with TemporaryDirectory() as one, TemporaryDirectory() as other:
        whole, parts = run(Path(one), rows, size=1000), run(Path(other), rows, size=size)
        assert sorted(codes(whole)) == sorted(codes(parts))
        assert whole.batches().read_all() == parts.batches().read_all()


OFFICES = resource(
    field("k", required=True), field("above", reference="trial.things.k"), grain=("k",)
)


def refer(folder: Path, *rows: tuple[str, str | None], **more: object) -> list[tuple[int, str]]:
    sent = [{"k": key, "above": above} for key, above in rows]
    return codes(examine(FakeStream(sent, ["k", "above"], 2), checker(OFFICES, **more), folder))


def test_a_reference_may_be_to_a_row_of_the_same_delivery(tmp_path: Path) -> None:
    rows = ("a", "c"), ("b", "a"), ("c", None), ("d", "d")
    assert refer(tmp_path, *rows) == []
    assert refer(tmp_path, ("a", "old"), known=["old"]) == []


def test_a_row_whose_referent_is_set_aside_goes_too(tmp_path: Path) -> None:
    rows = ("a", "b"), ("b", "c"), ("c", "gone"), ("d", None), ("e", "a")
    assert sorted(refer(tmp_path, *rows)) == [(n, "reference") for n in (2, 3, 4, 6)]
    rows = ("a", "b"), ("b", None), ("b", "a")
    assert sorted(refer(tmp_path, *rows)) == [
        (2, "reference"),
        (3, "key_conflict"),
        (4, "key_conflict"),
    ]


def test_rows_to_delete_need_no_referent(tmp_path: Path) -> None:
    assert refer(tmp_path, ("a", "gone"), mode=Mode.DELETE) == []
