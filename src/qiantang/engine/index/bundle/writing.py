"""Writes a bundle: a Frictionless data package whose manifest names every file's digest, signed.

Layout: ``data/`` (input, units, provenance, gaps); ``structure.csv``; ``recipe.json``; ``steps/``;
``results.csv``; ``filled.csv``; ``robustness.json``; ``datapackage.json``; ``manifest.json``
with SHA-256 of all of these; ``signature.json`` over the manifest's bytes.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from typing import Any, Final

import numpy as np

import qiantang
from qiantang.engine.index.building import Index
from qiantang.engine.index.bundle.archive import packed
from qiantang.engine.index.bundle.contents import FORMAT, Contents, Gap, Origin
from qiantang.engine.index.bundle.keys import ALGORITHM, SigningKey
from qiantang.engine.index.bundle.package import descriptor, guide
from qiantang.engine.index.bundle.text_tables import (
    csv_bytes,
    filled_bytes,
    results_bytes,
    table_bytes,
    units_bytes,
)
from qiantang.engine.index.structure import Structure
from qiantang.engine.index.tables import written
from qiantang.kernel.text import Text

MANIFEST: Final = "manifest.json"
SIGNATURE: Final = "signature.json"
INPUT: Final = "data/input.csv"
UNITS: Final = "data/units.csv"
PROVENANCE: Final = "data/provenance.csv"
GAPS: Final = "data/gaps.csv"
STRUCTURE: Final = "structure.csv"
RECIPE: Final = "recipe.json"
RESULTS: Final = "results.csv"
FILLED: Final = "filled.csv"
ROBUSTNESS: Final = "robustness.json"
PACKAGE: Final = "datapackage.json"
ELEMENT_COLUMNS: Final = (
    "code", "zh", "en", "kind", "level", "parent", "weight", "direction", "unit", "target",
    "denominator",
)  # fmt: skip
ORIGIN_COLUMNS: Final = (
    "unit", "year", "column", "kind", "id", "revision", "snapshot", "title", "address",
    "published", "conflicts",
)  # fmt: skip
GAP_COLUMNS: Final = ("unit", "year", "column", "zh", "en")


def write(contents: Contents, key: SigningKey) -> bytes:
    """The bundle's bytes; equal contents and key give equal bytes."""
    files = _files(contents)
    files[PACKAGE] = json_bytes(descriptor(contents.about, files))
    files["README.md"] = guide(contents.about, key.public.fingerprint).encode("utf-8")
    manifest = json_bytes(_manifest(contents, files))
    signature = {
        "algorithm": ALGORITHM,
        "public_key": key.public.text,
        "fingerprint": key.public.fingerprint,
        "signature": key.sign(manifest).hex(),
    }
    return packed({**files, MANIFEST: manifest, SIGNATURE: json_bytes(signature)})


def result_files(index: Index) -> dict[str, bytes]:
    """The files that a recomputation must give again, digit by digit."""
    steps = {f"steps/{name}.csv": table_bytes(table) for name, table in index.steps.items()}
    return {**steps, RESULTS: results_bytes(index), FILLED: filled_bytes(index)}


def json_bytes(value: Mapping[str, Any]) -> bytes:
    """JSON with sorted keys; numbers as the shortest text that reads back the same."""
    text = json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False)
    return f"{text}\n".encode()


def sha256(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def _files(contents: Contents) -> dict[str, bytes]:
    found = {
        INPUT: table_bytes(contents.data),
        UNITS: units_bytes(contents.data, contents.unit_names),
        PROVENANCE: csv_bytes(ORIGIN_COLUMNS, map(_origin, contents.origins)),
        GAPS: csv_bytes(GAP_COLUMNS, map(_gap, contents.gaps)),
        STRUCTURE: _structure(contents.structure, contents.names),
        RECIPE: json_bytes(contents.tables),
        **result_files(contents.index),
    }
    if contents.robustness is not None:
        found[ROBUSTNESS] = json_bytes(contents.robustness)
    return found


def _manifest(contents: Contents, files: Mapping[str, bytes]) -> dict[str, Any]:
    about = contents.about
    return {
        "format": FORMAT,
        "index": about.index,
        "name": about.name.as_dict(),
        "edition": about.edition,
        "title": about.title.as_dict(),
        "publisher": about.publisher.as_dict(),
        "note": about.note,
        "as_of": about.as_of,
        "made_at": about.made_at,
        "corrects": about.corrects,
        "reason": about.reason,
        "software": {
            "qiantang": qiantang.__version__,
            "numpy": np.__version__,
            "python": platform.python_version(),
        },
        "files": {
            name: {"bytes": len(raw), "sha256": sha256(raw)} for name, raw in sorted(files.items())
        },
        "results": sorted([*result_files(contents.index), *({ROBUSTNESS} & files.keys())]),
    }


def _structure(structure: Structure, names: Mapping[str, Text]) -> bytes:
    rows = []
    for e in structure.elements:
        name = names.get(e.code) or Text(e.name, e.name)
        kind = "indicator" if e.level == 1 else "aggregate"
        rows.append([
            e.code, name.zh, name.en, kind, e.level, e.parent, written(float(e.weight)),
            e.direction, e.unit, written(float(e.target)), e.denominator,
        ])  # fmt: skip
    for kind, codes in (("size", structure.size_columns), ("group", structure.group_columns)):
        for code in codes:
            name = names.get(code) or Text(code, code)
            rows.append([code, name.zh, name.en, kind, *[""] * 7])
    return csv_bytes(ELEMENT_COLUMNS, rows)


def _gap(each: Gap) -> list[object]:
    year = "" if each.year is None else each.year
    return [each.unit, year, each.column, each.reason.zh, each.reason.en]


def _origin(each: Origin) -> list[object]:
    plain = (getattr(each, column) for column in ORIGIN_COLUMNS)
    return ["" if value is None else value for value in plain]
