"""`qiantang intake`, `qiantang source` and `qiantang rows`: a delivery from file to lake, by hand
and from where the platform fetches it; exit codes and the JSON that programs rely on."""

from __future__ import annotations

import json
import os
import sqlite3
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.apps import apps

from qiantang.doors.cli.tests.delivering import GOOD, ID, Firms, Run, deliver, lines
from qiantang.kernel.actors import Actor
from qiantang.kernel.problems import kept_problem
from qiantang.rooms.intake import credentials, services
from qiantang.rooms.intake.errors import RunBusy, SourceGone

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("trade")]


def test_a_delivery_answers_with_the_members_that_programs_rely_on(run: Run, firms: Firms) -> None:
    code, said = deliver(run, firms(*GOOD, "X5,戊,abc,2026年5月"))
    assert code == 0
    assert list(said)[:9] == [
        "run", "resource", "sent", "accepted", "set_aside", "duplicates", "snapshot", "problems",
        "reject_file",
    ]  # fmt: skip
    assert (said["resource"], said["status"], said["snapshot"] is not None) == (
        ID,
        "published",
        True,
    )
    assert (said["sent"], said["accepted"], said["set_aside"], said["duplicates"]) == (5, 4, 1, 0)
    found = [
        {k: p[k] for k in ("code", "row", "column", "value", "rule")} for p in said["problems"]
    ]
    assert found == [
        {"code": "not_a_number", "row": 6, "column": "金额", "value": "abc",
         "rule": "amount.not_a_number"},
        {"code": "pattern", "row": 6, "column": "编码", "value": "X5", "rule": "code.pattern"},
    ]  # fmt: skip
    assert Path(said["reject_file"]).is_file()
    assert lines(run)[0] == "F1,企业1,15000,2026-01"


def test_rows_that_are_no_data_are_named_with_the_reason(run: Run, firms: Firms) -> None:
    file = firms(*GOOD, "", "合计,,6,", "注：初步统计,,,")
    _, said = deliver(run, file)
    assert (said["sent"], said["accepted"], said["left_out"]["total"]) == (4, 4, 4)
    assert said["left_out"]["reasons"] == {"blank": 1, "footnote": 1, "heading": 1, "total": 1}
    assert said["left_out"]["rows"][1] == {
        "file": "firms.csv", "sheet": "", "row": 7, "reason": "total", "content": "合计 | 6",
        "text": {"zh": "合计行", "en": "Row of totals"},
    }  # fmt: skip
    told = run("intake", "show", said["run"])[1]
    assert "Rows that are no data, not counted as sent: 4" in told
    assert "row 7 [合计 | 6] Row of totals" in told
    (listed,) = json.loads(run("intake", "list", "--format", "json")[1])["items"]
    assert (listed["left_out"]["total"], listed["left_out"]["rows"]) == (4, [])


def test_the_same_file_again_changes_nothing(run: Run, firms: Firms) -> None:
    _, first = deliver(run, firms(*GOOD))
    code, again = deliver(run, firms(*GOOD, name="copy.csv"))
    assert (code, again["repeated"], again["run"]) == (0, True, first["run"])
    assert (again["snapshot"], again["accepted"]) == (first["snapshot"], 4)


def test_exit_codes_tell_held_and_refused(run: Run, firms: Firms) -> None:
    code, held = deliver(run, firms(*GOOD[:2], "X,甲,1,2026年1月"))
    assert (code, held["status"], held["snapshot"]) == (3, "held", None)
    code, refused = deliver(run, firms(*GOOD[:1], "X,甲,1,", "Y,乙,1,"))
    assert (code, refused["status"]) == (4, "refused")
    assert "1 of 3 rows set aside (33.33%), limit 30.00%" in run("intake", "show", held["run"])[1]
    assert "3 行中剔出 1 行" in run("intake", "show", held["run"], lang="zh")[1]
    assert run("intake", "missing.csv", "-r", ID)[0] == 1
    assert run("intake", "missing.csv")[0] == 2


