"""The glance at most cells misses none of the words that it stands for."""

from __future__ import annotations

import re

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qiantang.engine.quality.reading.words import (
    FOOTNOTE,
    MAY_BE_FOOT,
    MAYBE_TOTAL,
    NAMED_TOTAL,
    TOTAL,
    TOTAL_ALONE,
)


@pytest.mark.parametrize("form", [TOTAL, TOTAL_ALONE, NAMED_TOTAL, MAYBE_TOTAL, FOOTNOTE])
@settings(max_examples=50, deadline=None)
@given(data=st.data())
def test_whatever_is_a_total_or_a_note_is_seen_at_a_glance(form: str, data: st.DataObject) -> None:
    text = data.draw(st.from_regex(re.compile(form)))
    assert re.search(MAY_BE_FOOT, text)
    assert pl.Series([text]).str.contains(MAY_BE_FOOT)[0]


def test_plain_words_are_passed_over() -> None:
    plain = pl.Series(["P0000001", "杭州某厂", "2019-01-01", "91330100MX"])
    assert not plain.str.contains(MAY_BE_FOOT).any()
