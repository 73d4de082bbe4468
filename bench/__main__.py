"""Runs every measurement, or those named: ``python -m bench lake web``."""

from __future__ import annotations

import pkgutil
import subprocess
import sys
from pathlib import Path


def names() -> list[str]:
    found = [m.name for m in pkgutil.iter_modules([str(Path(__file__).parent)])]
    return sorted(n for n in found if not n.startswith("_"))


def main(chosen: list[str]) -> int:
    failed = 0
    for name in chosen or names():
        print(f"== {name}", flush=True)
        # A process each, so that one measurement's memory is not counted in the next.
        failed |= subprocess.run([sys.executable, "-m", f"bench.{name}"], check=False).returncode
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
