"""Texts with rows that end too early, and texts that end in the middle of a row."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from qiantang.engine.quality.reading import open_rows, propose
from qiantang.packkit.compiled import Resource

HEAD = "统一社会信用代码,企业名称,注册资本,从业人数,成立日期\n"
WHOLE = "".join(f"A{n},企业{n},{n}.5,{n},2026-01-01\n" for n in range(1, 30))


def doubts(path: Path, resource: Resource) -> dict[str, str]:
    recipe = propose(path, resource).recipe
    with open_rows(path, recipe, resource, same_file=True) as stream:
        list(stream)
        return {doubt.code: doubt.text.zh for doubt in stream.doubts}


@pytest.fixture
def sent(tmp_path: Path) -> Callable[[str], Path]:
    def made(text: str) -> Path:
        path = tmp_path / "firms.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return made


@pytest.mark.parametrize(
    "last", ["A50,企业50,123", "A50", 'A50,"企,业",123', '"A50","企业","1,2"', 'A50,3" 管,1']
)
def test_a_last_line_without_end_and_with_too_few_cells_is_a_cut(
    sent: Callable[[str], Path], firms: Resource, last: str
) -> None:
    found = doubts(sent(HEAD + WHOLE + last), firms)
    assert "第 31 行" in found["file_cut"]
    assert "第 31 行" in found["fewer_cells"]
    ended = doubts(sent(HEAD + WHOLE + last + "\n"), firms)
    assert "file_cut" not in ended
    assert "1 行" in ended["fewer_cells"]


@pytest.mark.parametrize(
    "last",
    ["A50,企业50,1.5,3,2026-01-01", "A50,企业50,,,", 'A50,企业50,1.5,3,""', "注：单位为万元", "\n"],
)
def test_a_whole_last_line_or_a_note_is_no_cut(
    sent: Callable[[str], Path], firms: Resource, last: str
) -> None:
    assert not {"file_cut", "fewer_cells"} & set(doubts(sent(HEAD + WHOLE + last), firms))


@pytest.mark.parametrize(
    ("last", "cut"),
    [
        ("2026-01-2", True),
        ("2026-01", True),
        ("2026-01-21", False),
        ("2026-1-2", False),
        ("20260121", False),
        ("长期", False),
        ("", False),
    ],
)
def test_a_last_day_shorter_than_all_others_is_a_cut_where_no_line_end_follows(
    sent: Callable[[str], Path], firms: Resource, last: str, *, cut: bool
) -> None:
    found = doubts(sent(f"{HEAD}{WHOLE}A50,企业50,1.5,3,{last}"), firms)
    assert ("file_cut" in found) is cut
    assert not cut or "第 31 行" in found["file_cut"]
    assert not doubts(sent(f"{HEAD}{WHOLE}A50,企业50,1.5,3,{last}\n"), firms)


@pytest.mark.parametrize("day", ["2026/1/{}", "2026-1-{}"])
def test_days_of_several_lengths_tell_nothing_of_a_cut(
    sent: Callable[[str], Path], firms: Resource, day: str
) -> None:
    rows = "".join(f"A{n},企业{n},1,1,{day.format(n)}\n" for n in range(1, 29))
    assert not doubts(sent(f"{HEAD}{rows}A50,企业50,1,1,{day.format(2)}"), firms)


def test_figures_and_words_of_one_length_tell_nothing_of_a_cut(
    sent: Callable[[str], Path], firms: Resource
) -> None:
    for head, value, last in (("从业人数", "120", "98"), ("企业名称", "张三丰", "李四")):
        rest = {"从业人数": "企业名称", "企业名称": "从业人数"}[head]
        other = "1" if rest == "从业人数" else "企业"
        rows = "".join(f"A{n},{other},{value}\n" for n in range(1, 40))
        assert not doubts(sent(f"统一社会信用代码,{rest},{head}\n{rows}A50,{other},{last}"), firms)


def test_a_last_line_of_ndjson_that_is_broken_and_has_no_end_is_a_cut(
    sent: Callable[[str], Path], firms: Resource
) -> None:
    whole = "".join(f'{{"code": "A{n}", "name": "企业{n}", "capital": 1}}\n' for n in range(9))
    assert "第 10 行" in doubts(sent(whole + '{"code": "A9", "na'), firms)["file_cut"]
    assert not {"file_cut"} & set(doubts(sent(whole + '{"code": "A9", "na\n'), firms))
    assert not {"file_cut"} & set(doubts(sent(whole.rstrip("\n")), firms))


def test_words_alone_in_a_last_line_without_end_may_be_a_cut(
    sent: Callable[[str], Path], firms: Resource
) -> None:
    assert "第 31 行" in doubts(sent(HEAD + WHOLE + "杭州某某"), firms)["file_cut"]
    assert not doubts(sent(HEAD + WHOLE + "杭州市统计局\n"), firms)
    assert not doubts(sent(HEAD + WHOLE + "杭州市统计局,,,,"), firms)


def test_where_rows_leave_empty_ends_away_the_last_is_nothing_special(
    sent: Callable[[str], Path], firms: Resource
) -> None:
    short = "\n".join(f"A{n},企业{n},{n}.5" for n in range(1, 30))
    found = doubts(sent(HEAD + short), firms)
    assert "file_cut" not in found
    assert "29 行" in found["fewer_cells"]


def test_short_rows_among_others_are_counted_with_their_line(
    sent: Callable[[str], Path], firms: Resource
) -> None:
    text = HEAD + 'A0,"企业\n零",1,1,2026-01-01\n' + "A1,企业1\n" + WHOLE + "A2\n\n"
    found = doubts(sent(text), firms)
    assert "2 行" in found["fewer_cells"]
    assert "第 4 行" in found["fewer_cells"]
