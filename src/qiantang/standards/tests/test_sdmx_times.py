"""Periods of the house as SDMX's times and back; SDMX's times as days."""

from __future__ import annotations

from datetime import date

import pytest

from qiantang.kernel.periods import Period
from qiantang.standards.sdmx.codes import code_of, id_of
from qiantang.standards.sdmx.times import Span, moment_of, period_of, span_of, time_of

PERIODS = [
    ("2019", "A", "2019"),
    ("~2016", "_U", "2016"),
    ("2019-12-31", "_Z", "2019-12-31"),
    ("2017-01/2017-06", "S", "2017-S1"),
    ("2017-07/2017-12", "S", "2017-S2"),
    ("2019-01/2019-03", "Q", "2019-Q1"),
    ("2019-10/2019-12", "Q", "2019-Q4"),
    ("2021-05/2021-05", "M", "2021-05"),
    ("2021-01/2021-02", "_O", "2021-01-01/P2M"),
    ("2018-01/2018-09", "_O", "2018-01-01/P9M"),
    ("2018-02/2018-04", "_O", "2018-02-01/P3M"),
    ("2018-04/2018-09", "_O", "2018-04-01/P6M"),
    ("2016/2020", "_O", "2016-01-01/P5Y"),
    ("2019-11/2020-02", "_O", "2019-11-01/P4M"),
    ("2019-07/2020-06", "_O", "2019-07-01/P1Y"),
]


@pytest.mark.parametrize(("written", "freq", "time"), PERIODS)
def test_a_period_is_written_and_read_back(written: str, freq: str, time: str) -> None:
    period = Period.parse(written)
    assert time_of(period) == (freq, time)
    assert period_of(freq, time) == period


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2019", "2019-01-01", "2019-12-31"),
        ("2019-A1", "2019-01-01", "2019-12-31"),
        ("2020-02", "2020-02-01", "2020-02-29"),
        ("2020-S2", "2020-07-01", "2020-12-31"),
        ("2020-T3", "2020-09-01", "2020-12-31"),
        ("2020-Q2", "2020-04-01", "2020-06-30"),
        ("2020-M11", "2020-11-01", "2020-11-30"),
        ("2020-W53", "2020-12-28", "2021-01-03"),
        ("2020-D366", "2020-12-31", "2020-12-31"),
        ("2020-05-04", "2020-05-04", "2020-05-04"),
        ("2020-05-04T12:30:00", "2020-05-04", "2020-05-04"),
        ("2018-01-01/P9M", "2018-01-01", "2018-09-30"),
        ("2018-01-31/P1M", "2018-01-31", "2018-02-27"),
        ("2018-01-01T00:00:00/P1Y2M3D", "2018-01-01", "2019-03-03"),
    ],
)
def test_every_form_of_time_is_a_stretch_of_days(text: str, first: str, last: str) -> None:
    assert span_of(text) == Span(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    "text",
    [
        *("", "19", "last year", "2019/2020", "2019-13", "2019-02-30"),
        *("2019-Q5", "2019-S3", "2019-D366", "2019-W60"),
        *("2019-01-01/P", "2019-01-01/P99999Y", "2019-01-01/P99999999999D"),
    ],
)
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        span_of(text)


def test_a_plus_sign_that_became_a_space_is_put_back() -> None:
    assert moment_of("2026-01-31T08:00:00 08:00") == moment_of("2026-01-31T00:00:00Z")


@pytest.mark.parametrize(
    ("code", "id"), [("330100", "330100"), ("core_va", "core_va"), ("a.b", "a$002Eb"),
                     ("数字", "$6570$5B57"), ("$", "$0024"), ("A-", "A-")],
)  # fmt: skip
def test_a_code_of_any_characters_has_an_id(code: str, id: str) -> None:
    assert id_of(code) == id
    assert code_of(id) == code
