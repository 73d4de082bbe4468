"""What pages ask of intake: counts of findings, newest runs, what changed, labelled sample rows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from qiantang.kernel.actors import Actor
from qiantang.rooms.intake import selectors, services
from qiantang.rooms.intake.errors import RunUnknown
from qiantang.rooms.intake.models import Run
from qiantang.rooms.intake.shapes import RunView
from qiantang.rooms.intake.tests.conftest import FIRMS
from qiantang.rooms.shelf import selectors as shelf

pytestmark = pytest.mark.django_db
CsvFile = Callable[..., Path]


def delivered(officer: Actor, file: Path, **how: str) -> RunView:
    run = services.receive(officer, FIRMS, file, accept_doubts=True, **how)
    return services.work(run.id)


def test_findings_are_counted_and_filtered(officer: Actor, csv_file: CsvFile) -> None:
    run = delivered(officer, csv_file(20, bad=3))
    counts = selectors.problem_counts(officer, run.id)
    assert [(c.rule, c.column, c.count) for c in counts] == [("code.pattern", "编码", 3)]
    one = selectors.problems(officer, run.id, rule="code.pattern", size=2, page=2)
    assert (one.total, [p.value for p in one.items]) == (3, ["X2"])
    assert selectors.problems(officer, run.id, rule="name.required").total == 0
    assert selectors.problems(officer, run.id, column="编码").total == 3


def test_filtered_values_stay_masked(officer: Actor, auditor: Actor, csv_file: CsvFile) -> None:
    run = delivered(officer, csv_file(20, bad=3))
    found = selectors.problems(auditor, run.id, rule="code.pattern")
    assert {p.value for p in found.items} == {"***"}
    assert not any("X0" in p.text.zh for p in found.items)


def test_keys_of_failing_rows_are_for_those_who_see_values(
    officer: Actor, auditor: Actor, csv_file: CsvFile
) -> None:
    run = delivered(officer, csv_file(20))
    told = {"id": "same_name", "failed": 1, "keys": ["F000003"]}
    Run.objects.filter(pk=run.id).update(verdict={**(run.verdict or {}), "sql": [told]})
    own, above = (selectors.run(actor, run.id).verdict or {} for actor in (officer, auditor))
    assert own["sql"] == [told]
    assert above["sql"] == [{**told, "keys": []}]


def test_others_learn_nothing(officer: Actor, stranger: Actor, csv_file: CsvFile) -> None:
    run = delivered(officer, csv_file(20, bad=3))
    with pytest.raises(RunUnknown):
        selectors.problem_counts(stranger, run.id)
    with pytest.raises(RunUnknown):
        selectors.changed(stranger, run.id)
    assert selectors.latest_runs(stranger, [FIRMS]) == {}
    assert selectors.resends(stranger, run.id) == ()
    assert selectors.to_decide(stranger) == 0


def test_the_newest_run_of_each_resource(officer: Actor, csv_file: CsvFile) -> None:
    delivered(officer, csv_file(5))
    second = delivered(officer, csv_file(5, start=100, name="second.csv"))
    found = selectors.latest_runs(officer, [FIRMS, "trade.county_firm"])
    assert {id: run.id for id, run in found.items()} == {FIRMS: second.id}


def test_what_waits_for_an_approver_is_counted(
    officer: Actor, approver: Actor, csv_file: CsvFile
) -> None:
    run = delivered(officer, csv_file(20, bad=3))
    assert (selectors.to_decide(approver), selectors.to_decide(officer)) == (1, 0)
    services.decide(approver, run.id, "publish", "sound")
    assert selectors.to_decide(approver) == 0


def test_what_a_run_changed(officer: Actor, csv_file: CsvFile) -> None:
    held = delivered(officer, csv_file(20, bad=3))
    assert selectors.changed(officer, held.id) is None
    first = delivered(officer, csv_file(20, name="first.csv"))
    found = selectors.changed(officer, first.id)
    assert found is not None
    assert (found.snapshot, found.rows, found.inserted) == (first.snapshot, 20, None)
    again = delivered(officer, csv_file(25, start=10, name="again.csv"), mode="upsert")
    found = selectors.changed(officer, again.id)
    assert found is not None
    assert (found.rows, found.inserted, found.updated) == (35, 15, 10)


def test_corrected_rows_are_known_by_what_they_mend(officer: Actor, csv_file: CsvFile) -> None:
    first = delivered(officer, csv_file(20, bad=1))
    mended = delivered(officer, csv_file(1, start=500, name="mended.csv"), resend_of=first.id)
    assert [r.id for r in selectors.resends(officer, first.id)] == [mended.id]


def test_rows_of_a_sample_are_labelled(officer: Actor, tmp_path: Path) -> None:
    file = tmp_path / "firms.csv"
    lines = ["企业名录,,,", "编码,名称,金额,日期", "F000001,甲,1,2026-01-01", "合计,,1,"]
    file.write_text("\n".join(lines), encoding="utf-8")
    reading = services.preview_file(officer, FIRMS, file)
    rows = selectors.labelled_rows(reading.recipe, reading.sample, shelf.resources()[FIRMS])
    assert [(r.row, r.kind) for r in rows] == [
        (1, "title"),
        (2, "header"),
        (3, "data"),
        (4, "total"),
    ]
    assert {len(r.cells) for r in rows} == {4}
    kept = selectors.labelled_rows(
        {**reading.recipe, "skip_totals": False}, reading.sample, shelf.resources()[FIRMS]
    )
    assert kept[-1].kind == "data"


def test_rows_of_a_second_table_are_labelled_where_they_are_not_read(
    officer: Actor, tmp_path: Path
) -> None:
    file = tmp_path / "firms.csv"
    lines = ["编码,名称,金额,日期", "F000001,甲,1,2026-01-01", "合计,,1,", ",,,"]
    lines += ["附表：联系人,,,", "姓名,职务,电话,备注", "张三,主任,13857123456,"]
    file.write_text("\n".join(lines), encoding="utf-8")
    reading = services.preview_file(officer, FIRMS, file)
    firms = shelf.resources()[FIRMS]
    rows = selectors.labelled_rows(reading.recipe, reading.sample, firms)
    assert [(r.row, r.kind) for r in rows][1:] == [
        (2, "data"),
        (3, "total"),
        *((n, "second-table") for n in (5, 6, 7)),
    ]
    on = selectors.labelled_rows({**reading.recipe, "second_table": "read"}, reading.sample, firms)
    assert {r.kind for r in on[3:]} == {"data"}


def test_records_that_name_their_columns_are_all_data(officer: Actor, tmp_path: Path) -> None:
    file = tmp_path / "firms.json"
    file.write_text('[{"编码": "合计", "名称": "甲"}]', encoding="utf-8")
    reading = services.preview_file(officer, FIRMS, file)
    assert {
        r.kind
        for r in selectors.labelled_rows(reading.recipe, reading.sample, shelf.resources()[FIRMS])
    } == {"data"}