def test_every_mode_does_what_it_says(run: Run, firms: Firms) -> None:
    deliver(run, firms(*GOOD))
    deliver(run, firms("F1,新名,2,2026年1月"), "--mode", "upsert")
    deliver(run, firms("F9,玖,9,2026年9月"), "--mode", "append")
    assert [line.split(",")[0] for line in lines(run)] == ["F1", "F2", "F3", "F4", "F9"]
    assert lines(run)[0] == "F1,新名,2,2026-01"
    deliver(run, firms("F2", "F404", header="编码"), "--mode", "delete")
    assert [line.split(",")[0] for line in lines(run)] == ["F1", "F3", "F4", "F9"]
    deliver(run, firms("F7,柒,7,2026年7月"), "--mode", "replace")
    assert lines(run) == ["F7,柒,7,2026-07"]


def test_keys_that_were_not_there_are_named(run: Run, firms: Firms, tmp_path: Path) -> None:
    deliver(run, firms(*GOOD))
    code, gone = deliver(run, firms("F2", "F404", header="编码"), "--mode", "delete")
    assert (code, gone["sent"], gone["accepted"], gone["absent"]) == (0, 2, 2, 1)
    (problem,) = gone["problems"]
    told = {name: problem[name] for name in ("code", "row", "column", "value", "rule", "severity")}
    assert told == {
        "code": "key_absent",
        "row": 3,
        "column": "编码",
        "value": "F404",
        "rule": "grain.key_absent",
        "severity": "warn",
    }
    assert (gone["problem_count"], gone["reject_file"]) == (1, None)
    said = run("intake", "show", gone["run"])[1]
    assert "Of the accepted, 1 keys were not in the table" in said
    assert "1 个主键不在表中" in run("intake", "show", gone["run"], lang="zh")[1]
    book = tmp_path / "report.xlsx"
    assert run("intake", "problems", gone["run"], "--report", str(book))[0] == 0
    rows = list(openpyxl.load_workbook(book).active.values)
    assert (rows[1][1], rows[1][3], rows[1][7]) == ("3", "F404", "key_absent")


