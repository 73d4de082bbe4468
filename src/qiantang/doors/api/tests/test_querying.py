"""SQL over the API: rows with their columns, refusals without the engine's words."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from qiantang.doors import turns as turns_of_doors
from qiantang.doors.api.routes import query
from qiantang.doors.api.tests.conftest import Reader
from qiantang.engine.compute import workers
from qiantang.kernel.actors import Actor

pytestmark = pytest.mark.usefixtures("figures")
As = Callable[..., Reader]
TABLE = "statistics_zhejiang__observation"


def test_the_public_queries_published_figures(public: Reader) -> None:
    sql = f"select period, value from {TABLE} order by period"
    found = public.post("/query", {"sql": sql, "limit": 2})
    assert found.status_code == 200, found.content
    body = found.json()
    assert [c["name"] for c in body["columns"]] == ["period", "value"]
    assert body["truncated"] is True
    assert body["rows"][0] == ["2014", 2854]
    past = public.post("/query", {"sql": sql, "at": "2001-01-01"})
    assert past.json()["rows"] == []


def test_what_is_not_allowed_is_told_with_its_place(public: Reader) -> None:
    found = public.post("/query", {"sql": f"select period,\n random() as r from {TABLE}"})
    assert found.status_code == 422
    assert found.json()["code"] == "sql.refused"
    assert "line 2" in found.json()["messages"]["en"]


def test_columns_of_one_name_are_refused(public: Reader) -> None:
    found = public.post("/query", {"sql": f"select period as a, value as a from {TABLE}"})
    assert found.status_code == 422
    assert found.json()["code"] == "indicators.columns_alike"


def test_the_engine_s_own_words_stay_here(public: Reader) -> None:
    found = public.post("/query", {"sql": f"select cast(indicator as integer) as n from {TABLE}"})
    assert found.json()["code"] == "compute.task_failed"
    assert "core_va" not in found.content.decode()


@pytest.mark.parametrize(
    "body", [{}, {"sql": ""}, {"sql": "select 1", "limit": 0}, {"sql": "x", "engine": "spark"}]
)
def test_a_malformed_question_is_refused(public: Reader, body: dict[str, object]) -> None:
    assert public.post("/query", body).status_code == 422


def test_the_right_to_read_is_enough(officer: Actor, as_actor: As) -> None:
    reader = as_actor(officer, "read")
    assert reader.post("/query", {"sql": f"select count(*) as n from {TABLE}"}).status_code == 200


def test_a_query_that_takes_too_long_is_stopped(
    public: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(query, "SECONDS", 0.5)
    digits = ", ".join(f"({n})" for n in range(10))
    tables = ", ".join(f"(values {digits}) as t{n}(x)" for n in range(11))
    total = " * ".join(f"t{n}.x" for n in range(11))
    sql = f"select count(*) as n from {tables} where {total} = 7"
    found = public.post("/query", {"sql": sql})
    assert found.json()["code"] == "compute.too_slow", found.content


def test_texts_without_bounds_end_and_others_are_answered(public: Reader) -> None:
    steps = "".join(f", t{n} as (select replace(s, '2', s) as s from t{n - 1})" for n in (1, 2, 3))
    sql = (
        f"with t0 as (select repeat(period, 1000) as s from {TABLE} where period = '2014' limit 1)"
    )
    found = public.post("/query", {"sql": f"{sql}{steps} select length(s) as n from t3"})
    assert (found.status_code, found.json()["code"]) == (503, "compute.too_large"), found.content
    assert public.post("/query", {"sql": f"select count(*) as n from {TABLE}"}).status_code == 200


def test_too_many_at_once_are_told_to_come_back(
    public: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns = threading.BoundedSemaphore(1)
    turns.acquire()
    monkeypatch.setattr(turns_of_doors, "_turns", turns)
    monkeypatch.setattr(turns_of_doors, "PATIENCE", 0.01)
    found = public.post("/query", {"sql": f"select count(*) as n from {TABLE}"})
    assert (found.status_code, found.json()["code"]) == (503, "doors.queries_busy")
    assert found.headers["Retry-After"]


def test_an_answer_that_is_too_large_is_refused(
    public: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "MOST_BYTES", 10)
    found = public.post("/query", {"sql": f"select * from {TABLE}"})
    assert (found.status_code, found.json()["code"]) == (413, "indicators.answer_too_large")
