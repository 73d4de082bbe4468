"""Statements of readers in a process of their own: the same rows, bounds that hold within one step
of the engine, and nothing that outlives its use."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from qiantang.engine.compute import ApartEngine, DuckEngine, workers
from qiantang.engine.compute.apart import names_alike
from qiantang.engine.compute.errors import (
    AnswerTooLarge,
    TaskCancelled,
    TaskFailed,
    TaskLost,
    TaskTooLarge,
    TaskTooSlow,
)
from qiantang.engine.compute.tests.sample import same, sample
from qiantang.engine.lake import Lake
from qiantang.engine.lake.duck import Limits
from qiantang.engine.sql.errors import SqlRefused

FOLDED = "replace(" * 20 + "'aaaaaaaaaa'" + ", 'a', 'aaaaaaaaaa')" * 20
PLANNED_FOR_EVER = f"select length({FOLDED}) as n from t"
"""A constant that never comes to an end; it is worked out while the statement is planned, where
the engine hears of no interruption."""
GROWING = (
    "with a as (select repeat(k, 1000) as s from t where k is not null), "
    "b as (select replace(s, k, s) as s from a, (select '甲' as k)), "
    "c as (select replace(s, k, s) as s from b, (select '甲' as k)), "
    "d as (select replace(s, k, s) as s from c, (select '甲' as k)) "
    "select length(s) as n from d"
)
"""Texts that grow a thousandfold in one step each; the engine does not count them."""
ENDLESS = "select count(*) as n from n a, n b, n c where a.x * b.x + c.x = 7"
MANY = pa.table({"x": list(range(3000))})


@pytest.fixture(autouse=True)
def _no_workers() -> Iterator[None]:
    """Every test starts and leaves without a worker."""
    workers.end_workers()
    yield
    workers.end_workers()


def ask(sql: str, *, seconds: float = 60.0, **tables: pa.Table) -> pa.Table:
    with ApartEngine(limits=Limits(seconds=seconds)) as engine:
        for name, table in (tables or {"t": sample()}).items():
            engine.register(name, table)
        return engine.query(sql)


def free() -> list[int]:
    """The processes of the workers that wait for a statement."""
    return [worker.number for worker in workers._free]


def peak() -> int:
    """The most memory that this process ever held, in MB."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM"))


def until(true: Callable[[], bool]) -> None:
    for _ in range(1200):
        if true():
            return
        time.sleep(0.05)
    raise AssertionError("it did not come about")


def is_gone(process: int) -> bool:
    try:
        return "\nState:\tZ" in Path(f"/proc/{process}/status").read_text("utf-8")
    except FileNotFoundError:
        return True


def test_rows_are_those_of_this_process(tmp_path: Path) -> None:
    with closing(Lake(tmp_path / "lake")) as lake:
        lake.ensure("p.city", pa.schema([("code", pa.string()), ("people", pa.int64())]))
        lake.append("p.city", pa.table({"code": ["330100", "330200"], "people": [5, 6]}))
        lake.rename_column("p.city", "people", "residents")
        sql = "select t.*, c.code, residents from t left join city c on c.residents = t.id + 4"
        found = []
        for engine in (DuckEngine(), ApartEngine()):
            with engine:
                engine.register("t", sample())
                engine.register("city", lake.files("p.city"))
                found.append(engine.query(f"{sql} order by id"))
        assert found[0].schema == found[1].schema
        assert same(*found) == ""


def test_a_worker_is_kept_for_the_next_statement() -> None:
    assert ask("select count(*) as n from t").num_rows == 1
    first = free()
    assert ask("select k from t").num_rows == sample().num_rows
    assert len(first) == 1
    assert free() == first


def test_a_worker_shows_no_progress_to_anybody() -> None:
    with ApartEngine() as engine:
        found = engine.run("select current_setting('enable_progress_bar') as shown")
    assert found.to_pylist() == [{"shown": False}]


def test_a_text_that_grows_in_one_step_ends_at_the_limit_of_memory() -> None:
    ask("select k from t")
    before = peak()
    with pytest.raises(TaskTooLarge) as refused:
        ask(GROWING)
    assert "1024 MB" in refused.value.message("en")
    assert peak() < before + 100
    assert free() == []
    assert ask("select count(*) as n from t").num_rows == 1


