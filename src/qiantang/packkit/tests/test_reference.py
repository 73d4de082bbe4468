"""The table of the pack language says what the readers ask for: no key more, no key less."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from qiantang.packkit import builtin_packs, check, keeping, load_packs
from qiantang.packkit.compiled import (
    Dimension,
    FieldType,
    Mode,
    Nature,
    Personal,
    Precision,
    Severity,
    Sharing,
)
from qiantang.packkit.layout import FOLDERS
from qiantang.packkit.plans import Comparator, Relation, TargetKind
from qiantang.packkit.readers.checks import HEADERS as CHECK_HEADERS
from qiantang.packkit.readers.codes import COLUMNS, INDICATOR_COLUMNS
from qiantang.packkit.readers.duties import DUTY_COLUMNS, LEVELS, SYNONYM_COLUMNS
from qiantang.packkit.readers.elements import COLUMNS as ELEMENT_COLUMNS
from qiantang.packkit.readers.index_elements import COLUMNS as INDEX_COLUMNS
from qiantang.packkit.readers.index_elements import OPTIONAL as INDEX_OPTIONAL
from qiantang.packkit.readers.indices import LEVELS as UNIT_LEVELS
from qiantang.packkit.readers.measures import HEADERS
from qiantang.packkit.readers.norms import COLUMNS as NORM_COLUMNS
from qiantang.packkit.readers.norms import STATUSES
from qiantang.packkit.readers.pages import TILES
from qiantang.packkit.readers.releases import RELEASE_COLUMNS
from qiantang.packkit.reference import FILE_KINDS, Key
from qiantang.packkit.releases import Cadence
from qiantang.packkit.sections import Section
from qiantang.packkit.tests.building import CHECK_EXAMPLES, demo, geography, write

Asked = dict[str, dict[str, set[bool]]]
BY_FILE = {kind.file: {key.path: key for key in kind.keys} for kind in FILE_KINDS}
NAMED_BY_AUTHORS = {"resources": "fields", "examples": "given"}


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Asked:
    """For each kind of TOML file the keys that the readers looked up, and whether they must be."""
    found: Asked = defaultdict(lambda: defaultdict(set))
    folder = tmp_path_factory.mktemp("packs")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("text", "bilingual", "boolean", "integer", "decimal", "day", "words",
                     "table", "tables"):  # fmt: skip
            _watch(patch, name, found)
        keeping.forget()  # nothing is read of packs that are compiled already
        load_packs(builtin_packs())
        check(
            write(demo(folder / "demo"), CHECK_EXAMPLES),
            {"geography": geography(folder / "geography")},
        )
    return found


def _watch(patch: pytest.MonkeyPatch, name: str, found: Asked) -> None:
    real = getattr(Section, name)

    def watched(self: Section, key: str, *rest: Any, **options: Any) -> Any:
        if key not in {"zh", "en"}:
            folder = self.name.split("/")[0]
            found[folder][_path(folder, self, key)].add(options.get("required", True))
        return real(self, key, *rest, **options)

    patch.setattr(Section, name, watched)


def _path(folder: str, section: Section, key: str) -> str:
    way = [*section.path, key]
    if way[0] == NAMED_BY_AUTHORS.get(folder) and len(way) > 1:
        way[1] = "*"
    return re.sub(r"\.\[\]", "[]", ".".join("[]" if type(p) is int else str(p) for p in way))


TOML = [kind.file for kind in FILE_KINDS if kind.file.endswith(".toml")]


@pytest.mark.parametrize("file", TOML)
def test_every_key_that_is_read_is_described(asked: Asked, file: str) -> None:
    read = asked[file.split("/", 1)[0]]
    described = BY_FILE[file]
    assert set(read) - set(described) == set()
    for path, key in described.items():
        if key.required:
            assert False not in read.get(path, set()), path


@pytest.mark.parametrize("file", TOML)
def test_every_key_that_is_described_is_read(asked: Asked, file: str) -> None:
    read = set(asked[file.split("/", 1)[0]])
    tiles = {f"tiles[].{key}" for pair in TILES.values() for keys in pair for key in keys}
    by_hand = {"targets[].due"}  # a year or two years: no one type, so read without a method
    by_hand |= {f"elements[].{column}" for column in (*INDEX_COLUMNS, *INDEX_OPTIONAL)}
    for path in BY_FILE[file]:
        language = path.rpartition(".")[2] in {"zh", "en"}
        assert language or path in read | tiles | by_hand, path


def test_columns_of_the_elements_of_an_index_are_described() -> None:
    described = [k for path, k in BY_FILE["indices/*.toml"].items() if "elements[]" in path]
    names = {k.path.removeprefix("elements[]."): k.required for k in described}
    assert names == dict.fromkeys(INDEX_COLUMNS, True) | dict.fromkeys(INDEX_OPTIONAL, False)


def test_every_folder_of_the_language_is_described() -> None:
    described = {(Path(f).parent.name, Path(f).suffix) for f in BY_FILE if "/" in f}
    assert described == set(FOLDERS.items())


@pytest.mark.parametrize(
    ("file", "columns"),
    [
        ("codes/*.csv", COLUMNS),
        ("codes/indicator.csv", INDICATOR_COLUMNS[len(COLUMNS) :]),
        ("norms/*.csv", NORM_COLUMNS),
        ("measures/*.sql", HEADERS),
        ("elements/*.csv", ELEMENT_COLUMNS),
        ("checks/*.sql", CHECK_HEADERS),
        ("duties.csv", DUTY_COLUMNS),
        ("synonyms.csv", SYNONYM_COLUMNS),
        ("releases.csv", RELEASE_COLUMNS),
    ],
)
def test_columns_and_headers_are_described(file: str, columns: tuple[str, ...]) -> None:
    assert tuple(k.path for k in BY_FILE[file].values() if k.required) == columns


@pytest.mark.parametrize(
    ("file", "path", "words"),
    [
        ("resources/*.toml", "sharing", Sharing),
        ("resources/*.toml", "fields.*.type", FieldType),
        ("resources/*.toml", "fields.*.personal", Personal),
        ("resources/*.toml", "fields.*.precision", Precision),
        ("resources/*.toml", "mode", Mode),
        ("resources/*.toml", "checks[].dimension", Dimension),
        ("resources/*.toml", "checks[].severity", Severity),
        ("checks/*.sql", "dimension", Dimension),
        ("checks/*.sql", "severity", Severity),
        ("elements/*.csv", "type", FieldType),
        ("elements/*.csv", "personal", Personal),
        ("elements/*.csv", "status", STATUSES),
        ("duties.csv", "levels", LEVELS),
        ("releases.csv", "cadence", Cadence),
        ("releases.csv", "status", STATUSES),
        ("codes/indicator.csv", "nature", Nature),
        ("norms/*.csv", "status", STATUSES),
        ("plans/*.toml", "targets[].kind", TargetKind),
        ("plans/*.toml", "targets[].comparator", Comparator),
        ("plans/*.toml", "targets[].evidence[].relation", Relation),
        ("pages/*.toml", "tiles[].kind", TILES),
        ("indices/*.toml", "units.level", UNIT_LEVELS),
        ("indices/*.toml", "elements[].status", STATUSES),
    ],
)
def test_words_to_choose_from_are_all_named(file: str, path: str, words: Any) -> None:
    key: Key = BY_FILE[file][path]
    assert set(key.kind.split(", ")) == {str(word) for word in words}
