"""Freshness against the update cycle, and undeclared personal data, in the verdict."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from qiantang.engine.quality import examine
from qiantang.engine.quality.tests.streams import FakeStream, checker, field, resource
from qiantang.engine.quality.verdicts import Verdict, late_days
from qiantang.packkit.compiled import Dimension, FieldType, Limits, Mode, Personal, Resource


@pytest.mark.parametrize(
    ("cadence", "newest", "late"),
    [
        ("P1Y", date(2020, 12, 31), False),
        ("P1Y", date(2019, 12, 31), False),
        ("P1Y", date(2018, 12, 31), True),
        ("P1M", date(2021, 4, 30), False),
        ("P1M", date(2021, 3, 1), True),
        ("P1D", date(2021, 5, 30), False),
        ("P1D", date(2021, 5, 1), True),
        ("P1W", date(2021, 5, 1), True),
        ("irregular", date(1990, 1, 1), False),
        ("P1Y", None, False),
    ],
)
def test_data_older_than_two_cycles_are_late(cadence: str, newest: date | None, late: bool) -> None:
    assert (late_days(cadence, newest, date(2021, 6, 1)) > 0) == late


def judged(folder: Path, of: Resource, rows: list[dict[str, str | None]]) -> Verdict:
    stream = FakeStream(rows, [each.id for each in of.fields])
    return examine(stream, checker(of), folder).verdict


def test_timeliness_is_of_the_newest_period(tmp_path: Path) -> None:
    of = resource(field("k"), field("p", FieldType.PERIOD), grain=("k", "p"))
    old = judged(tmp_path, of, [{"k": "a", "p": "2015"}, {"k": "a", "p": "2016年"}])
    assert old.newest == date(2016, 12, 31)
    assert old.dimensions[Dimension.TIMELINESS].failed == 1
    assert "2016-12-31" in old.reasons[-1].en
    assert old.decision == "publish"
    fresh = judged(tmp_path, of, [{"k": "a", "p": "2020"}, {"k": "a", "p": "2030"}])
    assert fresh.newest == date(2020, 12, 31)
    assert fresh.dimensions[Dimension.TIMELINESS].failed == 0


def test_a_date_of_birth_says_nothing_of_freshness(tmp_path: Path) -> None:
    of = resource(field("k"), field("birth", FieldType.DATE), grain=("k",))
    assert judged(tmp_path, of, [{"k": "a", "birth": "1950-01-01"}]).newest is None


def test_undeclared_personal_data_is_held_for_a_person(tmp_path: Path) -> None:
    rows: list[dict[str, str | None]] = [{"k": "a", "note": "请联系13800138000"}]
    held = judged(tmp_path, resource(field("k"), field("note")), rows)
    assert held.decision == "hold"
    assert "手机号码" in held.reasons[0].zh
    declared = resource(field("k"), field("note", personal=Personal.PERSONAL))
    assert judged(tmp_path, declared, rows).decision == "publish"


def test_a_deletion_shows_nothing_and_is_not_held_for_personal_data(tmp_path: Path) -> None:
    of, sent = resource(field("k"), grain=("k",)), FakeStream([{"k": "13800138000"}], ["k"])
    assert examine(sent, checker(of), tmp_path / "add").verdict.decision == "hold"
    sent = FakeStream([{"k": "13800138000"}], ["k"])
    gone = examine(sent, checker(of, mode=Mode.DELETE), tmp_path / "delete").verdict
    assert (gone.decision, gone.because) == ("publish", ())


def test_why_a_delivery_is_held_stays_true_after_a_person_published_it(tmp_path: Path) -> None:
    of = resource(field("k", FieldType.INTEGER), limits=Limits(hold_above=Decimal("0.1")))
    held = judged(tmp_path, of, [*({"k": f"{n}"} for n in range(4)), {"k": "x"}])
    assert held.decision == "hold"
    assert held.because == held.reasons[:1]
    assert held.because[0].zh == (
        "5 行中剔出 1 行（20.00%），超过可直接入库的上限 10.00%，须由审核员决定。"
    )


def test_a_field_that_the_file_lacks_counts_against_accessibility(tmp_path: Path) -> None:
    of = resource(field("k"), field("note"))
    found = examine(FakeStream([{"k": "a"}], ["k"]), checker(of), tmp_path).verdict
    part = found.dimensions[Dimension.ACCESSIBILITY]
    assert (part.checked, part.failed, part.share) == (2, 1, 0.5)
    assert any("note" in reason.zh for reason in found.reasons)


def test_a_verdict_survives_its_json_form(tmp_path: Path) -> None:
    of = resource(field("k"), field("p", FieldType.PERIOD), grain=("k", "p"))
    found = judged(tmp_path, of, [{"k": "a", "p": "2015"}, {"k": "a", "p": "x"}])
    assert Verdict.from_dict(found.as_dict()) == found


def test_reasons_call_fields_as_people_do(tmp_path: Path) -> None:
    of = resource(field("k"), field("note"), field("more"))
    sent = [{"k": "a", "note": "请联系13800138000"}]
    verdict = examine(FakeStream(sent, ["k", "note"]), checker(of), tmp_path).verdict
    said = "".join(reason.zh for reason in verdict.reasons)
    assert "字段“字段note”中有手机号码" in said
    assert "缺少字段：字段more。" in said
    assert "Field more" in "".join(reason.en for reason in verdict.reasons)
