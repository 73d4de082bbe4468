"""Documents stay true: links lead somewhere, tasks exist, both READMEs say the same."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "src").rglob("*.md")])


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
        if "://" not in target and not target.startswith("mailto:"):
            assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_make_tasks_exist(page: Path) -> None:
    tasks = set(
        re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    )
    text = page.read_text(encoding="utf-8")
    for task in re.findall(r"`make ([a-z-]+)", text) + re.findall(r"^make ([a-z-]+)", text, re.M):
        assert task in tasks, task


def test_both_readmes_show_the_same_commands() -> None:
    blocks = [
        re.findall(
            r"^(?:make|qiantang|git) [^\n#]*", (ROOT / name).read_text(encoding="utf-8"), re.M
        )
        for name in ("README.md", "README.zh.md")
    ]
    assert blocks[0]
    assert [b.strip() for b in blocks[0]] == [b.strip() for b in blocks[1]]


def test_generated_pages_are_fresh() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "docs" / "generate.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_command_of_the_tutorial_and_howtos_exists() -> None:
    commands = (ROOT / "docs/reference/commands.md").read_text(encoding="utf-8")
    known = set(re.findall(r"^## `(qiantang[^`]*)`", commands, re.M))
    for page in [*ROOT.glob("README*.md"), *(ROOT / "docs").rglob("*.md")]:
        for line in re.findall(
            r"qiantang ((?:plan|pack|user) [a-z]+|init|demo|serve|doctor|version)\b",
            page.read_text(encoding="utf-8"),
        ):
            assert f"qiantang {line}" in known, f"{page.name}: {line}"
