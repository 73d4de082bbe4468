"""A bundle is written, read, checked and computed again; one that lies or breaks is refused."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import frictionless
import numpy as np
import pytest

from qiantang.engine.index import Data, Structure, build, recipe_of
from qiantang.engine.index.bundle import (
    About,
    Contents,
    Gap,
    Origin,
    SigningKey,
    index_of,
    new_key,
    read,
    signing_key,
    survey,
    verify,
    write,
)
from qiantang.engine.index.bundle import archive as archives
from qiantang.engine.index.bundle.errors import (
    BundleAltered,
    BundleTooLarge,
    BundleUnreadable,
    KeyUnexpected,
    KeyUnreadable,
    SignatureWrong,
)
from qiantang.engine.index.bundle.writing import json_bytes, sha256
from qiantang.engine.index.choices import plain
from qiantang.engine.index.errors import RecipeInvalid
from qiantang.engine.index.structure import Element
from qiantang.kernel.errors import QiantangError
from qiantang.kernel.text import Text

TABLES: dict[str, Any] = {
    "impute": {"method": "mean"},
    "normalise": {"range": [1, 100]},
    "uncertain": [
        {"name": "mean", "set": "aggregate.method", "to": ["arithmetic", "geometric"]},
        {"name": "weights", "noise": 0.3, "sets": 8},
    ],
}
ABOUT = About("digital.growth", 2, Text("增长指数", "Growth"), "2026-03-01", "2026-03-01T08:00:00Z",
              corrects=1, reason="figure of B")  # fmt: skip


def contents(years: int = 1, **more: Any) -> Contents:
    units = tuple("ABCDE") * years
    random = np.random.default_rng(5)
    values = random.uniform(1 / 3, 10, size=(len(units), 3))
    values[2, 1] = np.nan
    times = tuple(2020 + y for y in range(years) for _ in range(5)) if years > 1 else ()
    data = Data(units, ("x", "y", "z"), values, groups={"parent": tuple("ppqqq") * years},
                times=times)  # fmt: skip
    structure = Structure((
        Element("x", "甲", 1, "g"), Element("y", "乙", 1, "g", weight=1 / 3, direction=-1),
        Element("z", "丙", 1, "top"), Element("g", "组", 2, "top"), Element("top", "总", 3),
    ))  # fmt: skip
    index = build(data, structure, recipe_of(plain(TABLES)))
    made = Contents(
        ABOUT, data, structure, TABLES, index,
        names={"x": Text("甲", "First")}, unit_names={"A": Text("杭州", "Hangzhou")},
        origins=(Origin("A", None, "x", "observation", "X1", revision=3),),
        gaps=(Gap("C", "y", None, Text("没有公布", "nothing is published")),),
        robustness=survey(data, structure, TABLES, index),
    )  # fmt: skip
    return replace(made, **more)


@pytest.fixture(scope="module")
def key() -> SigningKey:
    return new_key()


@pytest.fixture(scope="module")
def raw(key: SigningKey) -> bytes:
    return write(contents(), key)


def repacked(raw: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    files = archives.unpacked(raw)
    change(files)
    return archives.packed(files)


def resigned(raw: bytes, key: SigningKey, **changed: bytes) -> bytes:
    """As a forger would do it: files changed, digests and signature made anew with his key."""

    def change(files: dict[str, bytes]) -> None:
        files.update({name.replace("__", "/").replace("_dot_", "."): b
                      for name, b in changed.items()})  # fmt: skip
        manifest = json.loads(files["manifest.json"])
        for name in manifest["files"]:
            manifest["files"][name] = {
                "bytes": len(files[name]), "sha256": sha256(files[name]),
            }  # fmt: skip
        files["manifest.json"] = json_bytes(manifest)
        files["signature.json"] = json_bytes({
            "algorithm": "Ed25519", "public_key": key.public.text,
            "signature": key.sign(files["manifest.json"]).hex(),
        })  # fmt: skip

    return repacked(raw, change)


def test_equal_contents_give_equal_bytes(key: SigningKey, raw: bytes) -> None:
    assert write(contents(), key) == raw


def test_what_was_written_is_read_back_to_the_last_digit(raw: bytes, key: SigningKey) -> None:
    made, found = contents(), read(raw)
    assert np.array_equal(found.data.values, made.data.values, equal_nan=True)
    assert found.data.groups == made.data.groups
    pairs = zip(found.structure.elements, made.structure.elements, strict=True)
    assert all(repr(replace(e, row=None, name=o.name)) == repr(o) for e, o in pairs)
    assert found.structure.by_code["y"].weight == 1 / 3
    assert found.tables == TABLES
    assert (found.origins, found.gaps) == (made.origins, made.gaps)
    assert found.names["x"] == Text("甲", "First")
    assert found.unit_names["A"] == Text("杭州", "Hangzhou")
    assert found.key == key.public
    assert (found.manifest.corrects, found.manifest.reason) == (1, "figure of B")
    assert np.array_equal(index_of(found).scores.values, made.index.scores.values)


@pytest.mark.parametrize("years", [1, 3])
def test_a_recomputation_gives_the_same_digits(years: int, key: SigningKey) -> None:
    found = verify(write(contents(years), key))
    assert found.outcome == "same"
    assert "robustness.json" in found.files
    assert found.cells > 50
    assert not found.differences


def test_a_recipe_without_uncertain_choices_has_no_robustness(key: SigningKey) -> None:
    made = contents(tables=plain(TABLES), robustness=None)
    assert verify(write(made, key)).outcome == "same"


def test_other_tools_take_it_for_a_valid_data_package(raw: bytes, tmp_path: Path) -> None:
    (tmp_path / "edition.zip").write_bytes(raw)
    report = frictionless.validate(tmp_path.joinpath("edition.zip").as_posix())
    assert report.valid, report.flatten(["code", "message"])
    assert len(report.tasks) == 11


def test_a_result_that_the_figures_do_not_give_is_named_with_its_cell(
    raw: bytes, key: SigningKey
) -> None:
    results = read(raw).files["results.csv"].decode()
    line = next(each for each in results.splitlines() if each.startswith("B,top,"))
    forged = results.replace(line, "B,top,99.5,1").encode()
    found = verify(resigned(raw, key, results_dot_csv=forged))
    assert found.outcome == "different"
    assert {d.cell for d in found.differences} >= {"B top score"}
    assert found.differences[0].bundle in ("99.5", "1")


@pytest.mark.parametrize(
    "forge",
    [
        lambda head, rows: [head, "A,top,99.9,1", *rows],
        lambda head, rows: [head, *rows[1:], rows[0]],
    ],
)
def test_no_row_of_results_hides_behind_another(
    raw: bytes, key: SigningKey, forge: Callable[[str, list[str]], list[str]]
) -> None:
    head, *rows = read(raw).files["results.csv"].decode().splitlines()
    forged = "\n".join([*forge(head, rows), ""]).encode()
    assert verify(resigned(raw, key, results_dot_csv=forged)).outcome == "different"


def test_no_figure_of_robustness_hides_behind_another(raw: bytes, key: SigningKey) -> None:
    told = read(raw).files["robustness.json"]
    forged = told.replace(b"{", b'{"draws": 1, ', 1)
    assert json.loads(forged) == json.loads(told)
    assert verify(resigned(raw, key, robustness_dot_json=forged)).outcome == "different"


def test_a_column_of_results_stands_once(raw: bytes, key: SigningKey) -> None:
    head, *rows = read(raw).files["results.csv"].decode().splitlines()
    cells = [head + ",score", *(f"{row},{row.split(',')[2]}" for row in rows)]
    forged = "\n".join([*cells, ""]).encode()
    with pytest.raises(BundleUnreadable):
        verify(resigned(raw, key, results_dot_csv=forged))


def test_a_last_digit_is_rounding_and_a_rank_never_is(raw: bytes, key: SigningKey) -> None:
    files = read(raw).files
    head, first, *rest = files["steps/aggregated.csv"].decode().split("\n")
    cells = first.split(",")
    cells[-1] = repr(float(np.nextafter(float(cells[-1]), 1e9)))
    near = "\n".join([head, ",".join(cells), *rest]).encode()
    found = verify(resigned(raw, key, steps__aggregated_dot_csv=near))
    assert (found.outcome, found.differing) == ("rounding", 1)
    assert 0 < found.largest < 1e-14


def test_a_changed_figure_changes_the_results(raw: bytes, key: SigningKey) -> None:
    lines = read(raw).files["data/input.csv"].decode().split("\n")
    lines[1] = "A,9.5,1,1"
    found = verify(resigned(raw, key, data__input_dot_csv="\n".join(lines).encode()))
    assert found.outcome == "different"
    assert found.differing > 5


@pytest.mark.parametrize("name", ["data/input.csv", "robustness.json", "manifest.json"])
def test_a_changed_byte_is_found(raw: bytes, name: str) -> None:
    def change(files: dict[str, bytes]) -> None:
        files[name] = files[name].replace(b"1", b"2", 1)

    with pytest.raises(SignatureWrong if name == "manifest.json" else BundleAltered):
        read(repacked(raw, change))


@pytest.mark.parametrize("extra", [True, False])
def test_files_are_neither_added_nor_lost(raw: bytes, extra: bool) -> None:
    def change(files: dict[str, bytes]) -> None:
        if extra:
            files["data/more.csv"] = b"x\n"
        else:
            del files["filled.csv"]

    with pytest.raises(BundleAltered):
        read(repacked(raw, change))


def test_a_pinned_key_must_have_signed(raw: bytes, key: SigningKey) -> None:
    assert verify(raw, key.public.fingerprint.upper()).outcome == "same"
    assert verify(raw, key.public.pem()).outcome == "same"
    with pytest.raises(KeyUnexpected):
        verify(resigned(raw, new_key()), key.public.fingerprint)
    for none in ("not a key", "", " "):
        with pytest.raises(KeyUnreadable):
            verify(raw, none)


def test_a_key_is_kept_as_text_and_never_shown(key: SigningKey) -> None:
    again = signing_key(key.pem())
    assert again.public == key.public
    assert "PRIVATE" not in repr(key)
    with pytest.raises(KeyUnreadable):
        signing_key(key.public.pem().encode())


def test_a_truncated_file_is_refused_at_every_length(raw: bytes) -> None:
    for end in range(0, len(raw), max(1, len(raw) // 60)):
        with pytest.raises(BundleUnreadable):
            read(raw[:end])


@pytest.mark.parametrize("name", ["../up.csv", "/etc/x.csv", "a\\b.csv", "x.exe", "a//b.csv"])
def test_names_that_lead_elsewhere_are_refused(raw: bytes, name: str) -> None:
    out = io.BytesIO(raw)
    with zipfile.ZipFile(out, "a") as zipped:
        zipped.writestr(name, b"x")
    with pytest.raises(BundleUnreadable):
        read(out.getvalue())


def test_a_bomb_is_stopped_while_it_unfolds(raw: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "LARGEST", 3 * 2**20)
    out = io.BytesIO(raw)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("data/bomb.csv", b"0" * (4 * 2**20))
    with pytest.raises(BundleTooLarge):
        read(out.getvalue())
    many = archives.packed({f"f{n}.csv": b"" for n in range(archives.MOST_FILES + 1)})
    with pytest.raises(BundleTooLarge):
        read(many)


@pytest.mark.parametrize("broken", [
    b"[]", b"null", b"{", b"\xff", b"[" * 100_000, b'{"normalise": 3}',
    b'{"aggregate": {"level": 7}}', b'{"impute": {"method": "em", "rounds": "x"}}',
    b'{"treat": {"points": "x"}}', b'{"uncertain": 4}',
])  # fmt: skip
def test_a_recipe_of_wrong_types_is_refused_with_words(
    broken: bytes, raw: bytes, key: SigningKey
) -> None:
    with pytest.raises((BundleUnreadable, RecipeInvalid)) as refused:
        verify(resigned(raw, key, recipe_dot_json=broken))
    assert refused.value.message("zh")


@pytest.mark.parametrize("table", [
    b"unit,x,y,z\nA,1,2\n", b"unit,x,y,z\nA,inf,2,3\n", b"unit,x,y,z\nA,one,2,3\n",
    b"x\n1\n", b"", b'unit,x,y,z\n"A,1,2,3\n', b"unit,x\nA,1\n",
    b"unit,x,y,z\n" + b"A,1,2,3\n" * 2,
])  # fmt: skip
def test_figures_that_are_none_are_refused_with_words(
    table: bytes, raw: bytes, key: SigningKey
) -> None:
    with pytest.raises(QiantangError) as refused:
        verify(resigned(raw, key, data__input_dot_csv=table))
    assert refused.value.message("en")


def test_a_manifest_of_wrong_types_is_refused(raw: bytes, key: SigningKey) -> None:
    manifest = json.loads(read(raw).files["manifest.json"])
    manifest["edition"] = "two"

    def change(files: dict[str, bytes]) -> None:
        files["manifest.json"] = json_bytes(manifest)
        files["signature.json"] = json_bytes({
            "algorithm": "Ed25519", "public_key": key.public.text,
            "signature": key.sign(files["manifest.json"]).hex(),
        })  # fmt: skip

    with pytest.raises(BundleUnreadable, match="edition"):
        read(repacked(raw, change))
