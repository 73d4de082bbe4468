"""Delivering a file: published, held, refused, repeated; who may, who may not."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from qiantang.kernel.actors import ANONYMOUS, SYSTEM, Actor
from qiantang.kernel.errors import SignInRequired
from qiantang.rooms.catalogue import selectors as catalogue
from qiantang.rooms.catalogue import services as catalogue_services
from qiantang.rooms.intake import receiving, selectors, services
from qiantang.rooms.intake.errors import (
    CannotRead,
    FileEmpty,
    FileTooLarge,
    FourEyes,
    ModeUnfit,
    NotAgain,
    NotDecider,
    NotDeliverer,
    NotHeld,
    OriginalOpen,
    ReadingFirst,
    ReasonMissing,
    RequestKeyReused,
    RowsWithheld,
    RunUnknown,
    TooLate,
)
from qiantang.rooms.intake.models import Run
from qiantang.rooms.intake.shapes import RunView
from qiantang.rooms.intake.spooled import file_name
from qiantang.rooms.intake.tests.conftest import FIRMS
from qiantang.rooms.journal import selectors as journal
from qiantang.rooms.shelf import selectors as shelf

Made = Callable[..., Path]


def send(actor: Actor, path: Path, **how: object) -> RunView:
    run = services.receive(actor, FIRMS, path, **how)  # type: ignore[arg-type]
    return services.work(run.id, actor=actor) if run.is_working else run


def codes() -> list[str]:
    lake = shelf.lake()
    if FIRMS not in lake.tables():
        return []
    return sorted(lake.read(FIRMS, columns=["code"]).column("code").to_pylist())


def test_a_sound_delivery_is_published(officer: Actor, csv_file: Made) -> None:
    run = send(officer, csv_file(20))
    assert (run.status, run.sent, run.accepted, run.set_aside) == ("published", 20, 20, 0)
    assert len(codes()) == 20
    table = shelf.lake().read(FIRMS)
    assert set(table.column("_run").to_pylist()) == {run.id}
    assert table.column("_row").to_pylist()[0] == 2


def test_the_catalogue_hears_of_quality_and_freshness(officer: Actor, csv_file: Made) -> None:
    run = send(officer, csv_file(20))
    entry = catalogue.resource(officer, FIRMS)
    assert run.grade
    assert entry.rows == 20


def test_rows_left_out_are_named_and_masked_for_whom_values_are_withheld(
    officer: Actor, auditor: Actor, csv_file: Made
) -> None:
    file = csv_file(3)
    file.write_text(file.read_text("utf-8") + "合计,,6,\n", "utf-8")
    run = send(officer, file)
    assert (run.sent, run.skipped) == (3, 2)
    assert run.left_out["rows"][-1]["content"] == "合计 | 6"
    assert selectors.run(auditor, run.id).left_out["rows"][-1]["content"] == "***"


def test_few_bad_rows_are_set_aside_and_the_rest_published(officer: Actor, csv_file: Made) -> None:
    run = send(officer, csv_file(40, bad=2))
    assert (run.status, run.sent, run.accepted, run.set_aside) == ("published", 40, 38, 2)
    found = selectors.problems(officer, run.id)
    first = found.items[0]
    assert (first.row, first.column, first.value) == (2, "编码", "X0")
    assert first.text.zh != first.text.en
    assert first.hint.zh


def test_many_bad_rows_hold_the_delivery(officer: Actor, approver: Actor, csv_file: Made) -> None:
    run = send(officer, csv_file(20, bad=5))
    assert run.status == "held"
    assert codes() == []
    decided = services.decide(approver, run.id, "publish", "已与企业核对")
    assert decided.status == "publishing"
    done = services.work(run.id, actor=approver)
    assert (done.status, done.accepted) == ("published", 15)
    assert len(codes()) == 15


def test_a_held_delivery_may_be_refused(officer: Actor, approver: Actor, csv_file: Made) -> None:
    run = send(officer, csv_file(20, bad=5))
    assert services.decide(approver, run.id, "refuse", "请改正后重报").status == "refused"
    services.work(run.id)
    assert codes() == []
    with pytest.raises(NotHeld):
        services.decide(approver, run.id, "publish", "again")


def test_nobody_decides_before_the_reading_is_confirmed(
    officer: Actor, approver: Actor, tmp_path: Path
) -> None:
    file = tmp_path / "odd.csv"
    file.write_text("甲,乙,丙,丁\n1,2,3,4\n", encoding="utf-8")
    run = send(officer, file)
    assert (run.status, run.verdict) == ("held", None)
    with pytest.raises(ReadingFirst):
        services.decide(approver, run.id, "publish", "已核实")
    with pytest.raises(NotAgain):
        services.retry(officer, run.id)


def test_mostly_bad_rows_refuse_it_whole(officer: Actor, csv_file: Made) -> None:
    run = send(officer, csv_file(20, bad=15))
    assert (run.status, run.set_aside) == ("refused", 15)
    assert codes() == []


def test_without_publishing_it_waits_for_a_decision(officer: Actor, csv_file: Made) -> None:
    assert send(officer, csv_file(5), publish=False).status == "held"


def test_who_sent_it_does_not_decide(
    make_actor: Callable[..., Actor], officer: Actor, csv_file: Made
) -> None:
    from qiantang.kernel.actors import Role

    both = make_actor("both", Role.OFFICER, Role.APPROVER, at="330000-stats")
    run = send(both, csv_file(20, bad=5))
    with pytest.raises(FourEyes):
        services.decide(both, run.id, "publish", "mine")
    with pytest.raises(NotDecider):
        services.decide(officer, run.id, "publish", "no approver")
    with pytest.raises(NotDecider):
        services.decide(SYSTEM, run.id, "publish", "the machine")


def test_a_decision_needs_a_reason(officer: Actor, approver: Actor, csv_file: Made) -> None:
    run = send(officer, csv_file(20, bad=5))
    with pytest.raises(ReasonMissing):
        services.decide(approver, run.id, "publish", "  ")


def test_the_same_file_again_changes_nothing(officer: Actor, csv_file: Made) -> None:
    first = send(officer, csv_file(20))
    again = send(officer, csv_file(20, name="other-name.csv"))
    assert (again.id, again.repeated) == (first.id, True)
    assert len(codes()) == 20
    assert selectors.runs(officer).total == 1


def test_a_held_file_again_is_the_same_run(officer: Actor, csv_file: Made) -> None:
    first = send(officer, csv_file(20, bad=5))
    assert send(officer, csv_file(20, bad=5)).id == first.id


def test_replacing_back_is_no_repetition(officer: Actor, csv_file: Made) -> None:
    one, other = csv_file(10), csv_file(10, start=100, name="b.csv")
    send(officer, one, mode="replace")
    send(officer, other, mode="replace")
    back = send(officer, one, mode="replace")
    assert (back.status, back.repeated) == ("published", False)
    assert codes()[0] == "F000000"


def test_a_request_repeated_gives_its_run(officer: Actor, csv_file: Made) -> None:
    one = services.receive(officer, FIRMS, csv_file(3), request_key="k1")
    two = services.receive(officer, FIRMS, csv_file(3), request_key="k1")
    assert (two.id, two.repeated) == (one.id, True)
    services.work(one.id)
    assert services.receive(officer, FIRMS, csv_file(3), request_key="k1").id == one.id


def test_a_request_key_stands_for_one_delivery(
    officer: Actor, csv_file: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = services.receive(officer, FIRMS, csv_file(3), request_key="k1")
    with pytest.raises(RequestKeyReused) as told:
        services.receive(officer, FIRMS, csv_file(4, name="other.csv"), request_key="k1")
    assert one.id in told.value.text().zh
    assert one.id in told.value.text().en
    with pytest.raises(RequestKeyReused):
        services.receive(officer, FIRMS, csv_file(3), request_key="k1", mode="replace")
    first = receiving._same_request
    answers = iter([None])
    monkeypatch.setattr(
        receiving, "_same_request", lambda actor, key: next(answers, first(actor, key))
    )
    with pytest.raises(RequestKeyReused):
        services.receive(officer, FIRMS, csv_file(4, name="other.csv"), request_key="k1")
    assert Run.objects.count() == 1


def test_rows_known_already_are_duplicates_when_appending(officer: Actor, csv_file: Made) -> None:
    send(officer, csv_file(20))
    more = send(officer, csv_file(20, start=19, name="more.csv"))
    assert (more.accepted, more.duplicates) == (19, 1)
    assert len(codes()) == 39


def test_upsert_and_delete_go_by_key(officer: Actor, csv_file: Made, tmp_path: Path) -> None:
    send(officer, csv_file(10))
    changed = send(officer, csv_file(5, start=8, name="u.csv"), mode="upsert")
    assert changed.status == "published"
    assert len(codes()) == 13
    gone = tmp_path / "gone.csv"
    gone.write_text("编码\nF000000\nF000001\nF999999\n", encoding="utf-8")
    assert send(officer, gone, mode="delete").status == "published"
    assert len(codes()) == 11


def test_each_division_replaces_its_own_part(
    hangzhou_officer: Actor, ningbo_officer: Actor, tmp_path: Path
) -> None:
    def deliver(actor: Actor, name: str, *wanted: str) -> RunView:
        path = tmp_path / name
        path.write_text("\n".join(["编码", *wanted]) + "\n", encoding="utf-8")
        run = services.receive(actor, "trade.county_firm", path)
        return services.work(run.id, actor=actor)

    deliver(hangzhou_officer, "a.csv", "H1", "H2")
    deliver(ningbo_officer, "b.csv", "N1")
    last = deliver(hangzhou_officer, "c.csv", "H3")
    assert last.division == "330100"
    rows = shelf.lake().read("trade.county_firm").to_pylist()
    assert {(r["code"], r["_division"]) for r in rows} == {("H3", "330100"), ("N1", "330200")}
    copy = catalogue_services.take(hangzhou_officer, "trade.county_firm", "330100").id
    assert [p.sent for p in selectors.trend(hangzhou_officer, copy)] == [2, 1]


def test_corrected_rows_are_sent_again(officer: Actor, csv_file: Made, tmp_path: Path) -> None:
    run = send(officer, csv_file(40, bad=2))
    again = send(
        officer, corrected_rows(officer, run, tmp_path), resend_of=run.id, accept_doubts=True
    )
    assert (again.status, again.accepted, again.parent) == ("published", 2, run.id)
    assert len(codes()) == 40


def test_corrected_rows_join_a_delivery_that_replaced_everything(
    officer: Actor, csv_file: Made, tmp_path: Path
) -> None:
    run = send(officer, csv_file(40, bad=2), mode="replace")
    again = send(
        officer, corrected_rows(officer, run, tmp_path), resend_of=run.id, accept_doubts=True
    )
    assert (again.status, again.mode, again.accepted) == ("published", "upsert", 2)
    assert len(codes()) == 40


def test_corrected_rows_wait_for_the_delivery_that_they_join(
    officer: Actor, approver: Actor, csv_file: Made, tmp_path: Path
) -> None:
    run = send(officer, csv_file(20, bad=5), mode="replace")
    assert (run.status, run.allowed.resend) == ("held", False)
    book = corrected_rows(officer, run, tmp_path, bad=5)
    with pytest.raises(OriginalOpen):
        send(officer, book, resend_of=run.id)
    services.decide(approver, run.id, "publish", "先入库")
    services.work(run.id)
    assert selectors.run(officer, run.id).allowed.resend
    assert send(officer, book, resend_of=run.id, accept_doubts=True).accepted == 5
    assert len(codes()) == 20


def corrected_rows(officer: Actor, run: RunView, folder: Path, bad: int = 2) -> Path:
    """The workbook of the run's set-aside rows with right codes in it."""
    import openpyxl

    book = openpyxl.load_workbook(selectors.rejects(officer, run.id))
    sheet = book.active
    at = [c.value for c in sheet[1]].index("编码") + 1
    for n in range(2, 2 + bad):
        sheet.cell(n, at).value = f"F90000{n}"
    corrected = folder / "corrected.xlsx"
    book.save(corrected)
    return corrected


