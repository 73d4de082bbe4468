"""Wrong words at the terminal: message, next step, exit code; never a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from qiantang.site.zone import Zone

from .house import untouched
from .terminal import qiantang

HERE = os.environ.get("QIANTANG_ZONE", "")


@pytest.mark.usefixtures("zone")
@pytest.mark.parametrize(
    ("words", "code", "zh", "en"),
    [
        (("plan", "assess", "--as-of", "yesterday"), 2, "参数 --as-of 的值无效", "--as-of"),
        (("plan", "assess", "--as-of", "2019-02-30"), 2, "参数 --as-of 的值无效", "--as-of"),
        (("plan", "assess", "--as-of", "0001-01-01"), 1, "日期超出范围", "Day out of range"),
        (("plan", "assess", "--division", "110000"), 1, "没有这个行政区划", "No such division"),
        (("plan", "assess", "--division", "x"), 1, "没有这个行政区划", "No such division"),
        (("plan", "assess", "--division", "\x00"), 1, "没有这个行政区划", "No such division"),
        (("plan", "assess", "--plan", "nothing"), 1, "没有这个规划", "No such plan"),
        (("plan", "assess", "--format", "docx"), 2, "--format", "--format"),
        (
            ("plan", "assess", "--format", "json", "-o", "/nowhere/x"),
            1,
            "无法写入",
            "cannot be written",
        ),
        (("plan", "assess", "--format", "json", "-o", "\x00"), 1, "无法写入", "cannot be written"),
        (("plan", "asses"), 2, "没有命令", "No such command"),
        (("plan", "assess", "--asof"), 2, "没有选项", "No such option"),
        (("pack", "show", "nothing"), 1, "没有", "No such pack"),
        (("pack", "new", "Not An Id"), 1, "→", "→"),
    ],
)
def test_a_wrong_word_is_named(words: tuple[str, ...], code: int, zh: str, en: str) -> None:
    with untouched():
        for lang, said in (("zh", zh), ("en", en)):
            done = qiantang("--lang", lang, *words, zone=HERE)
            assert done.exit_code == code, (done.output, done.exception)
            assert said.lower() in done.output.lower(), done.output
            assert "→" in done.output
            assert "Traceback" not in done.output


@pytest.mark.parametrize(
    ("spoil", "zh", "en"),
    [
        (lambda z: (z / "zone.toml").unlink(), "不是示范区目录", "Not a zone"),
        (lambda z: (z / "zone.toml").write_bytes(b"\xff"), "zone.toml", "zone.toml"),
        (lambda z: (z / "zone.toml").write_text("id = 3"), "zone.toml", "zone.toml"),
        (lambda z: (z / "zone.toml").write_text("format = 99"), "zone.toml", "zone.toml"),
        (lambda z: (z / "control.sqlite3").write_bytes(b"not a database" * 400), "→", "→"),
        (lambda z: (z / "control.sqlite3").mkdir(), "→", "→"),
    ],
)
def test_a_spoilt_zone_is_explained(tmp_path: Path, spoil: object, zh: str, en: str) -> None:
    folder = tmp_path / "zone"
    Zone.create(folder)
    assert callable(spoil)
    spoil(folder)
    done = run("--zone", str(folder), "plan", "list")
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr, done.stderr[-2000:]
    assert zh in done.stderr or en in done.stderr
    assert "→" in done.stderr


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    folder = tmp_path / "zone"
    done = run("--zone", str(folder), "pack", "check", b"\xff\xfe")
    assert done.returncode in {1, 2}
    assert "Traceback" not in done.stderr, done.stderr[-2000:]
    assert "→" in done.stderr


def run(*words: str | bytes) -> subprocess.CompletedProcess[str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("QIANTANG_", "DJANGO_"))}
    return subprocess.run(
        [sys.executable, "-m", "qiantang.doors.cli.main", *words],
        capture_output=True,
        text=True,
        env={**kept, "QIANTANG_LANG": "zh"},
        check=False,
        timeout=60,
    )
