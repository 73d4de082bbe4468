"""The zone of a pack of firms, and the command in the test's own process."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from qiantang.doors.cli import intake, rows, source
from qiantang.doors.cli.main import cli
from qiantang.doors.cli.tests.delivering import HEADER, PACK, Firms, Run
from qiantang.rooms.intake.tests import trade as packs


@pytest.fixture
def trade(tree: None, lake_folder: Path, tmp_path: Path, settings: Any) -> None:
    packs.settle(settings, tmp_path)
    packs.install(PACK, tmp_path)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command in this process, on the test's database."""
    for module in (intake, source, rows):
        monkeypatch.setattr(module, "open_zone", lambda zone: None)

    def ran(*words: str, lang: str = "en") -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            cli.main(["--lang", lang, *words])
        said = capsys.readouterr()
        return int(left.value.code or 0), said.out, said.err

    return ran


@pytest.fixture
def firms(tmp_path: Path) -> Firms:
    def made(*lines: str, name: str = "firms.csv", header: str = HEADER) -> Path:
        path = tmp_path / name
        path.write_text("\n".join((header, *lines)) + "\n", encoding="utf-8")
        return path

    return made
