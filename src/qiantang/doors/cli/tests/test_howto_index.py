"""The how-to on building an index: its tables, recipe and command do what it says."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

from click.testing import CliRunner

from qiantang.doors.cli.main import cli

HOWTO = Path(__file__).parents[5] / "docs" / "howto" / "build-an-index.md"


def test_the_example_builds_and_writes_the_files_that_the_page_lists(tmp_path: Path) -> None:
    text = HOWTO.read_text(encoding="utf-8")
    blocks = re.findall(r" +```(?:csv|toml)\n(.*?)\n +```", text, re.DOTALL)
    for name, block in zip(("iMeta.csv", "iData.csv", "recipe.toml"), blocks, strict=True):
        (tmp_path / name).write_text(textwrap.dedent(block) + "\n", encoding="utf-8")
    done = CliRunner().invoke(
        cli,
        ["--lang", "en", "index", "build", "--idata", str(tmp_path / "iData.csv"),
         "--imeta", str(tmp_path / "iMeta.csv"), "--recipe", str(tmp_path / "recipe.toml"),
         "--out", str(tmp_path / "out")],
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    assert "Not in the recipe, so not done: screen, treat" in done.output
    written = {path.stem for path in (tmp_path / "out").iterdir()}
    assert {"raw", "denominated", "imputed", "normalised", "aggregated", "filled"} <= written
    assert all(f"`{name}" in text for name in written)
