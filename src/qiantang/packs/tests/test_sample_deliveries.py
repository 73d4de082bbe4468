"""The shipped deliveries: one is accepted whole, one is held with its faults named."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import polars as pl

from qiantang.engine import quality
from qiantang.engine.samples import Form, generate, write_sample
from qiantang.packkit import builtin_packs, load_packs
from qiantang.packkit.compiled import CodeList
from qiantang.packs.tests.rows import PACKS as FOLDER

PACKS = load_packs(builtin_packs()).packs
COMMONS = PACKS["data-commons"].resources
SAMPLES = FOLDER / "data-commons" / "samples"
CLEAN, MESSY = "legal_entities_delivery.csv", "population_messy_delivery.csv"


def _codes(id: str) -> CodeList:
    pack, _, local = id.partition(".")
    return PACKS[pack].codes[local]


def _examine(path: Path, name: str, folder: Path) -> quality.Examination:
    resource = COMMONS[name]
    recipe = quality.propose(path, resource).recipe
    checker = quality.compile_checks(
        resource, codes=_codes, references=lambda _: pl.Series([], dtype=pl.String),
        on=date(2026, 1, 1),
    )  # fmt: skip
    return quality.examine(quality.open_rows(path, recipe, resource), checker, folder)


def test_the_clean_delivery_is_accepted_whole(tmp_path: Path) -> None:
    found = _examine(SAMPLES / CLEAN, "legal-entity", tmp_path)
    assert (found.sent, found.accepted, found.set_aside) == (200, 200, 0)
    assert found.verdict.decision == quality.Decision.PUBLISH


def test_the_messy_delivery_is_held_and_only_its_planted_faults_are_named(tmp_path: Path) -> None:
    found = _examine(SAMPLES / MESSY, "population", tmp_path)
    truth = (SAMPLES / "population_messy_delivery.truth.ndjson").read_text(encoding="utf-8")
    planted = {json.loads(line)["row"] + 1 for line in truth.splitlines()}
    problems = {p.row for p in found.problems(1000, 0)}
    assert (found.sent, found.accepted + found.set_aside) == (300, 300)
    assert problems <= planted
    assert found.set_aside / found.sent > COMMONS["population"].limits.hold_above
    assert found.verdict.decision == quality.Decision.HOLD


def test_the_shipped_files_are_what_the_generator_writes(tmp_path: Path) -> None:
    clean, messy = tmp_path / CLEAN, tmp_path / MESSY
    made = generate(COMMONS["legal-entity"], 200, packs=PACKS, seed=2025)
    write_sample(made, COMMONS["legal-entity"], clean, Form())
    made = generate(COMMONS["population"], 300, packs=PACKS, seed=2025, faults=0.08, messy=True)
    write_sample(made, COMMONS["population"], messy, Form("csv", "gb18030"))
    assert clean.read_bytes() == (SAMPLES / CLEAN).read_bytes()
    assert messy.read_bytes() == (SAMPLES / MESSY).read_bytes()


def test_the_samples_stay_small() -> None:
    size = sum(p.stat().st_size for p in SAMPLES.rglob("*") if p.is_file())
    assert size < 150_000
