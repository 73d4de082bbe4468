"""Recomputes a bundle and says whether the digits are the same.

Three outcomes. *same*: every result file has the very bytes of the bundle, hence every double is
equal. *rounding*: some doubles differ, none by more than `TOLERANCE` (relative, or absolute below
1), and no rank does; other processors and versions of NumPy and LAPACK add in another order, so
this is what honest machines may see. *different*: anything else.
"""

from __future__ import annotations

import json
import math
import platform
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

import qiantang
from qiantang.engine.index.building import Index, build
from qiantang.engine.index.bundle import writing
from qiantang.engine.index.bundle.archive import unreadable
from qiantang.engine.index.bundle.errors import KeyUnexpected
from qiantang.engine.index.bundle.keys import fingerprint_of
from qiantang.engine.index.bundle.reading import Bundle, read
from qiantang.engine.index.bundle.surveying import survey
from qiantang.engine.index.bundle.text_tables import rows_of
from qiantang.engine.index.choices import plain
from qiantang.engine.index.recipe import recipe_of
from qiantang.kernel.errors import QiantangError
from qiantang.kernel.text import Text

TOLERANCE: Final = 1e-9
SHOWN: Final = 50
_LABELS: Final = ("unit", "year", "element", "indicator")
Cells = dict[tuple[str, ...], str]


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell that comes out otherwise. ``apart``: relative difference (absolute below 1); infinite
    where one side is missing or no number."""

    file: str
    cell: str
    bundle: str
    here: str
    apart: float


@dataclass(frozen=True, slots=True)
class Verification:
    """``outcome``: ``same``, ``rounding`` or ``different``. ``differences`` are the first 50,
    largest first; ``differing`` counts all of ``cells``."""

    bundle: Bundle
    outcome: str
    files: tuple[str, ...]
    cells: int
    differing: int
    differences: tuple[Difference, ...]
    software: Mapping[str, str]

    @property
    def largest(self) -> float:
        return self.differences[0].apart if self.differences else 0.0


def verify(raw: bytes, pin: str | None = None) -> Verification:
    """Check signature and digests, recompute from figures, structure and recipe, and compare.
    ``pin``: the key that must have signed (fingerprint or PEM); an empty one is no key.
    Raises the errors of `read`, `KeyUnexpected`, `KeyUnreadable`, `BundleUnreadable` where the
    recipe cannot be computed."""
    expected = None if pin is None else fingerprint_of(pin)
    bundle = read(raw)
    if expected is not None and bundle.key.fingerprint != expected:
        raise KeyUnexpected(found=bundle.key.fingerprint, expected=expected)
    made = _recomputed(bundle)
    results = sorted(made.keys() | set(bundle.manifest.results))
    cells, found = 0, list[Difference]()
    for name in results:
        theirs, ours = bundle.files.get(name, b""), made.get(name, b"")
        cells += _count(theirs, name)
        if theirs != ours:
            found.extend(_differences(name, theirs, ours))
    found.sort(key=lambda d: (-d.apart, d.file, d.cell))
    return Verification(
        bundle, _outcome(found), tuple(results), cells, len(found), tuple(found[:SHOWN]),
        {"qiantang": qiantang.__version__, "numpy": np.__version__,
         "python": platform.python_version()},
    )  # fmt: skip


def index_of(bundle: Bundle) -> Index:
    """The index that the bundle's figures, structure and recipe give here and now."""
    return build(bundle.data, bundle.structure, recipe_of(plain(bundle.tables)))


def _recomputed(bundle: Bundle) -> dict[str, bytes]:
    """A stranger's recipe may be wrong in ways that no check foresaw: told, never a traceback."""
    try:
        index = index_of(bundle)
        found = writing.result_files(index)
        told = bundle.robustness
        if told is not None:
            draws, seed = int(told["draws"]), int(told["seed"])
            made = survey(
                bundle.data, bundle.structure, bundle.tables, index,
                draws=min(draws, 100_000), seed=seed,
            )  # fmt: skip
            found[writing.ROBUSTNESS] = writing.json_bytes(made or {})
    except QiantangError:
        raise
    except Exception as error:
        said = Text("不能按方案重新计算", "The recipe cannot be computed again")
        raise unreadable(said, f"{type(error).__name__}: {error}") from error
    return found


def _outcome(found: list[Difference]) -> str:
    if not found:
        return "same"
    near = all(d.apart <= TOLERANCE and not d.cell.endswith(("rank", "rank]")) for d in found)
    return "rounding" if near else "different"


def _count(raw: bytes, name: str) -> int:
    if name.endswith(".json"):
        return 1
    return max(0, raw.count(b"\n") - 1) * (raw.split(b"\n", 1)[0].count(b",") + 1)


def _differences(name: str, theirs: bytes, ours: bytes) -> Iterator[Difference]:
    """Every cell that differs; where all are the same and the bytes are not, the file itself."""
    left, right = _cells(name, theirs), _cells(name, ours)
    told = False
    for key in sorted(left.keys() | right.keys()):
        one, other = left.get(key), right.get(key)
        if one != other:
            told = True
            yield Difference(
                name, " ".join(key), "" if one is None else one, "" if other is None else other,
                _apart(one, other),
            )  # fmt: skip
    if not told:
        yield Difference(name, "*", writing.sha256(theirs), writing.sha256(ours), math.inf)


def _cells(name: str, raw: bytes) -> Cells:
    """The cells by their labels. A label that comes twice is told apart by a number, so that no
    row hides behind another."""
    if not raw:
        return {}
    if name.endswith(".json"):
        return dict(_leaves((), json.loads(raw, object_pairs_hook=_numbered)))
    header, rows = rows_of(raw, name, ())
    labels = [c for c in _LABELS if c in header]
    values = [c for c in header if c not in labels] or [""]
    seen = Counter[tuple[str, ...]]()
    found: Cells = {}
    for row in rows:
        label = tuple(row[c] for c in labels)
        seen[label] += 1
        again = (f"#{seen[label]}",) if seen[label] > 1 else ()
        found |= {(*label, *again, column): row.get(column, "there") for column in values}
    return found


def _numbered(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    seen = Counter[str]()
    found: dict[str, Any] = {}
    for key, value in pairs:
        seen[key] += 1
        found[f"{key} #{seen[key]}" if seen[key] > 1 else key] = value
    return found


def _leaves(path: tuple[str, ...], value: Any) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _leaves((*path, str(key)), inner)
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _leaves((*path, str(place)), inner)
    else:
        yield path, "" if value is None else str(value)


def _apart(one: str | None, other: str | None) -> float:
    try:
        a, b = float(one or "x"), float(other or "x")
    except ValueError:
        return math.inf
    found = abs(a - b) / max(1.0, abs(a), abs(b))
    return math.inf if math.isnan(found) else found