def test_others_may_neither_send_nor_see(stranger: Actor, officer: Actor, csv_file: Made) -> None:
    run = send(officer, csv_file(20, bad=5))
    with pytest.raises(NotDeliverer):
        services.receive(stranger, FIRMS, csv_file(3))
    with pytest.raises(SignInRequired):
        services.receive(ANONYMOUS, FIRMS, csv_file(3))
    for ask in (selectors.run, selectors.problems, selectors.rejects, services.cancel):
        with pytest.raises(RunUnknown):
            ask(stranger, run.id)
    with pytest.raises(RunUnknown):
        services.decide(stranger, run.id, "publish", "x")
    assert selectors.runs(stranger).total == 0


def test_auditors_above_see_no_values(auditor: Actor, officer: Actor, csv_file: Made) -> None:
    run = send(officer, csv_file(40, bad=2))
    seen = selectors.run(auditor, run.id)
    assert seen.masked
    found = selectors.problems(auditor, run.id)
    assert {p.value for p in found.items} == {"***"}
    assert not any("X0" in p.text.zh or "X0" in p.hint.zh for p in found.items)
    with pytest.raises(RowsWithheld):
        selectors.rejects(auditor, run.id)
    with pytest.raises(NotDeliverer):
        services.propose_reading(auditor, run.id)


