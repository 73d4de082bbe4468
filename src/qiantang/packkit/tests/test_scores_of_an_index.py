"""An index names the indicator as which its scores count, and a plan's target names that one."""

from __future__ import annotations

from pathlib import Path

import pytest

from qiantang.packkit import load_packs
from qiantang.packkit.tests.building import DEMO, GEOGRAPHY, demo, write

ZONE, CODES = "indices/zone.toml", "codes/indicator.csv"
SCORE = "zone_score,区域指数得分,Score,,,,index,index,stats,,\n"


def written(folder: Path, index: str, row: str = SCORE) -> Path:
    geography = write(folder / "geography", GEOGRAPHY)
    pack = demo(folder / "demo")
    write(pack, {CODES: DEMO[CODES] + row, ZONE: f"{index}\n{DEMO[ZONE]}"})
    assert geography.is_dir()
    return pack


def test_scores_count_as_an_indicator_of_divisions(tmp_path: Path) -> None:
    pack = written(tmp_path, 'scores = "zone_score"')
    loaded = load_packs([tmp_path / "geography", pack])
    assert not [p for p in loaded.problems if p.place.file == f"demo/{ZONE}"]
    assert loaded.packs["demo"].indices["zone"].scores == "zone_score"


@pytest.mark.parametrize(
    ("scores", "row"),
    [
        ("core_va", ""),
        ("users", ""),
        ("zone_score", SCORE.replace(",index,index,", ",%,ratio,")),
    ],
)
def test_an_indicator_of_another_unit_cannot_stand_for_scores(
    tmp_path: Path, scores: str, row: str
) -> None:
    pack = written(tmp_path, f'scores = "{scores}"', row)
    found = load_packs([tmp_path / "geography", pack]).problems
    assert "pack.index_scores" in {p.code for p in found}
