"""The demo as a person runs it, in a process of its own, and the commands on the zone it makes."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import time
import tomllib
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow]
QIANTANG = [sys.executable, "-m", "qiantang.doors.cli.main"]


def environment() -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("QIANTANG_", "DJANGO_"))}
    return {**kept, "QIANTANG_LANG": "en", "COLUMNS": "80"}


def run(zone: Path, *words: str, given: str = "") -> subprocess.CompletedProcess[str]:
    command = [*QIANTANG, "--zone", str(zone), *words]
    return subprocess.run(
        command, capture_output=True, text=True, env=environment(), input=given, check=False
    )


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A demo zone and what the first run printed."""
    zone = tmp_path_factory.mktemp("demo") / "zone"
    done = run(zone, "demo", "--no-serve")
    assert done.returncode == 0, done.stderr
    return zone, done.stdout


@pytest.fixture
def zone(demo: tuple[Path, str], tmp_path: Path) -> Path:
    """A copy of the demo zone to spoil."""
    copy = tmp_path / "zone"
    shutil.copytree(demo[0], copy)
    return copy


def test_the_first_run_prints_every_verdict_and_the_sign_ins(demo: tuple[Path, str]) -> None:
    zone, printed = demo
    for number in range(1, 28):
        assert f"T{number:02}" in printed
    assert "27 targets" in printed
    kept = tomllib.loads((zone / "demo-sign-ins.toml").read_text(encoding="utf-8"))
    assert list(kept) == ["citizen", "officer", "steward", "approver", "administrator"]
    assert all(entry["password"] in printed for entry in kept.values())
    assert stat.S_IMODE((zone / "demo-sign-ins.toml").stat().st_mode) == 0o600


def test_the_table_fits_eighty_columns_and_has_no_colours_in_a_pipe(
    demo: tuple[Path, str],
) -> None:
    table = demo[1].split("27 targets")[0].splitlines()
    assert "\x1b" not in demo[1]
    assert max(len(line) for line in table) <= 80


def test_a_second_run_reuses_the_zone(demo: tuple[Path, str]) -> None:
    zone, _ = demo
    before = json.loads(run(zone, "plan", "assess", "--format", "json").stdout)
    again = run(zone, "demo", "--no-serve")
    assert again.returncode == 0
    assert "demo-sign-ins.toml" in again.stdout
    after = json.loads(run(zone, "plan", "assess", "--format", "json").stdout)
    assert after["snapshot"] == before["snapshot"]
    assert [t["history"] for t in after["targets"]] == [t["history"] for t in before["targets"]]


def test_figures_went_through_submission_and_approval(demo: tuple[Path, str]) -> None:
    with sqlite3.connect(demo[0] / "control.sqlite3") as database:
        found = database.execute(
            "select kind, state, submitted_by = decided_by, rows from indicators_submission"
        ).fetchall()
    assert found
    assert {row[:3] for row in found} == {("deliver", "approved", 0)}


def test_open_resources_have_rows_to_look_at(demo: tuple[Path, str]) -> None:
    runs = json.loads(run(demo[0], "intake", "list", "--format", "json").stdout)["items"]
    accepted = {run["resource"]: run["accepted"] for run in runs}
    for id in ("air-station", "air-quality", "school", "licence-publicity"):
        assert accepted[f"data-commons.{id}"] == 300, accepted


def test_a_past_day_and_a_division_can_be_asked_for(demo: tuple[Path, str]) -> None:
    past = run(demo[0], "plan", "assess", "--as-of", "2018-12-31", "--format", "json")
    body = json.loads(past.stdout)
    assert body["as_of"] == "2018-12-31"
    assert body["counts"]["pending"] > 20
    city = run(demo[0], "plan", "assess", "--division", "330100")
    assert "Hangzhou" in city.stdout
    wrong = run(demo[0], "plan", "assess", "--division", "999999")
    assert (wrong.returncode, "999999" in wrong.stderr) == (1, True)
    missing = run(demo[0], "plan", "assess", "--plan", "other")
    assert (missing.returncode, "zone-2017" in missing.stderr) == (1, True)


def test_the_result_can_be_written_to_a_file(demo: tuple[Path, str], tmp_path: Path) -> None:
    for form, mark in (("xlsx", b"PK"), ("pdf", b"%PDF"), ("json", b"{"), ("table", b"Plan")):
        target = tmp_path / f"verdicts.{form}"
        done = run(demo[0], "plan", "assess", "--format", form, "--output", str(target))
        assert done.returncode == 0, done.stderr
        assert target.read_bytes().startswith(mark)
    nowhere = run(demo[0], "plan", "assess", "--output", str(tmp_path / "no" / "a.txt"))
    assert (nowhere.returncode, "cannot be written" in nowhere.stderr) == (1, True)


