"""A zone on the disk with one resource, and the installed command on it as a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from qiantang.rooms.intake.tests.conftest import FIRMS, PACK

FURNISH = """
import sys
from pathlib import Path
from qiantang.site.zone import Zone
from qiantang.site.bootstrap import setup
setup(Zone.create(Path(sys.argv[1])))
import qiantang.packs
from qiantang.kernel.actors import SYSTEM
from qiantang.kernel.text import Text
from qiantang.rooms.catalogue import services as catalogue
from qiantang.rooms.people import services as people
from qiantang.rooms.shelf import services as shelf
people.create_organisation(SYSTEM, "330000", Text("浙江省人民政府", "Zhejiang"))
people.create_organisation(SYSTEM, "330000", Text("统计局", "Statistics"), department="stats")
shelf.install_pack(SYSTEM, Path(qiantang.packs.__file__).parent / "geography")
assert shelf.install_pack(SYSTEM, Path(sys.argv[2])).usable
catalogue.register_resources(SYSTEM, "trade")
"""
TELL = """
import json, sys
from qiantang.site.zone import Zone
from qiantang.site.bootstrap import setup
setup(Zone.open(sys.argv[1]))
from qiantang.kernel.actors import SYSTEM
from qiantang.rooms.intake import selectors, spool
from qiantang.rooms.journal import services as journal
from qiantang.rooms.shelf import selectors as shelf
lake, name = shelf.lake(), "trade.firm"
there = name in lake.tables()
runs = selectors.runs(SYSTEM, size=200).items
print(json.dumps({
    "rows": lake.read(name, columns=["code", "name"]).to_pylist() if there else [],
    "keys": [s.key for s in lake.snapshots(name)] if there else [],
    "bad": [str(p) for p in lake.verify(name) if p.kind.value != "orphan"] if there else [],
    "runs": [[r.id, r.status, r.sent, r.accepted, r.set_aside] for r in runs],
    "journal": [str(p) for p in journal.verify()],
    "arriving": len(list((spool.home() / "arriving").glob("*"))),
}))
"""


def made(folder: Path) -> Path:
    """A zone with the pack of the intake's tests."""
    pack = folder / "given" / "trade"
    for name, text in PACK.items():
        (pack / name).parent.mkdir(parents=True, exist_ok=True)
        (pack / name).write_text(text, encoding="utf-8")
    python(FURNISH, str(folder / "zone"), str(pack))
    return folder / "zone"


def told(zone: Path) -> Any:
    """What the zone holds, seen by a fresh process."""
    return python(TELL, str(zone))


def python(code: str, *words: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-c", code, *words],
        capture_output=True,
        text=True,
        env=environment(),
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout) if done.stdout.strip() else None


def intake(zone: Path, file: Path, *more: str, lang: str = "zh") -> list[str]:
    """The words of ``qiantang intake FILE``."""
    start = [sys.executable, "-m", "qiantang.doors.cli.main", "--zone", str(zone), "--lang", lang]
    return [*start, "intake", str(file), "--resource", FIRMS, *more]


def start(
    words: list[str], before: Callable[[], None] | None = None, **kept: str
) -> subprocess.Popen[str]:
    return subprocess.Popen(
        words,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**environment(), **kept},
        preexec_fn=before,  # noqa: PLW1509 - one thread, and only limits are set
    )


def environment() -> dict[str, str]:
    dropped = ("QIANTANG_", "DJANGO_", "PYTHONDONTWRITEBYTECODE")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(dropped)}
    # Dozens of processes start: they find modules compiled, outside the source tree.
    compiled = str(Path(tempfile.gettempdir()) / "qiantang-tests-compiled")
    return {**kept, "QIANTANG_DATABASE_URL": "", "PYTHONPYCACHEPREFIX": compiled}


def firms(path: Path, start: int, rows: int, *, bad: int = 0, name: str = "企业") -> Path:
    """A delivery; its first ``bad`` rows have wrong codes."""
    lines = ["编码,名称,金额,日期"]
    for n in range(start, start + rows):
        code = f"X{n}" if n < start + bad else f"F{n:06d}"
        lines.append(f"{code},{name}{n},{n}.50,2026-01-{n % 28 + 1:02d}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
