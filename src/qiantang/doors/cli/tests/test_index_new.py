"""`qiantang index template` and `qiantang index new`: an index of one's own from a workbook."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from click.testing import CliRunner, Result

from qiantang.doors.cli.main import cli
from qiantang.engine.index.books.template import example, write_book


def run(*args: str) -> Result:
    return CliRunner().invoke(cli, ["--lang", "en", "index", *args])


def test_an_index_of_ones_own_from_the_template(tmp_path: Path) -> None:
    book, folder = tmp_path / "book.xlsx", tmp_path / "ours"
    assert run("template", "--out", str(book)).exit_code == 0
    done = run("new", "ours", "--from-excel", str(book), "--folder", str(folder))
    assert done.exit_code == 0, done.output
    assert "ours/indices/ours.toml" in done.output
    checked = CliRunner().invoke(cli, ["--lang", "en", "pack", "check", str(folder)])
    assert "1 packs, no errors." in checked.output
    again = run("new", "ours", "--from-excel", str(book), "--folder", str(folder))
    assert again.exit_code == 1


def test_the_template_of_a_shipped_index_and_of_one_that_is_not_there(tmp_path: Path) -> None:
    book = tmp_path / "wuzhen.xlsx"
    key = "wuzhen-index.internet-development"
    assert run("template", "--index", key, "--out", str(book)).exit_code == 0
    assert book.stat().st_size > 0
    refused = run("template", "--index", "wuzhen-index.nothing", "--out", str(book))
    assert refused.exit_code == 1
    assert key in refused.output


def test_a_workbook_with_a_mistake_makes_no_pack(tmp_path: Path) -> None:
    book, folder = tmp_path / "book.xlsx", tmp_path / "ours"
    book.write_bytes(write_book(replace(example(), method={"owner": "stats"})))
    done = run("new", "ours", "--from-excel", str(book), "--folder", str(folder))
    assert done.exit_code == 1
    assert 'sheet "方法 Method"' in done.output
    assert not folder.exists()