def test_a_run_is_cancelled_before_it_is_worked_on(officer: Actor, csv_file: Made) -> None:
    run = services.receive(officer, FIRMS, csv_file(20))
    assert services.cancel(officer, run.id).status == "cancelled"
    assert services.work(run.id).status == "cancelled"
    assert codes() == []
    services.retry(officer, run.id)
    assert services.work(run.id).status == "published"
    with pytest.raises(TooLate):
        services.cancel(officer, run.id)


def test_cancelling_while_it_is_checked_publishes_nothing(officer: Actor, csv_file: Made) -> None:
    run = services.receive(officer, FIRMS, csv_file(20))
    done = services.work(run.id, cancelled=lambda: True)
    assert done.status == "cancelled"
    assert codes() == []


def test_wrong_sendings_are_refused_at_once(
    officer: Actor, csv_file: Made, tmp_path: Path, settings: object
) -> None:
    with pytest.raises(ModeUnfit):
        services.receive(officer, FIRMS, csv_file(3), mode="sideways")
    empty = tmp_path / "empty.csv"
    empty.touch()
    with pytest.raises(FileEmpty):
        services.receive(officer, FIRMS, empty)
    settings.QIANTANG_INTAKE_LARGEST = 10  # type: ignore[attr-defined]
    with pytest.raises(FileTooLarge):
        services.receive(officer, FIRMS, csv_file(3))
    assert selectors.runs(officer).total == 0


