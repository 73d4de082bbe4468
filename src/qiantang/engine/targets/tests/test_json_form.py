"""The JSON form is a promise: the stored forms must come out word for word.

When a wording is changed on purpose, run this file as a program to write the forms anew and read
the difference: ``python -m qiantang.engine.targets.tests.test_json_form``.
"""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from qiantang.engine.targets import VERDICT_NAMES, VERDICT_TONE, as_json
from qiantang.engine.targets.tests.cases import TODAY, aim, figure, judge
from qiantang.engine.targets.verdicts import TargetAssessment, Verdict
from qiantang.packkit.plans import Base

GOLDEN = Path(__file__).parent / "golden"


def assessments() -> dict[str, TargetAssessment]:
    return {
        "met_near": judge(
            aim(5500, ">", relation="renamed"),
            figure("2854", "2014", id="P001"),
            figure("6228.94", "2019", id="P005", grade="C"),
            figure("6228.9", "2019", id="P006", published=date(2020, 5, 7)),
        ),
        "likely_not_met": judge(
            aim(13000, "~", relation="proxy"),
            figure("6446.8", "2015", id="P049", kind="derived", grade="C"),
            figure("7905", "2017", id="P050", grade="A-"),
            figure("9863.6", "2020-01/2020-11", id="P051", grade="C"),
            figure("11500", "2020", id="P052", kind="later_target", grade="A-"),
        ),
        "interpolated": judge(
            aim(2, indicator="share", unit="百分点", base=Base(2015)),
            figure("7.11", "2014", id="P021", indicator="share", kind="derived"),
            figure("9.9", "2018", id="P025", indicator="share"),
            figure("10", "2019", id="P027", indicator="share", grade="A-"),
        ),
        "undecided": judge(aim(100), figure("90", id="a"), figure("110", id="b")),
        "not_yet_due": judge(aim(100), figure("80", "2017", id="a"), as_of=date(2018, 12, 31)),
        "no_evidence": judge(aim(100)),
    }


@pytest.mark.parametrize("name", sorted(assessments()))
def test_the_form_is_stable(name: str) -> None:
    stored = json.loads((GOLDEN / f"{name}.json").read_text("utf-8"))
    assert as_json(assessments()[name]) == stored


def test_numbers_are_json_numbers() -> None:
    form = as_json(judge(aim("5500", ">"), figure("6228.9")))
    assert (form["value"], form["limits"]["low"], form["gap"]["absolute"]) == (6228.9, 5500, 728.9)
    assert isinstance(form["limits"]["low"], int)


def test_a_huge_and_a_tiny_number_survive() -> None:
    form = as_json(judge(aim("0.00000002"), figure("99999999999999999999", id="a")))
    assert form["value"] == 99999999999999999999
    assert form["limits"]["low"] == pytest.approx(2e-8)
    json.dumps(form, allow_nan=False)


def test_no_number_is_null() -> None:
    form = as_json(judge(aim(100), figure("NaN", id="a")))
    assert form["rejected"][0]["value"] is None


def test_every_verdict_has_a_name_and_a_tone() -> None:
    assert set(VERDICT_NAMES) == set(VERDICT_TONE) == set(Verdict)
    assert as_json(judge(aim(Decimal(1)), as_of=TODAY))["tone"] == "unknown"


def write() -> None:
    GOLDEN.mkdir(exist_ok=True)
    for name, assessment in assessments().items():
        text = json.dumps(as_json(assessment), ensure_ascii=False, indent=2)
        (GOLDEN / f"{name}.json").write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    write()
