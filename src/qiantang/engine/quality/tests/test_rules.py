"""Every rule: what passes, what fails, and what is said of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from qiantang.engine.quality import examine
from qiantang.engine.quality.checker import Checker
from qiantang.engine.quality.errors import CheckRefused, IdentifierUnknown
from qiantang.engine.quality.kinds import KINDS
from qiantang.engine.quality.tests.streams import (
    FakeStream,
    checker,
    code_list,
    field,
    resource,
)
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Check, Dimension, FieldType, Mode, Precision, Severity

DISTRICTS = code_list(
    ("330103", "下城区", None, date(2021, 4, 8)),
    ("330105", "拱墅区", None, date(1999, 12, 31)),
    ("330105", "拱墅区", date(2021, 4, 9), None),
    ("330102", "上城区", None, None),
)
ID = field(
    "id", identifier="cn.resident-id", agrees={"birth": "birth", "sex": "sex", "division": "div"}
)


def failures(of: Checker, **row: str | None) -> set[str]:
    """The rules that one row fails."""
    batch = pl.DataFrame({k: [v] for k, v in row.items()}, schema=dict.fromkeys(row, pl.String))
    return {each.rule.id for each in of.check(batch).failures}


def test_required() -> None:
    of = checker(resource(field("a", required=True)))
    assert failures(of, a="x") == set()
    for empty in ("", " ", "\u3000", "-", "NULL", None):
        assert failures(of, a=empty) == {"a.required"}


def test_an_unreadable_value_is_not_called_missing() -> None:
    of = checker(resource(field("n", FieldType.INTEGER, required=True)))
    assert failures(of, n="x") == {"n.not_a_number"}


def test_pattern_holds_for_the_whole_value() -> None:
    of = checker(resource(field("a", pattern="[A-Z]{2}|[0-9]+")))
    assert failures(of, a="AB") == failures(of, a="12") == set()
    assert failures(of, a="ABC") == failures(of, a="12x") == {"a.pattern"}


def test_a_pattern_that_only_python_understands_still_works() -> None:
    of = checker(resource(field("a", pattern=r"(?!00)\d{2}")))
    assert failures(of, a="10") == set()
    assert failures(of, a="00") == {"a.pattern"}


def test_the_pattern_of_a_period_is_of_its_short_form() -> None:
    of = checker(resource(field("p", FieldType.PERIOD, pattern="[0-9]{4}-[0-9]{2}")))
    assert failures(of, p="2025-12") == failures(of, p="2025年12月") == set()
    assert failures(of, p="2025") == {"p.pattern"}


@pytest.mark.parametrize("kind", [FieldType.INTEGER, FieldType.NUMBER, FieldType.DECIMAL])
def test_range_includes_its_ends(kind: FieldType) -> None:
    of = checker(resource(field("n", kind, minimum=Decimal(1), maximum=Decimal(10))))
    assert failures(of, n="1") == failures(of, n="10") == set()
    assert failures(of, n="0") == failures(of, n="11") == {"n.range"}


def test_values() -> None:
    of = checker(resource(field("sex", values=("男", "女"))))
    assert failures(of, sex="男") == set()
    assert failures(of, sex="M") == {"sex.values"}


def test_codes_are_those_in_force_on_the_day_of_the_row() -> None:
    of = checker(
        resource(field("d", FieldType.CODE, codes="trial.list", in_force_on="at"),
                 field("at", FieldType.DATE)),
        codes=DISTRICTS,
    )  # fmt: skip
    assert failures(of, d="330103", at="2021-04-08") == set()
    assert failures(of, d="330103", at="2021-04-09") == {"d.code_not_in_force"}
    assert failures(of, d="330105", at="1999-12-31") == set()
    assert failures(of, d="330105", at="2010-01-01") == {"d.code_not_in_force"}
    assert failures(of, d="330105", at="2021-04-09") == set()
    assert failures(of, d="330199", at="2021-04-09") == {"d.code_unknown"}


def test_a_row_without_a_day_is_held_to_the_day_of_the_delivery() -> None:
    fields = field("d", FieldType.CODE, codes="x.y", in_force_on="at"), field("at", FieldType.DATE)
    dated = checker(resource(*fields), codes=DISTRICTS)
    plain = checker(resource(field("d", FieldType.CODE, codes="x.y")), codes=DISTRICTS)
    for of, more in ((dated, {"at": None}), (plain, {})):
        assert failures(of, d="330105", **more) == set()
        assert failures(of, d="330103", **more) == {"d.code_not_in_force"}


def test_a_day_that_cannot_be_read_says_nothing_of_the_codes() -> None:
    fields = field("d", FieldType.CODE, codes="x.y", in_force_on="at"), field("at", FieldType.DATE)
    of = checker(resource(*fields), codes=DISTRICTS)
    assert failures(of, d="330103", at="17-4-1") == {"at.date_two_digit_year"}
    assert failures(of, d="330199", at="17-4-1") == {"at.date_two_digit_year", "d.code_unknown"}


def test_codes_in_force_on_the_end_of_a_period() -> None:
    fields = field("d", FieldType.CODE, codes="x.y", in_force_on="p"), field("p", FieldType.PERIOD)
    of = checker(resource(*fields), codes=DISTRICTS)
    assert failures(of, d="330103", p="2020") == set()
    assert failures(of, d="330103", p="2021") == {"d.code_not_in_force"}


def test_without_a_named_day_old_figures_may_have_old_codes_or_new_ones() -> None:
    fields = field("d", FieldType.CODE, codes="x.y"), field("p", FieldType.PERIOD)
    of = checker(resource(*fields, grain=("d", "p")), codes=DISTRICTS)
    assert failures(of, d="330103", p="2020") == set()
    assert failures(of, d="330105", p="2020") == set()
    assert failures(of, d="330103", p="2021") == {"d.code_not_in_force"}


def test_a_reference_must_occur() -> None:
    of = checker(resource(field("r", reference="a.b.c")), known=["k1"])
    assert failures(of, r="k1") == failures(of, r=None) == set()
    assert failures(of, r="k2") == {"r.reference"}


def test_a_resident_id_agrees_with_the_other_fields() -> None:
    of = checker(resource(ID, field("birth", FieldType.DATE, precision=Precision.YEAR),
                          field("sex"), field("div")))  # fmt: skip
    good = {"id": "11010519491231002X", "birth": "1949-12-31", "sex": "2", "div": "110105"}
    assert failures(of, **good) == set()
    assert failures(of, **good | {"id": "110105491231002"}) == set()
    for birth in ("1949年12月", "1949年", None):
        assert failures(of, **good | {"birth": birth}) == set()
    for birth in ("1949-12-30", "1949年11月", "1950"):
        assert failures(of, **good | {"birth": birth}) == {"birth.disagrees"}
    assert failures(of, **good | {"sex": "女"}) == set()
    assert failures(of, **good | {"sex": "男"}) == {"sex.disagrees"}
    assert failures(of, **good | {"div": "110000"}) == set()
    assert failures(of, **good | {"div": "330102"}) == {"div.disagrees"}


def _check(holds: str, **more: object) -> Check:
    text = Text("先后", "Order")
    return Check("order", text, text, Dimension.CONSISTENCY, holds=holds, **more)  # type: ignore[arg-type]


def _two_days(holds: str, **more: object) -> Checker:
    days = field("start", FieldType.DATE), field("end", FieldType.DATE)
    return checker(resource(*days, checks=(_check(holds, **more),)))


def test_a_condition_over_the_row() -> None:
    of = _two_days('"end" >= start')
    assert failures(of, start="2017-1-1", end="2017-1-2") == set()
    assert failures(of, start="2017-1-1", end=None) == set()
    assert failures(of, start="2017-1-3", end="2017-1-2") == {"order"}


def test_a_cast_that_cannot_be_passes() -> None:
    of = checker(resource(field("a"), checks=(_check("cast(a as integer) > 3"),)))
    assert failures(of, a="x") == set()
    assert failures(of, a="2") == {"order"}


@pytest.mark.parametrize(
    "holds",
    ["1 = 1 union select 1", "start > (select max(start) from batch)", "nosuch > 1",
     "read_text('/etc/passwd') = ''", "count(*) > 1", "start >", "true; drop table batch",
     "random() > 0.5", "row_number() over () = 1"],
)  # fmt: skip
def test_a_condition_outside_the_language_is_refused(holds: str) -> None:
    with pytest.raises(CheckRefused):
        _two_days(holds)


def test_a_warning_does_not_set_aside() -> None:
    of = _two_days('"end" >= start', severity=Severity.WARN)
    found = of.check(pl.DataFrame({"start": ["2017-1-3"], "end": ["2017-1-2"]}))
    assert [each.rule.id for each in found.failures] == ["order"]
    assert not found.set_aside().any()


def test_a_deletion_needs_its_key_only() -> None:
    fields: Sequence[object] = (
        field("k", required=True),
        field("n", FieldType.INTEGER, required=True),
    )
    of = checker(resource(*fields, grain=("k",)), mode=Mode.DELETE)  # type: ignore[arg-type]
    assert failures(of, k="1", n=None) == set()
    assert failures(of, k=None, n="1") == {"k.required"}


def test_an_identifier_that_nobody_checks_is_refused_before_any_row() -> None:
    with pytest.raises(IdentifierUnknown):
        checker(resource(field("a", identifier="cn.nothing")))


def test_every_kind_speaks_both_languages_with_chinese_punctuation() -> None:
    for kind in KINDS.values():
        for text in (kind.text, kind.hint):
            assert text.zh
            assert text.en
            assert not set(text.zh.replace("08:30:00", "")) & set(',;:?!()"'), kind.code
            assert not any(
                "\u4e00" <= c <= "\u9fff" for c in text.en.replace("是", "").replace("否", "")
            )


@pytest.mark.parametrize(
    ("kind", "text", "zh", "en"),
    [
        ("cn.phone", "88888888", "固定电话请带区号", "with its area code"),
        ("cn.mobile", "12345", "11 位手机号码", "11 digits"),
        ("cn.resident-id", "12345", "对照身份证", "identity card"),
        ("cn.uscc", "12345", "对照营业执照", "licence"),
        ("cn.plate", "12345", "对照原件", "the original"),
    ],
)
def test_advice_speaks_of_the_kind_of_number(
    kind: str, text: str, zh: str, en: str, tmp_path: Path
) -> None:
    of = resource(field("k", identifier=kind))
    found = examine(FakeStream([{"k": text}], ["k"]), checker(of), tmp_path)
    (problem,) = found.problems()
    assert problem.code == "id_form"
    assert zh in problem.hint.zh
    assert en in problem.hint.en
    assert "证件" not in problem.hint.zh


def test_a_date_without_an_end_says_what_a_person_can_do(tmp_path: Path) -> None:
    sent: list[dict[str, str | None]] = [{"k": "a", "to": "长期"}]
    free = resource(field("k"), field("to", FieldType.DATE))
    (problem,) = examine(FakeStream(sent, ["k", "to"]), checker(free), tmp_path / "1").problems()
    assert problem.code == "date_open_ended"
    assert problem.hint.zh.startswith("没有截止日期的可以留空。")
    assert "open_end" in problem.hint.en
    needed = resource(field("k"), field("to", FieldType.DATE, required=True))
    (problem,) = examine(FakeStream(sent, ["k", "to"]), checker(needed), tmp_path / "2").problems()
    assert "留空" not in problem.hint.zh
    both = resource(field("k"), field("to", FieldType.DATE, required=True, open_end=True))
    found = examine(FakeStream(sent, ["k", "to"]), checker(both), tmp_path / "3")
    assert (found.accepted, found.problems()) == (1, ())