def test_a_file_that_is_no_table_is_refused_with_its_reason(officer: Actor, tmp_path: Path) -> None:
    path = tmp_path / "picture.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    run = send(officer, path)
    assert run.status == "refused"
    assert run.error_code.startswith("reading.")
    assert (run.error or {})["messages"]["zh"]


def test_the_journal_tells_the_whole_story(
    officer: Actor, approver: Actor, administrator: Actor, csv_file: Made
) -> None:
    run = send(officer, csv_file(20, bad=5))
    services.decide(approver, run.id, "publish", "核对过")
    services.work(run.id)
    entries = journal.entries(administrator, subject=f"run:{run.id}")
    verbs = [e.verb for e in entries.entries][::-1]
    assert verbs == ["intake.received", "intake.held", "intake.decided", "intake.published"]


def test_the_trend_follows_the_runs(officer: Actor, csv_file: Made) -> None:
    send(officer, csv_file(20))
    send(officer, csv_file(20, bad=1, start=50, name="b.csv"))
    points = selectors.trend(officer, FIRMS)
    assert [p.set_aside for p in points] == [0, 1]
    assert all(0 <= share <= 1 for p in points for share in p.dimensions.values())


def test_the_public_trend_tells_what_was_published_and_names_no_run(
    officer: Actor, auditor: Actor, stranger: Actor, csv_file: Made
) -> None:
    published, refused = (send(officer, csv_file(20, bad=bad)) for bad in (0, 5))
    assert (published.status, refused.status) == ("published", "refused")
    for actor in (officer, auditor):
        assert [p.run for p in selectors.trend(actor, FIRMS)] == [published.id, refused.id]
    for actor in (ANONYMOUS, stranger):
        assert [(p.run, p.sent) for p in selectors.trend(actor, FIRMS)] == [("", 20)]


