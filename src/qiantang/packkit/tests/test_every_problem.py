"""Break a sound pack in one place at a time; the checker names the place, and only that."""

from __future__ import annotations

import string
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from qiantang.kernel.text import Text
from qiantang.packkit import PackProblem, check, load_pack
from qiantang.packkit.indices import CompositeIndex
from qiantang.packkit.kinds import PROBLEM_KINDS
from qiantang.packkit.tests.breakages import BREAKAGES, ELSEWHERE, NORMS, PLAN, VISITS, Breakage
from qiantang.packkit.tests.building import demo, geography, write

POP = "code,zh,en,parent,valid_from,valid_to,unit,nature,owner\npop,人口,People,,,,人,stock,stats\n"
SPARE = {
    "pack.toml": (
        'id = "spare"\nversion = "1.0.0"\nname = { zh = "备用", en = "Spare" }\n'
        'description = { zh = "备用", en = "Spare" }\nowner = "stats"\nlicence = "CC0"\n'
    ),
    "codes/colour.csv": "code,zh,en,parent,valid_from,valid_to\nred,红,Red,,,\n",
}


class _Refusal:
    """What the engine's guard gives back, as far as the checker reads it."""

    def __init__(self, sql: str, word: str) -> None:
        self.line = sql[: sql.index(word)].count("\n") + 1
        self.text = Text(f"没有函数 {word}", f"There is no function {word}")


@dataclass
class _Objection:
    """What the engine gives back about an index, as far as the checker reads it."""

    text: Text
    expected: Text
    key: tuple[str | int, ...]


def _object(index: CompositeIndex) -> list[_Objection]:
    """The engine's part in small: it knows a few methods, groups and elements."""
    recipe: Any = index.recipe
    seen = [
        (("impute", "method"), recipe.get("impute", {}).get("method", "mean") != "group-mode"),
        (("impute", "group"), recipe.get("impute", {}).get("group", "parent") == "parent"),
        (("aggregate", "group", "qualty"), "group" not in recipe.get("aggregate", {})),
        (("uncertain", 0), "harmonc" not in str(recipe.get("uncertain"))),
    ]
    return [
        _Objection(Text("不对", "wrong"), Text("", ""), key) for key, sound in seen if not sound
    ]


def _check(folder: Path, breakage: Breakage | None = None) -> list[PackProblem]:
    write(folder.parent / "geography", {"codes/indicator.csv": POP})
    others = {
        "geography": geography(folder.parent / "geography"),
        "spare": load_pack(write(folder.parent / "spare", SPARE), {}),
    }
    said = breakage.sql_says if breakage else ""
    return check(
        folder,
        others,
        sql_checker=lambda sql, tables: [_Refusal(sql, said)] if said and said in sql else [],
        index_checker=_object,
    )


def test_the_pack_before_it_is_broken_is_sound(tmp_path: Path) -> None:
    assert [p.report("en") for p in _check(demo(tmp_path / "demo"))] == []


NAMES = [f"{n}-{b.code.removeprefix('pack.')}" for n, b in enumerate(BREAKAGES)]


@pytest.mark.parametrize("breakage", BREAKAGES, ids=NAMES)
def test_a_broken_place_is_named(breakage: Breakage, tmp_path: Path) -> None:
    folder = demo(tmp_path / "demo")
    breakage.apply(folder)
    problems = _check(folder, breakage)
    told = "\n".join(p.report("en") for p in problems)
    hits = [p for p in problems if p.code == breakage.code]
    assert hits, told or "nothing was found"
    assert {p.code for p in problems} <= {breakage.code, *breakage.also}, told
    home = PLAN if breakage.code == "pack.norm_not_positive" else breakage.file
    file = f"demo/{home}" if home else "demo"
    assert file in {p.place.file for p in hits}, told
    if isinstance(breakage.at, tuple):
        row, column = breakage.at
        assert (row, column or None) in {(p.place.row, p.place.column) for p in hits}, told
    elif breakage.at:
        lines = (folder / breakage.file).read_bytes().split(b"\n")
        wanted = {n for n, line in enumerate(lines, 1) if breakage.at.encode() in line}
        assert wanted & {p.place.line for p in hits}, told


def test_every_kind_of_problem_is_provoked() -> None:
    assert {b.code for b in BREAKAGES} | ELSEWHERE == set(PROBLEM_KINDS)


@pytest.mark.parametrize("code", sorted(PROBLEM_KINDS))
def test_every_problem_speaks_both_languages_with_the_same_fields(code: str) -> None:
    kind = PROBLEM_KINDS[code]
    for text in (kind.text, kind.hint):
        assert text.zh.strip()
        assert text.en.strip()
        assert _fields(text.zh) <= _fields(kind.text.en) | _fields(kind.hint.en)
        assert _fields(text.zh) == _fields(text.en)


def test_everything_wrong_is_said_at_once(tmp_path: Path) -> None:
    folder = demo(tmp_path / "demo")
    first = {b.code: b for b in reversed(BREAKAGES)}
    chosen = [first[code] for code in (
        "pack.version_malformed", "pack.cadence_malformed", "pack.parent_unknown",
        "pack.base_not_before_due", "pack.row_range", "pack.sql_header_missing",
    )]  # fmt: skip
    for breakage in chosen:
        breakage.apply(folder)
    assert {p.code for p in _check(folder)} == {b.code for b in chosen}


def test_rows_are_checked_though_something_else_of_the_resource_is_wrong(tmp_path: Path) -> None:
    folder = demo(tmp_path / "demo")
    Breakage("", VISITS, '"P1Y"', '"yearly"').apply(folder)
    Breakage("", "samples/visits.csv", "330200", "330299").apply(folder)
    assert {p.code for p in _check(folder)} == {"pack.cadence_malformed", "pack.row_code"}


def test_advice_names_the_nearest_word_and_the_lines_to_paste(tmp_path: Path) -> None:
    folder = demo(tmp_path / "demo")
    Breakage("", PLAN, 'quote = "突破5500亿元"', 'qoute = "突破5500亿元"').apply(folder)
    unknown, missing = sorted(_check(folder), key=lambda p: p.code != "pack.key_unknown")
    assert 'Did you mean "quote"?' in unknown.hint.en
    assert "您是否想写“quote”" in unknown.hint.zh
    assert missing.paste == 'quote = ""'
    report = unknown.report("zh")
    assert report.startswith(f"demo/{PLAN}:{unknown.place.line}: [pack.key_unknown]")


def test_a_problem_in_a_table_file_is_not_repeated_where_it_is_used(tmp_path: Path) -> None:
    folder = demo(tmp_path / "demo")
    (folder / NORMS).write_text("id,zh\n", encoding="utf-8")
    assert {p.code for p in _check(folder)} == {"pack.column_missing"}


def _fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}
