"""Broken files are explained in both languages, with the parser's own words beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from qiantang.packkit import check
from qiantang.packkit.tests.building import demo, write

TOML = [
    ('name = "总览', "引号没有成对", "a quote is not closed"),
    ('name = "总览\nid = "b"', "引号没有成对", "a quote is not closed"),
    ("a = 1\na = 2", "写了两次", "written twice"),
    ("[a]\n[a]", "写了两次", "written twice"),
    ("a = {b = 1, b = 2}", "写了两次", "written twice"),
    ("a 1", "键后面应为“=”", "followed by ="),
    ("a = [1, 2", "没有成对", "not closed"),
    ("[a", "没有成对", "not closed"),
    ("a = 总览", "文字要加引号", "texts stand in quotes"),
    ("a = 2021-02-30", "没有这一天", "no such date"),
    ('a = "C:\\data"', "反斜杠", "backslash"),
    ("a = 1 b = 2", "一行只能写一个键", "one key"),
    ("总 = 1", "键的写法不对", "no key"),
    ("a = " + "[" * 20000, "嵌套过深", "nested too deeply"),
    ("a = " + "9" * 5000, "数字过长", "too long"),
]
CSV = [
    ('code,zh\neast,"东\n', "引号没有成对", "a quote is not closed"),
    ('code,zh\neast,"东"x\n', "逗号或换行", "followed by a comma"),
    ("code,zh\neast," + "东" * 140000, "一格过长", "too long"),
]


def _said(folder: Path, name: str, body: str, code: str) -> tuple[str, str]:
    write(demo(folder), {name: body})
    (found,) = [p for p in check(folder, {}) if p.code == code]
    return found.text.zh, found.text.en


@pytest.mark.parametrize(("body", "zh", "en"), TOML)
def test_broken_toml_is_explained(tmp_path: Path, body: str, zh: str, en: str) -> None:
    chinese, english = _said(tmp_path / "demo", "pages/bad.toml", body, "pack.broken_toml")
    assert zh in chinese
    assert en in english
    assert "（解析器原文：" in chinese
    assert "(the parser says: " in english


@pytest.mark.parametrize(("body", "zh", "en"), CSV)
def test_broken_csv_is_explained(tmp_path: Path, body: str, zh: str, en: str) -> None:
    chinese, english = _said(tmp_path / "demo", "codes/bad.csv", body, "pack.broken_csv")
    assert zh in chinese
    assert en in english


def test_an_unknown_complaint_still_has_a_sentence() -> None:
    from qiantang.packkit.parser_words import csv_cause, toml_cause

    assert toml_cause("what a later Python will say").zh == "这里不符合 TOML 的写法"
    assert csv_cause("what a later Python will say").zh == "这里不符合 CSV 的写法"


def test_a_file_where_norms_belong_is_named(tmp_path: Path) -> None:
    folder = demo(tmp_path / "demo")
    for old in (folder / "norms").iterdir():
        old.unlink()
    (folder / "norms").rmdir()
    (folder / "norms").write_text("id,zh,en\n", encoding="utf-8")
    problems = [p for p in check(folder, {}) if p.code == "pack.folder_is_file"]
    assert [p.place.file for p in problems] == ["demo/norms"]
