"""The how-to on building an index: its tables, recipe and command do what it says."""

from __future__ import annotations

import re
import shlex
import textwrap
from pathlib import Path

import pytest
from click.testing import CliRunner

from qiantang.doors.cli.main import cli

HOWTO = Path(__file__).parents[5] / "docs" / "howto" / "build-an-index.md"
TEXT = HOWTO.read_text(encoding="utf-8")


@pytest.fixture
def said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What each command of the page says, run in order in a folder with the page's files."""
    blocks = re.findall(r" +```(?:csv|toml)\n(.*?)\n +```", TEXT, re.DOTALL)
    for name, block in zip(("iMeta.csv", "iData.csv", "recipe.toml"), blocks, strict=True):
        (tmp_path / name).write_text(textwrap.dedent(block) + "\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    found = {}
    for line in re.findall(r" +```sh\n +qiantang (.*?)\n +```", TEXT):
        done = CliRunner().invoke(cli, ["--lang", "en", *shlex.split(line)])
        assert done.exit_code == 0, done.output
        found[line.split()[1]] = done.output
    return found


def test_the_example_builds_and_writes_the_files_that_the_page_lists(
    said: dict[str, str], tmp_path: Path
) -> None:
    assert "Not in the recipe, so not done: screen, treat" in said["build"]
    written = {path.stem for path in (tmp_path / "out").iterdir()}
    assert {"raw", "denominated", "imputed", "normalised", "aggregated", "filled"} <= written
    assert all(f"`{name}" in TEXT for name in written)


def test_the_example_is_analysed_into_the_files_that_the_page_lists(
    said: dict[str, str], tmp_path: Path
) -> None:
    assert "Index: 3 units, 3 indicators." in said["analyse"]
    assert all(f"`{path.name}`" in TEXT for path in (tmp_path / "look").iterdir())