def test_a_file_that_is_not_taken_answers_in_json(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "empty.csv"
    file.write_bytes(b"")
    code, said = deliver(run, file)
    assert (code, said["run"], said["status"], said["sent"]) == (1, None, "not_taken", 0)
    assert (said["resource"], said["file"], said["problems"]) == (ID, "empty.csv", [])
    assert said["error"]["code"] in ("intake.file_empty", "reading.file_empty")
    code, out, err = run("intake", str(file), "--resource", ID)
    assert (code, out) == (1, "")
    assert "empty" in err


def test_rows_set_aside_are_corrected_in_excel_and_sent_again(
    run: Run, firms: Firms, tmp_path: Path
) -> None:
    _, first = deliver(run, firms(*GOOD, "X5,戊,5,2026年5月"))
    book = tmp_path / "aside.xlsx"
    assert run("intake", "problems", first["run"], "--excel", str(book))[0] == 0
    sheet = openpyxl.load_workbook(book)
    assert sheet.active is not None
    sheet.active["A2"] = "F5"
    sheet.save(book)
    code, again = deliver(run, book, "--resend-of", first["run"])
    assert (code, again["accepted"], again["set_aside"]) == (0, 1, 0)
    assert lines(run)[-1] == "F5,戊,5,2026-05"
    total = json.loads(run("intake", "problems", first["run"], "--format", "json")[1])["total"]
    assert total == 1


def test_what_failed_is_said_in_the_language_asked_for(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "letter.csv"
    file.write_text("尊敬的领导\n此致敬礼\n", encoding="utf-8")
    shown = {}
    for lang in ("zh", "en"):
        words = ("intake", str(file), "-r", ID, "--format", "json")
        code, out, _ = run(*words, lang=lang)
        assert code == 4
        shown[lang] = json.loads(out)["error"]
    assert shown["zh"]["title"] == "找不到表头"
    assert shown["en"]["title"] == "No header found"
    assert "None of the first" in shown["en"]["detail"]
    assert "en" not in shown["en"]


def test_publishing_over_newer_data_is_confirmed(
    run: Run, firms: Firms, officer: Actor, approver: Actor
) -> None:
    replace = ("-r", ID, "--mode", "replace", "--as", "officer")
    assert run("intake", str(firms(*GOOD)), *replace, "--no-publish")[0] == 3
    (held,) = json.loads(run("intake", "list", "--status", "held", "--format", "json")[1])["items"]
    assert run("intake", str(firms(GOOD[0])), *replace)[0] == 0
    shown = json.loads(run("intake", "show", held["run"], "--format", "json")[1])
    (since,) = shown["since"]
    assert since["run"] in run("intake", "show", held["run"])[1]
    decide = ("intake", "decide", held["run"], "publish", "--reason", "checked", "--as", "approver")
    code, _, said = run(*decide)
    assert code == 1
    assert since["run"] in said
    assert run(*decide, "--over", since["run"])[0] == 0
    assert len(lines(run)) == len(GOOD)


def test_a_held_run_is_decided_by_an_approver_of_its_owner(
    run: Run, firms: Firms, officer: Actor, approver: Actor, citizen: Actor
) -> None:
    file = firms(*GOOD)
    code, _, _ = run("intake", str(file), "-r", ID, "--no-publish", "--as", "officer")
    assert code == 3
    (held,) = json.loads(run("intake", "list", "--status", "held", "--format", "json")[1])["items"]
    decide = ("intake", "decide", held["run"], "publish", "--reason", "checked")
    assert run(*decide, "--as", "officer")[0] == 1
    assert run(*decide, "--as", "citizen")[0] == 1
    assert lines(run) == []
    assert run(*decide, "--as", "approver")[0] == 0
    assert len(lines(run)) == 4
    assert run("intake", "show", held["run"], "--as", "citizen")[0] == 1
    assert json.loads(run("intake", "show", held["run"], "--format", "json")[1])["accepted"] == 4


def test_a_cancelled_run_is_worked_on_again(run: Run, firms: Firms) -> None:
    _, held = deliver(run, firms(*GOOD), "--no-publish")
    assert run("intake", "cancel", held["run"])[0] == 0
    shown = json.loads(run("intake", "show", held["run"], "--format", "json")[1])
    assert shown["status"] == "cancelled"
    _, out, _ = run("intake", "retry", held["run"], "--format", "json")
    assert json.loads(out)["sent"] == 4
    assert run("intake", "show", "20260101-000000-00000000")[0] == 1


def test_a_database_is_fetched_by_its_watermark(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "firms.sqlite"
    with sqlite3.connect(file) as db:
        db.execute('CREATE TABLE firms ("编码" TEXT, "名称" TEXT, "金额" REAL, n INTEGER)')
        db.execute("INSERT INTO firms VALUES ('F1', '甲', 1, 1), ('F2', '乙', 2, 2)")
    given = ("--engine", "sqlite", "--file", str(file), "--table", "firms", "--watermark", "n")
    assert run("source", "add", "register", "database", "-r", ID, "--every", "P1D", *given)[0] == 0
    tried = json.loads(run("source", "test", "register")[1])
    assert tried["columns"] == ["编码", "名称", "金额", "n"]
    code, out, _ = run("source", "fetch", "register", "--format", "json")
    assert (code, json.loads(out)["accepted"]) == (0, 2)
    code, out, err = run("source", "fetch", "register")
    assert (code, out, err.strip()) == (0, "", "Nothing new")
    with sqlite3.connect(file) as db:
        db.execute("INSERT INTO firms VALUES ('F3', '丙', 3, 3)")
    # The last row comes again, for others may have its value by now.
    assert json.loads(run("source", "fetch", "register", "--format", "json")[1])["sent"] == 2
    assert len(lines(run)) == 3


def test_a_folder_is_watched_paused_and_removed(run: Run, firms: Firms, tmp_path: Path) -> None:
    folder = tmp_path / "drop"
    folder.mkdir()
    add = ("source", "add", "nightly", "folder", "-r", ID, "--path", str(folder))
    assert run(*add, "--pattern", "*.csv")[0] == 0
    assert run(*add)[0] == 1
    file = firms(*GOOD).rename(folder / "a.csv")
    os.utime(file, (1, 1))
    _, out, err = run("source", "test", "nightly")
    assert json.loads(out) == {"files": [], "settling": ["a.csv"], "passed_over": []}
    assert "stay unchanged" in err
    code, _, err = run("source", "fetch", "nightly")
    assert (code, "1 files still being written" in err, "a.csv" in err) == (0, True, True)
    assert "Nothing new" not in err
    assert run("source", "change", "nightly", "--settled", "90000")[0] == 1
    assert run("source", "change", "nightly", "--settled", "7")[0] == 0
    assert json.loads(run("source", "list", "--format", "json")[1])[0]["config"]["settled"] == 7
    (listed,) = json.loads(run("source", "list", "--format", "json")[1])
    assert (listed["id"], listed["kind"], listed["resource"]) == ("nightly", "folder", ID)
    assert "nightly" in run("source", "list")[1]
    gone = SourceGone(source="nightly", rows="0 B", found="timeout")
    kept = apps.get_model("intake", "Source").objects
    kept.update(next_due=datetime(2026, 3, 1, 20, tzinfo=UTC), error=kept_problem(gone))
    listed = run("source", "list")[1]
    assert "2026-03-02 04:00" in listed
    assert "nothing came in" in " ".join(listed.split())
    assert run("source", "pause", "nightly")[0] == 0
    assert "paused" in run("source", "list")[1]
    assert run("source", "pause", "nightly", "--resume")[0] == 0
    assert run("source", "remove", "nightly")[0] == 0
    assert json.loads(run("source", "list", "--format", "json")[1]) == []
    assert run("source", "fetch", "nightly")[0] == 1


def test_a_source_is_changed_and_the_rest_stays(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = "https://example.com/firms.csv"
    monkeypatch.setattr("sys.stdin", StringIO("pw-one\n"))
    add = ("source", "add", "web", "http", "-r", ID, "--url", url, "--password-stdin")
    assert run(*add)[0] == 0
    monkeypatch.setattr("sys.stdin", StringIO("pw-two\n"))
    assert run(*add)[0] == 1
    assert credentials.look_up("file:source-web") == "pw-one"
    assert run("source", "change", "web", "--every", "P1D", "--mode", "append")[0] == 0
    (listed,) = json.loads(run("source", "list", "--format", "json")[1])
    assert (listed["every"], listed["mode"], listed["config"]) == ("P1D", "append", {"url": url})
    assert listed["credential"] == "file:source-web"
    code, _, err = run("source", "change", "web", "--every", "daily")
    assert (code, "daily" in err) == (1, True)
    assert run("source", "change", "none", "--every", "P1D")[0] == 1


def test_only_keepers_of_the_resource_add_a_source(
    run: Run, stranger: Actor, citizen: Actor, officer: Actor, tmp_path: Path
) -> None:
    for name in ("stranger", "citizen"):
        code, _, err = run("source", "add", "s", "upload", "-r", ID, "--as", name)
        assert (code, bool(err)) == (1, True)
    server = ("source", "add", "s", "folder", "-r", ID, "--path", str(tmp_path), "--as", "officer")
    assert run(*server)[0] == 1
    inner = ("source", "add", "s", "http", "-r", ID, "--url", "http://127.0.0.1:9/a.csv")
    code, _, err = run(*inner, "--as", "officer")
    assert (code, "inner" in err or "127.0.0.1" in err) == (1, True)
    assert json.loads(run("source", "list", "--format", "json")[1]) == []


def test_a_run_that_a_server_has_in_hand_is_waited_for(
    run: Run, firms: Firms, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, asked = services.work, []

    def busy_at_first(id: str, **how: Any) -> Any:
        asked.append(id)
        if len(asked) < 3:
            raise RunBusy(found=id)
        return whole(id, **how)

    monkeypatch.setattr(services, "work", busy_at_first)
    code, said = deliver(run, firms(*GOOD))
    assert (code, said["status"], len(asked)) == (0, "published", 3)
