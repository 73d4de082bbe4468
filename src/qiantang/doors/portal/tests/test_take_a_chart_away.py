"""Every chart leaves as a picture: drawn once, kept, and never many at a time."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from qiantang.doors.portal import pictures

CHARTS = (
    "/targets/T01/chart",
    "/indicators/core_va/chart",
    "/divisions/330000/chart",
    "/cities/map",
)


@pytest.fixture(autouse=True)
def folder(settings: object, tmp_path: Path) -> Path:
    settings.QIANTANG_STATIC = tmp_path  # type: ignore[attr-defined]
    return tmp_path / "pictures"


@pytest.fixture
def drawings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was drawn, without the drawing process."""
    drawn: list[str] = []

    def svg(spec: dict[str, object]) -> str:
        drawn.append("svg")
        return "<svg/>"

    def png(spec: dict[str, object]) -> bytes:
        drawn.append("png")
        return b"\x89PNG"

    monkeypatch.setattr(pictures, "render_svg", svg)
    monkeypatch.setattr(pictures, "render_png", png)
    return drawn


def test_a_real_picture_is_drawn(figures: None, reader: Client) -> None:
    svg = reader.get("/targets/T01/chart.svg?lang=en")
    assert svg.headers["Content-Type"] == "image/svg+xml"
    assert 'filename="T01-en.svg"' in svg.headers["Content-Disposition"]
    assert b"Target: above" in svg.content
    png = reader.get("/divisions/330000/chart.png")
    assert png.content.startswith(b"\x89PNG")


@pytest.mark.parametrize("address", CHARTS)
def test_each_is_drawn_once_and_then_known(
    figures: None, reader: Client, drawings: list[str], address: str
) -> None:
    first = reader.get(f"{address}.svg")
    again = reader.get(f"{address}.svg")
    assert first.content == again.content == b"<svg/>"
    assert drawings == ["svg"]
    known = reader.get(f"{address}.svg", headers={"If-None-Match": first.headers["ETag"]})
    assert known.status_code == 304
    assert reader.get(f"{address}.png").headers["Content-Type"] == "image/png"
    assert drawings == ["svg", "png"]
    assert reader.get(f"{address}.gif").status_code == 404


def test_a_known_picture_costs_no_drawing_even_when_its_file_is_gone(
    figures: None, reader: Client, drawings: list[str], folder: Path
) -> None:
    etag = reader.get("/targets/T01/chart.svg").headers["ETag"]
    for file in folder.iterdir():
        file.unlink()
    known = reader.get("/targets/T01/chart.svg", headers={"If-None-Match": etag})
    assert known.status_code == 304
    assert drawings == ["svg"]


def test_another_language_is_another_picture(
    figures: None, reader: Client, drawings: list[str]
) -> None:
    tags = {reader.get(f"/targets/T01/chart.svg?lang={x}").headers["ETag"] for x in ("zh", "en")}
    assert len(tags) == 2
    assert drawings == ["svg", "svg"]


def test_when_all_hands_are_busy_the_reader_is_told_to_come_back(
    figures: None, reader: Client, drawings: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "PATIENCE", 0.01)
    for _ in range(pictures.AT_ONCE):
        assert pictures._turns.acquire(timeout=1)
    try:
        answer = reader.get("/targets/T01/chart.png")
    finally:
        for _ in range(pictures.AT_ONCE):
            pictures._turns.release()
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "30"
    assert "正在绘制其他图片" in answer.content.decode()
    assert drawings == []
    assert reader.get("/targets/T01/chart.png").status_code == 200


def test_the_folder_never_grows_beyond_its_bound(
    figures: None,
    reader: Client,
    drawings: list[str],
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pictures, "KEPT", 2)
    for address in CHARTS:
        reader.get(f"{address}.svg")
    assert len(list(folder.iterdir())) == 2


def test_a_folder_that_cannot_be_written_still_gives_the_picture(
    figures: None, reader: Client, drawings: list[str], folder: Path
) -> None:
    folder.write_text("a file stands where the folder belongs", encoding="utf-8")
    assert reader.get("/targets/T01/chart.svg").status_code == 200


def test_the_ranking_has_its_csv(figures: None, reader: Client) -> None:
    text = reader.get("/divisions/330000/population.csv").content.decode("utf-8-sig")
    assert text.splitlines()[0] == "code,name,period,value,unit,grade,source_title"
    assert len(text.splitlines()) == 12
