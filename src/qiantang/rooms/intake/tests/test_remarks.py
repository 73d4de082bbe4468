"""Doubts that only reading all rows raises stay with the run; those about values hold it."""

from __future__ import annotations

from pathlib import Path

import openpyxl  # type: ignore[import-untyped]
import pytest

from qiantang.kernel.actors import ANONYMOUS, Actor
from qiantang.rooms.intake import services
from qiantang.rooms.intake.models import Run
from qiantang.rooms.intake.shapes import RunView
from qiantang.rooms.intake.tests.conftest import FIRMS, lake_rows
from qiantang.rooms.intake.views import MASK, run_view


def workbook(path: Path, first: int, *, formula: bool) -> Path:
    """Ten firms; the amount of the last may be a formula that nobody has calculated."""
    book = openpyxl.Workbook()
    book.active.append(["编码", "名称", "金额（万元）", "日期"])
    for n in range(first, first + 10):
        amount = "=1+1" if formula and n == first + 9 else 1.5
        book.active.append([f"F{n:06d}", f"企业{n}", amount, "2026-01-01"])
    book.save(path)
    return path


def send(actor: Actor, path: Path, *, accept_doubts: bool = False) -> RunView:
    run = services.receive(actor, FIRMS, path, accept_doubts=accept_doubts)
    return services.work(run.id, actor=actor)


@pytest.fixture
def confirmed(officer: Actor, tmp_path: Path) -> RunView:
    """A first delivery whose reading was confirmed and is kept for later ones."""
    run = send(officer, workbook(tmp_path / "a.xlsx", 0, formula=False))
    assert run.proposal is not None
    services.confirm_reading(officer, run.id, run.proposal["recipe"])
    done = services.work(run.id, actor=officer)
    assert (done.status, (done.verdict or {}).get("remarks")) == ("published", None)
    return done


def test_a_formula_without_value_holds_a_later_delivery_by_the_kept_recipe(
    confirmed: RunView, officer: Actor, tmp_path: Path
) -> None:
    run = send(officer, workbook(tmp_path / "b.xlsx", 10, formula=True))
    assert (run.status, run.proposal, lake_rows()) == ("held", None, 10)
    (remark,) = (run.verdict or {})["remarks"]
    assert (remark["code"], remark["holds"]) == ("formulas_without_values", True)
    assert "C11" in remark["text"]["zh"]
    assert "C11" in remark["text"]["en"]
    assert "1 项" in run.because[-1].zh
    assert "(1)" in run.because[-1].en
    seen = run_view(Run.objects.get(pk=run.id), ANONYMOUS)
    assert (seen.verdict or {})["remarks"][0]["text"] == {"zh": MASK, "en": MASK}


def test_what_the_sender_accepts_is_told_and_holds_nothing(
    confirmed: RunView, officer: Actor, tmp_path: Path
) -> None:
    path = workbook(tmp_path / "b.xlsx", 10, formula=True)
    run = send(officer, path, accept_doubts=True)
    (remark,) = (run.verdict or {})["remarks"]
    assert (run.status, remark["holds"], lake_rows()) == ("published", False, 20)


def test_what_the_proposal_showed_is_not_asked_twice(officer: Actor, tmp_path: Path) -> None:
    run = send(officer, workbook(tmp_path / "a.xlsx", 0, formula=True))
    assert run.proposal is not None
    assert "formulas_without_values" in {doubt["code"] for doubt in run.proposal["doubts"]}
    services.confirm_reading(officer, run.id, run.proposal["recipe"])
    done = services.work(run.id, actor=officer)
    assert (done.status, lake_rows()) == ("published", 10)
    assert [each["holds"] for each in (done.verdict or {})["remarks"]] == [False]
