"""A writer process for the tests: appends rows and says on standard output what is acknowledged.

Arguments: folder, address of the catalogue or ``-``, who, number of appends, key or ``-``.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pyarrow as pa

from qiantang.engine.lake import Lake


def main(folder: str, url: str, who: str, times: str, key: str) -> None:
    lake = Lake(Path(folder), None if url == "-" else url)
    import pyiceberg.io.pyarrow  # noqa: F401 - loaded now, so that the race is one of commits

    lake._catalogue.load("t")
    os.write(1, b"ready\n")
    sys.stdin.readline()
    for n in range(int(times)):
        rows = pa.table({"who": [who] * 3, "n": [n] * 3})
        lake.append("t", rows, key="" if key == "-" else f"{key}-{n}")
        os.write(1, f"{n}\n".encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