def test_a_statement_that_hears_of_no_interruption_ends_in_time() -> None:
    with pytest.raises(TaskTooSlow):
        ask(PLANNED_FOR_EVER, seconds=0.5)
    with pytest.raises(TaskTooSlow):
        names_alike(PLANNED_FOR_EVER, {"t": sample()}, limits=Limits(seconds=0.5))
    assert free() == []
    assert ask("select count(*) as n from t").num_rows == 1


def test_a_statement_that_can_be_interrupted_leaves_its_worker() -> None:
    with pytest.raises(TaskTooSlow):
        ask(ENDLESS, seconds=0.5, n=MANY)
    assert len(free()) == 1


def test_others_are_answered_while_one_is_at_work_and_it_can_be_cancelled() -> None:
    wrong: list[BaseException] = []
    engine = ApartEngine()
    engine.register("n", MANY)

    def work() -> None:
        try:
            engine.query(ENDLESS)
        except TaskCancelled as error:
            wrong.append(error)

    working = threading.Thread(target=work)
    working.start()
    until(lambda: engine._worker is not None)
    other = ask("select count(*) as n from t")
    assert other.to_pylist() == [{"n": sample().num_rows}]
    engine.cancel()
    working.join()
    assert len(wrong) == 1
    assert len(free()) == 1, "only the other one is left"
    with pytest.raises(TaskCancelled):
        engine.query("select count(*) as n from n")


def test_a_lost_worker_is_told_of_and_replaced() -> None:
    engine = ApartEngine()
    engine.register("n", MANY)

    def kill() -> None:
        until(lambda: engine._worker is not None)
        assert engine._worker is not None
        os.kill(engine._worker.number, signal.SIGKILL)

    killing = threading.Thread(target=kill)
    killing.start()
    with pytest.raises(TaskLost):
        engine.query(ENDLESS)
    killing.join()
    assert engine.query("select count(*) as n from n").to_pylist() == [{"n": 3000}]


def test_a_worker_that_went_idle_is_replaced_unnoticed(monkeypatch: pytest.MonkeyPatch) -> None:
    ask("select k from t")
    (first,) = workers._free
    first._told.close()
    until(lambda: is_gone(first.number))
    assert ask("select count(*) as n from t").num_rows == 1
    assert free() != [first.number]
    # It may also end after it was seen there.
    (second,) = workers._free
    second._told.close()
    until(lambda: is_gone(second.number))
    monkeypatch.setattr(workers.Worker, "is_there", lambda _: True)
    assert ask("select count(*) as n from t").num_rows == 1


def test_a_worker_ends_with_the_process_that_started_it() -> None:
    code = (
        "import threading, pyarrow as pa\n"
        "from qiantang.engine.compute import ApartEngine\n"
        "engine = ApartEngine()\n"
        "engine.register('n', pa.table({'x': list(range(3000))}))\n"
        f"threading.Thread(target=engine.query, args=[{ENDLESS!r}]).start()\n"
        "while engine._worker is None: pass\n"
        "print(engine._worker.number, flush=True)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    worker = int(parent.stdout.readline())
    assert not is_gone(worker)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    until(lambda: is_gone(worker))


def test_a_worker_knows_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QIANTANG_DATABASE_URL", "postgresql://keeper:password@db/qiantang")
    ask("select k from t")
    told = Path(f"/proc/{free()[0]}/environ").read_bytes()
    assert b"PATH=" in told
    assert b"password" not in told


def test_an_answer_without_bounds_is_refused_and_not_carried_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(workers, "MOST_BYTES", 10_000)
    with pytest.raises(AnswerTooLarge):
        ask("select x from n", n=MANY)
    assert ask("select x from n where x < 100", n=MANY).num_rows == 100


def test_rows_are_written_to_a_file_however_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "MOST_BYTES", 10_000)
    with ApartEngine() as engine:
        engine.register("n", MANY)
        written = engine.write("select x, x * 2 as y from n", tmp_path / "out")
        assert written.rows == 3000
        assert pq.read_table(written.paths[0]).schema.equals(written.schema)
        with pytest.raises(TaskFailed):
            engine.write("select cast('a' || x as integer) as n from n", tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_what_is_refused_never_reaches_a_worker() -> None:
    with pytest.raises(SqlRefused):
        ask("select * from read_csv('/etc/passwd')")
    assert free() == []


def test_names_are_told_without_running_the_statement() -> None:
    assert names_alike("select k, i as K, id from t", {"t": sample()}) == ("k", "K")
    assert names_alike("select nothing from t", {"t": sample()}) == ()
