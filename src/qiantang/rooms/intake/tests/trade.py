"""The pack ``trade`` of a test's own, put together of the files that the test needs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import qiantang.packs
from qiantang.kernel.actors import SYSTEM
from qiantang.rooms.catalogue import services as catalogue
from qiantang.rooms.shelf import services as shelf

ABOUT = {
    "pack.toml": """\
id = "trade"
version = "1.0.0"
name = { zh = "企业", en = "Firms" }
description = { zh = "测试用企业数据", en = "Firms for tests" }
owner = "stats"
licence = "CC0"
requires = ["geography"]
""",
    "README.md": "# trade\n",
}
"""What stands beside its resources."""


def settle(settings: object, tmp_path: Path) -> None:
    """A spool and credentials of the test's own, and no worker process."""
    settings.QIANTANG_SPOOL = tmp_path / "spool"  # type: ignore[attr-defined]
    settings.QIANTANG_CREDENTIALS = tmp_path / "credentials"  # type: ignore[attr-defined]
    settings.QIANTANG_WORKER = ""  # type: ignore[attr-defined]


def install(files: Mapping[str, str], tmp_path: Path) -> None:
    """Install the pack with these files, after the one that it requires, and register it."""
    shelf.install_pack(SYSTEM, Path(qiantang.packs.__file__).parent / "geography")
    folder = tmp_path / "trade"
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    installed = shelf.install_pack(SYSTEM, folder)
    assert installed.usable, installed.problems
    catalogue.register_resources(SYSTEM, "trade")
