"""A process for the tests that writes and tends one table in turns until it is killed.

Arguments: folder, address of the catalogue or ``-``, who, seed. Each acknowledged act is a line
``verb number`` on standard output. Appends bring one new row ``who-number``; upserts set the row of
``who-u0`` to ``who-u9`` to the act's number; the others change no row.
"""

from __future__ import annotations

import os
import random
import sys
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa

from qiantang.engine.lake import Lake

VERBS = ("append", "append", "append", "upsert", "upsert", "compact", "expire", "sweep")


def main(folder: str, url: str, who: str, seed: str) -> None:
    import duckdb  # noqa: F401 - loaded now, so that the kill meets the work
    import pyiceberg.io.pyarrow  # noqa: F401

    lake = Lake(Path(folder), None if url == "-" else url)
    chance = random.Random(int(seed))
    lake._catalogue.load("t")
    os.write(1, b"ready\n")
    sys.stdin.readline()
    for n in range(1, 100_000):
        verb = chance.choice(VERBS)
        if verb == "append":
            lake.append("t", row(f"{who}-{n:06d}", n), key=f"{who}-{n}")
        elif verb == "upsert":
            lake.upsert("t", row(f"{who}-u{n % 10}", n), key_columns=["code"], key=f"{who}-{n}")
        elif verb == "compact":
            lake.compact("t")
        elif verb == "expire":
            lake.expire("t", older_than=datetime.now(UTC), keep_last=3)
        else:
            lake.sweep("t")
        os.write(1, f"{verb} {n}\n".encode())


def row(code: str, n: int) -> pa.Table:
    return pa.table({"code": [code], "n": [n]})


if __name__ == "__main__":
    main(*sys.argv[1:])
