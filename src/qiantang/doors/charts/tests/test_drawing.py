"""Drawing on the server: Chinese without a system font, nothing fetched, failures said clearly."""

from __future__ import annotations

import http.server
import threading
from pathlib import Path
from typing import Any

import pytest

from qiantang.doors.charts import bundle as bundle_module
from qiantang.doors.charts import bundle_name, page_bundle, render_png, render_svg, render_svgs
from qiantang.doors.charts.errors import ChartNotDrawn, ChartTimedOut
from qiantang.doors.charts.theme import SCHEMA, for_server, frame


def word(text: str) -> dict[str, Any]:
    """A chart that is nothing but one text."""
    return {
        **frame(text),
        "width": 120,
        "height": 40,
        "data": {"values": [{"text": text}]},
        "mark": {"type": "text", "fontSize": 24},
        "encoding": {"text": {"field": "text"}},
    }


def test_chinese_is_drawn_with_real_glyphs() -> None:
    """Boxes for missing glyphs would make equally long texts look alike."""
    unassigned = "\U000e0fff\U000e0ffe"
    hangzhou, ningbo, boxes = (render_png(word(t)) for t in ("杭州", "宁波", unassigned))
    assert hangzhou.startswith(b"\x89PNG")
    assert len({hangzhou, ningbo, boxes}) == 3


def test_an_svg_names_the_packaged_font_and_keeps_the_words() -> None:
    drawn = render_svg(word("杭州"))
    assert "杭州" in drawn
    assert "Noto Sans CJK SC" in drawn


def test_scale_makes_a_larger_picture() -> None:
    def size(png: bytes) -> int:
        return int.from_bytes(png[16:20], "big")

    assert size(render_png(word("浙江"), scale=3)) == 3 * size(render_png(word("浙江"), scale=1))


def test_many_charts_come_back_in_order() -> None:
    first, second = render_svgs([word("一"), word("二")])
    assert "一" in first
    assert "二" in second
    assert render_svgs([]) == []


def test_text_in_a_chart_is_never_markup() -> None:
    drawn = render_svg(word("<script>alert(1)</script>"))
    assert "<script" not in drawn


def test_a_wrong_specification_is_our_error_in_both_languages() -> None:
    with pytest.raises(ChartNotDrawn) as caught:
        render_svg({"$schema": SCHEMA, "mark": "no-such-mark", "data": {"values": []}})
    assert "未能" in caught.value.title.zh
    assert caught.value.status == 503


def test_a_drawing_that_takes_too_long_is_ended() -> None:
    with pytest.raises(ChartTimedOut):
        render_svg(word("慢"), timeout=0.01)


def test_nothing_is_fetched_from_outside() -> None:
    asked: list[str] = []

    class Outside(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Outside)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        spec = word("x")
        spec["data"] = {"url": f"http://127.0.0.1:{server.server_port}/secret.json"}
        with pytest.raises(ChartNotDrawn):
            render_svg(spec)
    finally:
        server.shutdown()
    assert asked == []


def test_the_server_font_replaces_the_page_font_only() -> None:
    spec = word("x")
    changed = for_server(spec)
    assert changed["config"]["font"] == "Noto Sans CJK SC"
    assert {**changed, "config": {}} == {**spec, "config": {}}
    assert spec["config"]["font"] != "Noto Sans CJK SC"


def test_the_page_script_is_written_once(tmp_path: Path, monkeypatch: Any) -> None:
    path = page_bundle(tmp_path / "static")
    assert path.name == bundle_name()
    text = path.read_text(encoding="utf-8")
    assert text.startswith("(function ()")
    assert "window.vegaEmbed" in text

    def again(*_: object, **__: object) -> list[str]:
        raise AssertionError("drawn a second time")

    monkeypatch.setattr(bundle_module, "drawn", again)
    assert page_bundle(tmp_path / "static") == path
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_a_failed_script_leaves_nothing_half_written(tmp_path: Path, monkeypatch: Any) -> None:
    def broken(*_: object, **__: object) -> list[str]:
        raise ChartNotDrawn(found="disk full")

    monkeypatch.setattr(bundle_module, "drawn", broken)
    with pytest.raises(ChartNotDrawn):
        page_bundle(tmp_path)
    assert list(tmp_path.iterdir()) == []
