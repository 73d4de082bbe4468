"""Samples as files: what was written is what a careful reader reads."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl
import pyarrow as pa
import pytest

from qiantang.engine import quality
from qiantang.engine.samples import Form, Planted, generate, sample, write_sample, writing
from qiantang.engine.samples.errors import EncodingUnknown, SheetTooLong
from qiantang.packkit import builtin_packs, load_packs
from qiantang.packkit.compiled import CodeList

PACKS = load_packs(builtin_packs()).packs
COMMONS = PACKS["data-commons"].resources
ROWS = 400
FORMS = [
    Form(),
    Form("csv", "gb18030", "en"),
    Form("csv", "utf-8-sig", "id"),
    Form("csv", "utf-16"),
    Form("xlsx", dressed=True),
    Form("ndjson"),
    Form("parquet", header="id"),
]


def _codes(id: str) -> CodeList:
    pack, _, local = id.partition(".")
    return PACKS[pack].codes[local]


def _references(id: str) -> pl.Series:
    resource, _, key = id.rpartition(".")
    return sample(COMMONS[resource.partition(".")[2]], ROWS, packs=PACKS, seed=8)[key]


def _examine(name: str, path: Path, folder: Path) -> quality.Examination:
    """The file read as it proposes itself, and checked."""
    resource = COMMONS[name]
    proposal = quality.propose(path, resource)
    assert proposal.missing == ()
    assert proposal.unknown == ()
    checker = quality.compile_checks(
        resource, codes=_codes, references=_references, on=date(2026, 1, 1)
    )
    folder.mkdir()
    return quality.examine(quality.open_rows(path, proposal.recipe, resource), checker, folder)


def _rows(examination: quality.Examination) -> pl.DataFrame:
    table = examination.batches().read_all()
    return pl.DataFrame(table).drop("_row")


@pytest.mark.parametrize("form", FORMS, ids=lambda f: f"{f.format}-{f.encoding}-{f.header}")
def test_messy_rows_are_read_as_the_clean_ones(form: Form, tmp_path: Path) -> None:
    name = "legal-entity"
    clean, messy = tmp_path / "clean.csv", tmp_path / f"messy.{form.format}"
    write_sample(generate(COMMONS[name], ROWS, packs=PACKS, seed=8), COMMONS[name], clean, Form())
    odd = generate(COMMONS[name], ROWS, packs=PACKS, seed=8, messy=True)
    write_sample(odd, COMMONS[name], messy, form)
    one = _examine(name, clean, tmp_path / "one")
    other = _examine(name, messy, tmp_path / "other")
    assert (one.sent, one.accepted) == (other.sent, other.accepted) == (ROWS, ROWS)
    assert _rows(one).equals(_rows(other))


@pytest.mark.parametrize("name", sorted(COMMONS))
def test_a_clean_sample_of_each_resource_passes_every_rule(name: str, tmp_path: Path) -> None:
    path = tmp_path / "clean.csv"
    write_sample(generate(COMMONS[name], ROWS, packs=PACKS, seed=8), COMMONS[name], path, Form())
    found = _examine(name, path, tmp_path / "out")
    assert [(p.row, p.column, p.code) for p in found.problems(5, 0)] == []
    assert found.accepted == ROWS


@pytest.mark.parametrize("name", ["population", "licence", "social-insurance", "marriage"])
def test_planted_faults_are_found_and_nothing_else(name: str, tmp_path: Path) -> None:
    path, told = tmp_path / "faulty.csv", list[Planted]()
    made = generate(COMMONS[name], ROWS, packs=PACKS, seed=8, faults=0.2, truth=told.extend)
    write_sample(made, COMMONS[name], path, Form())
    examination = _examine(name, path, tmp_path / "out")
    repeated = {p.row + 1 for p in told if p.kind == "repeated"}
    beside = repeated | {row - 1 for row in repeated}  # either of two rows of a key may be named
    planted = {p.row + 1 for p in told}
    found = {p.row for p in examination.problems(10_000, 0)}
    assert planted - repeated <= found
    assert found <= planted | beside


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    paths = [tmp_path / "a.csv", tmp_path / "b.csv"]
    for path in paths:
        made = generate(COMMONS["licence"], ROWS, packs=PACKS, seed=8, faults=0.1, messy=True)
        write_sample(made, COMMONS["licence"], path, Form("csv", "gb18030"))
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_a_byte_order_mark_is_written_once(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    made = generate(COMMONS["licence"], 50, packs=PACKS, batch_rows=10)
    write_sample(made, COMMONS["licence"], path, Form("csv", "utf-16"))
    raw = path.read_bytes()
    assert raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    assert raw.decode("utf-16").count("\ufeff") == 0


def test_an_unknown_encoding_leaves_nothing_behind(tmp_path: Path) -> None:
    made = generate(COMMONS["licence"], 5, packs=PACKS)
    with pytest.raises(EncodingUnknown):
        write_sample(made, COMMONS["licence"], tmp_path / "a.csv", Form("csv", "gbk2"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("format", writing.FORMATS)
def test_a_stopped_sample_leaves_nothing_and_keeps_the_old_file(
    format: str, tmp_path: Path
) -> None:
    def stopping() -> Iterator[pa.RecordBatch]:
        yield from generate(COMMONS["licence"], 5, packs=PACKS)
        raise KeyboardInterrupt

    path = tmp_path / f"a.{format}"
    path.write_bytes(b"before")
    with pytest.raises(KeyboardInterrupt):
        write_sample(stopping(), COMMONS["licence"], path, Form(format))
    assert [p.name for p in tmp_path.iterdir()] == [path.name]
    assert path.read_bytes() == b"before"


def test_more_rows_than_a_sheet_holds_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "MOST_SHEET_ROWS", 20)
    made = generate(COMMONS["licence"], 30, packs=PACKS, batch_rows=10)
    with pytest.raises(SheetTooLong):
        write_sample(made, COMMONS["licence"], tmp_path / "a.xlsx", Form("xlsx"))
    assert list(tmp_path.iterdir()) == []
