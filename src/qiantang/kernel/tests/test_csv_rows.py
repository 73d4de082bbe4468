"""Every reader of CSV has a limit of its own."""

import csv

import pytest

from qiantang.kernel.csv_rows import csv_rows


def test_two_readers_at_once_keep_their_own_limits() -> None:
    wide = csv_rows(["a\n", "x" * 200 + "\n", "b\n"], longest=1000)
    narrow = csv_rows(["a\n", "x" * 200 + "\n"], longest=100)
    assert [next(wide), next(narrow)] == [["a"], ["a"]]
    assert next(wide) == ["x" * 200]
    with pytest.raises(csv.Error, match="field larger"):
        next(narrow)
    assert list(wide) == [["b"]]


def test_an_abandoned_reader_leaves_nothing_behind() -> None:
    abandoned = csv_rows(["a\n", "b\n"], longest=10_000_000)
    next(abandoned)
    with pytest.raises(csv.Error, match="field larger"):
        list(csv_rows(["x" * 140_000]))
