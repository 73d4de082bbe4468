"""Undeclared personal data: a delivery stays held until the declaration of the field is settled."""

from __future__ import annotations

from pathlib import Path

import pytest

from qiantang.kernel.actors import Actor
from qiantang.rooms.intake import selectors, services
from qiantang.rooms.intake.errors import PersonalUndeclared
from qiantang.rooms.intake.shapes import RunView
from qiantang.rooms.intake.tests.conftest import FIRMS, PACK, lake_rows
from qiantang.rooms.intake.tests.test_updating import install
from qiantang.rooms.journal import selectors as journal

NOTE = '\n[fields.note]\ntype = "text"\nzh = "备注"\nen = "Note"\n'


def with_note(more: str = "") -> dict[str, str]:
    firm = PACK["resources/firm.toml"]
    return {**PACK, "resources/firm.toml": f"{firm}{NOTE}{more}"}


@pytest.fixture
def held(officer: Actor, tmp_path: Path) -> RunView:
    """Ten rows, one wrong; three phone numbers in a field that is declared to hold none."""
    install(with_note(), tmp_path)
    lines = ["编码,名称,金额,日期,备注"]
    for n in range(10):
        note = f"请联系1380013800{n}" if n < 3 else "无"
        lines.append(f"{'X' if n == 9 else 'F'}{n:06d},企业{n},{n},2026-01-05,{note}")
    path = tmp_path / "firms.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return services.work(services.receive(officer, FIRMS, path).id, actor=officer)


def test_the_run_says_why_it_is_held_which_field_what_how_many_and_what_to_do(
    held: RunView,
) -> None:
    assert held.status == "held"
    (because,) = held.because
    assert because.zh.startswith("字段“备注”中有手机号码（查看的 10 个值中有 3 个")
    assert "改为“个人信息”" in because.zh
    assert "3 of the 10 values looked at" in because.en
    assert "Have it declared personal first" in because.en
    (field,) = held.exposed
    assert (field["field"], field["kinds"]) == ("note", ["mobile"])
    assert "手机号码 3 个" in field["text"]["zh"]


def test_letting_the_sound_rows_in_does_not_make_the_field_readable(
    held: RunView, approver: Actor
) -> None:
    with pytest.raises(PersonalUndeclared) as told:
        services.decide(approver, held.id, "publish", "行没有错")
    said = told.value.problem("zh")["detail"]
    assert "“备注”（note）：手机号码 3 个" in said
    with pytest.raises(PersonalUndeclared):
        services.decide(approver, held.id, "publish", "行没有错", as_declared=["name"])
    assert selectors.run(approver, held.id).status == "held"
    assert lake_rows() == 0
    assert services.decide(approver, held.id, "refuse", "声明有误").status == "refused"


def test_a_field_that_is_named_is_published_as_declared_and_the_journal_keeps_it(
    held: RunView, approver: Actor
) -> None:
    services.decide(approver, held.id, "publish", "为企业总机", as_declared=["note"])
    assert services.work(held.id, actor=approver).status == "published"
    assert lake_rows() == 9
    (entry,) = journal.entries(approver, verb="intake.decided").entries
    assert entry.detail["as_declared"] == [{"field": "note", "found": ["mobile"]}]
    assert entry.detail["reason"] == "为企业总机"
    after = selectors.run(approver, held.id)
    assert after.exposed == ()
    assert "备注" in after.because[0].zh


def test_once_the_field_is_declared_nothing_is_left_to_confirm(
    held: RunView, approver: Actor, tmp_path: Path
) -> None:
    declared = with_note('personal = "personal"\n')
    install({**declared, "pack.toml": PACK["pack.toml"].replace("1.0.0", "1.2.0")}, tmp_path)
    assert selectors.run(approver, held.id).exposed == ()
    services.decide(approver, held.id, "publish", "已改正声明")
    assert services.work(held.id).status == "published"


def test_a_field_declared_too_weakly_for_what_it_holds_is_still_to_be_settled(
    officer: Actor, approver: Actor, tmp_path: Path
) -> None:
    install(with_note('personal = "personal"\n'), tmp_path)
    path = tmp_path / "ids.csv"
    text = "编码,名称,备注\nF000001,甲,330102199001010012\nF000002,乙,330102199003070174\n"
    path.write_text(text, encoding="utf-8")
    run = services.work(services.receive(officer, FIRMS, path).id, actor=officer)
    assert [f["kinds"] for f in run.exposed] == [["resident_id"]]
    with pytest.raises(PersonalUndeclared):
        services.decide(approver, run.id, "publish", "行没有错")