def test_the_history_of_verdicts_can_be_taken_away(demo: tuple[Path, str]) -> None:
    told = json.loads(run(demo[0], "plan", "history", "--format", "json").stdout)
    assert {v["target"] for v in told["verdicts"]} == {f"T{n:02}" for n in range(1, 28)}
    as_csv = run(demo[0], "plan", "history", "--target", "T01", "--format", "csv").stdout
    assert as_csv.count("T01") >= 1
    assert "T01" in run(demo[0], "plan", "history").stdout


def test_accounts_are_opened_changed_and_given_tokens(zone: Path) -> None:
    added = run(zone, "user", "add", "qian", "--role", "officer", "-o", "330100-stats")
    assert added.returncode == 0, added.stderr
    assert "Password: " in added.stdout
    assert "officer@330100-stats" in run(zone, "user", "list").stdout
    assert run(zone, "user", "grant", "qian", "auditor", "330100").returncode == 0
    assert run(zone, "user", "grant", "qian", "auditor", "330100", "--withdraw").returncode == 0
    assert "auditor@330100" not in run(zone, "user", "list").stdout
    chosen = run(zone, "user", "password", "qian", "--password-stdin", given="west-lake-1138\n")
    assert chosen.returncode == 0, chosen.stderr
    assert "west-lake" not in chosen.stdout
    weak = run(zone, "user", "password", "qian", "--password-stdin", given="123\n")
    assert weak.returncode == 1
    assert run(zone, "user", "token", "qian").stdout.startswith("qt_")
    for words in (("token", "nobody"), ("add", "qian"), ("grant", "nobody", "officer")):
        refused = run(zone, "user", *words)
        assert refused.returncode == 1
        assert "Traceback" not in refused.stderr


def test_doctor_finds_a_sound_zone_sound(demo: tuple[Path, str]) -> None:
    done = run(demo[0], "doctor")
    assert (done.returncode, "0 wrong" in done.stdout) == (0, True), done.stdout


def test_doctor_names_what_is_wrong_and_how_to_mend_it(zone: Path) -> None:
    (zone / "secret.key").chmod(0o644)
    with sqlite3.connect(zone / "control.sqlite3") as database:
        database.execute("drop trigger if exists journal_entry_no_update")
        database.execute("update journal_auditentry set subject = 'else' where seq = 7")
    done = run(zone, "doctor", "--format", "json")
    assert done.returncode == 1
    wrong = [f for f in json.loads(done.stdout)["findings"] if f["level"] == "bad"]
    assert {f["what"]["en"] for f in wrong} == {"Signing key", "Journal"}
    assert all(f["mend"]["zh"] and f["mend"]["en"] for f in wrong)


def test_doctor_names_lost_figures(demo: tuple[Path, str], tmp_path: Path) -> None:
    figures = max((demo[0] / "lake").rglob("*.parquet"), key=lambda p: p.stat().st_size)
    aside = shutil.move(figures, tmp_path / "aside")
    try:
        done = run(demo[0], "doctor")
    finally:
        shutil.move(aside, figures)
    assert done.returncode == 1
    assert figures.name in done.stdout
    assert "backup" in done.stdout


def test_doctor_survives_a_database_that_is_none(zone: Path) -> None:
    (zone / "control.sqlite3").write_bytes(b"not a database at all" * 100)
    done = run(zone, "doctor")
    assert done.returncode == 1
    assert "Database" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_doctor_misses_a_lake_that_is_gone_altogether(zone: Path) -> None:
    """An empty lake is sound in itself; that something was approved says otherwise."""
    shutil.rmtree(zone / "lake")
    done = run(zone, "doctor", "--format", "json")
    assert done.returncode == 1
    wrong = [f for f in json.loads(done.stdout)["findings"] if f["level"] == "bad"]
    assert {f["what"]["en"] for f in wrong} == {"Lake"}
    assert all("not in the lake" in f["said"]["en"] for f in wrong)


def test_doctor_reads_figures_that_are_damaged_inside(zone: Path) -> None:
    figures = max((zone / "lake").rglob("*.parquet"), key=lambda p: p.stat().st_size)
    content = bytearray(figures.read_bytes())
    content[1000:9000] = bytes(8000)
    figures.write_bytes(content)
    done = run(zone, "doctor", "--format", "json")
    assert done.returncode == 1
    wrong = [f for f in json.loads(done.stdout)["findings"] if f["level"] == "bad"]
    assert "Lake" in {f["what"]["en"] for f in wrong}
    assert all(f["mend"]["en"] for f in wrong)