def test_above_the_organisation_an_error_repeats_no_cell(
    officer: Actor, auditor: Actor, tmp_path: Path
) -> None:
    path = tmp_path / "firms.csv"
    path.write_text("张三的名单\n李四,李五\n", encoding="utf-8")
    run = send(officer, path)
    Run.objects.filter(pk=run.id).update(
        error=CannotRead(found="李四", cause="EACCES").problem("zh"),
        verdict={"sql": [{"id": "x", "failed": None, "keys": [], "error": "cannot read '李四'"}]},
    )
    assert "李四" in str(selectors.run(officer, run.id))
    seen = selectors.run(auditor, run.id)
    assert "李四" not in f"{seen.error}{seen.verdict}"
    assert seen.error is not None
    assert seen.error["code"] == CannotRead.code
    assert set(seen.error["messages"]) == {"zh", "en"}


def test_errors_call_a_file_by_the_name_it_was_sent_with(officer: Actor, tmp_path: Path) -> None:
    path = tmp_path / "企业名录 2026.csv"
    path.write_text("编码,名称,金额,日期\n", encoding="utf-8")
    run = send(officer, path)
    assert run.status == "refused"
    assert run.error is not None
    assert run.error["place"]["file"] == "企业名录 2026.csv"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("a/b\x00.csv", "a_b_.csv"),
        ("..", "file"),
        ("企" * 200 + ".csv.gz", "企" * 64 + ".csv.gz"),
        ("a." + "x" * 300, "a." + "x" * 198),
    ],
)
def test_any_name_is_one_that_a_folder_can_hold(given: str, kept: str) -> None:
    made = file_name(given)
    assert len(made.encode()) <= 200
    assert made == kept


def test_a_broken_line_is_set_aside_by_itself(officer: Actor, tmp_path: Path) -> None:
    lines = [f'{{"编码": "F{n:06d}", "名称": "企业{n}"}}' for n in range(20)]
    path = tmp_path / "firms.ndjson"
    path.write_text("\n".join((lines[0], '{"编码": ', *lines[1:])), encoding="utf-8")
    run = services.work(services.receive(officer, FIRMS, path).id)
    assert (run.status, run.sent, run.accepted, run.set_aside) == ("published", 21, 20, 1)
    (problem,) = selectors.problems(officer, run.id).items
    assert (problem.row, problem.code, problem.value) == (2, "broken_line", '{"编码":')
    assert "内容不完整" in problem.text.zh
    path.write_text('{"编码": \n[1]\n', encoding="utf-8")
    refused = services.work(services.receive(officer, FIRMS, path).id)
    assert (refused.status, refused.error_code) == ("refused", "reading.json_broken")


def test_a_note_in_an_archive_is_named_and_holds_nothing(
    officer: Actor, csv_file: Made, tmp_path: Path
) -> None:
    path = tmp_path / "firms.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(csv_file(5), "firms.csv")
        archive.writestr("readme.txt", "about")
    run = services.work(services.receive(officer, FIRMS, path).id)
    assert (run.status, run.accepted) == ("published", 5)
    assert "readme.txt" in str((run.verdict or {})["reasons"])