def test_doctor_asks_for_a_backup_before_an_empty_database_is_made(zone: Path) -> None:
    (zone / "control.sqlite3").unlink()
    done = run(zone, "doctor")
    assert done.returncode == 1
    assert "control.sqlite3 is missing" in done.stdout
    assert not (zone / "control.sqlite3").exists()


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"short"])
def test_doctor_names_a_key_that_is_none(zone: Path, content: bytes) -> None:
    (zone / "secret.key").write_bytes(content)
    done = run(zone, "doctor")
    assert done.returncode == 1
    assert "empty or damaged" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_doctor_says_that_a_lost_key_was_made_anew(zone: Path) -> None:
    (zone / "secret.key").unlink()
    done = run(zone, "doctor")
    assert done.returncode == 0
    assert "a new one was made" in done.stdout


def test_doctor_counts_what_it_does_not_list_and_sees_an_emptied_journal(zone: Path) -> None:
    with sqlite3.connect(zone / "control.sqlite3") as database:
        database.execute("drop trigger if exists journal_entry_no_delete")
        database.execute("delete from journal_auditentry where seq > 10")
    assert re.search(r"And \d+ more", run(zone, "doctor").stdout)
    with sqlite3.connect(zone / "control.sqlite3") as database:
        database.execute("delete from journal_auditentry")
        database.execute("delete from journal_chainhead")
    done = run(zone, "doctor")
    assert done.returncode == 1
    assert "although there are accounts" in done.stdout


def test_lost_sign_ins_are_told_not_replaced(zone: Path) -> None:
    (zone / "demo-sign-ins.toml").unlink()
    done = run(zone, "demo", "--no-serve")
    assert done.returncode == 1
    assert "user password" in done.stderr


def test_a_zone_of_real_people_is_not_made_a_demo(tmp_path: Path) -> None:
    zone = tmp_path / "real"
    assert run(zone, "init", str(zone), "--bare", "--name-en", "Ningbo").returncode == 0
    assert run(zone, "user", "add", "boss", "--role", "administrator").returncode == 0
    refused = run(zone, "demo", "--no-serve")
    assert (refused.returncode, "boss" in refused.stderr) == (1, True)
    assert "officer" not in run(zone, "user", "list").stdout
    assert not (zone / "demo-sign-ins.toml").exists()


@pytest.fixture
def served(demo: tuple[Path, str]) -> Iterator[tuple[subprocess.Popen[str], str]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [*QIANTANG, "--zone", str(demo[0]), "serve", "--port", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment())
    yield server, f"http://127.0.0.1:{port}/"
    if server.poll() is None:
        server.kill()
        server.wait()


def test_the_server_answers_and_stops_cleanly_on_ctrl_c(
    served: tuple[subprocess.Popen[str], str], demo: tuple[Path, str]
) -> None:
    server, address = served
    for _ in range(120):
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                assert answer.status == 200
            break
        except OSError:
            time.sleep(0.25)
    port = address.rstrip("/").rpartition(":")[2]
    taken = run(demo[0], "serve", "--port", port)
    assert (taken.returncode, port in taken.stderr) == (1, True)
    server.send_signal(signal.SIGINT)
    assert server.wait(timeout=20) == 0
    assert server.stdout is not None
    assert address in server.stdout.read()


RIVALS = """
import sys
from qiantang.site.bootstrap import setup
from qiantang.site.zone import Zone
setup(Zone.open(sys.argv[1]))
from qiantang.kernel.errors import QiantangError
from qiantang.rooms.indicators import selectors, services
from qiantang.rooms.indicators.rows import to_row
from qiantang.rooms.people.selectors import actor_of_account
officer, approver = actor_of_account("officer"), actor_of_account("approver")
if sys.argv[2] == "send":
    known = selectors.observation("P005")
    form = {**to_row(known), "value": "6229", "base_revision": str(known.revision)}
    print(services.submit_observation(officer, form).id)
else:
    print("ready", flush=True)
    sys.stdin.readline()
    try:
        print(services.approve(approver, int(sys.argv[2])).state)
    except QiantangError as error:
        print(error.code)
"""


def test_of_two_approvals_at_the_same_moment_one_counts(demo: tuple[Path, str]) -> None:
    command = [sys.executable, "-c", RIVALS, str(demo[0])]
    sent = subprocess.run(
        [*command, "send"], capture_output=True, text=True, check=True, env=environment()
    ).stdout.strip()
    rivals = [
        subprocess.Popen(
            [*command, sent],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment(),
        )
        for _ in range(3)
    ]
    for rival in rivals:
        assert rival.stdout is not None
        assert rival.stdout.readline() == "ready\n"
    answers = sorted(rival.communicate("go\n", timeout=60)[0].strip() for rival in rivals)
    assert answers.count("approved") == 1
    assert set(answers) <= {"approved", "indicators.already_decided", "indicators.stale_version"}
    told = json.loads(run(demo[0], "plan", "assess", "--format", "json").stdout)
    first = next(t for t in told["targets"] if t["id"] == "T01")
    revised = [e for e in first["evidence"] + first["rejected"] if e["id"] == "P005"]
    assert [e["value"] for e in revised] == [6229]
    assert run(demo[0], "doctor").returncode == 0
