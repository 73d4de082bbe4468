"""`qiantang index verify`: a stranger checks a published index without a zone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from qiantang.doors.cli.main import cli
from qiantang.engine.index.bundle import SigningKey, new_key, write
from qiantang.engine.index.bundle.tests.test_bundle import contents, read, resigned


def run(*args: str, lang: str = "en") -> Result:
    return CliRunner().invoke(cli, ["--lang", lang, "index", "verify", *args])


@pytest.fixture
def key() -> SigningKey:
    return new_key()


@pytest.fixture
def bundle(tmp_path: Path, key: SigningKey) -> Path:
    path = tmp_path / "edition.zip"
    path.write_bytes(write(contents(), key))
    return path


def test_the_same_digits_are_told_with_the_key(bundle: Path, key: SigningKey) -> None:
    done = run(str(bundle))
    assert done.exit_code == 0, done.output
    assert "The same digits." in done.output
    assert key.public.fingerprint in done.output
    assert "数字完全一致" in run(str(bundle), lang="zh").output


def test_json_names_outcome_key_and_software(bundle: Path, key: SigningKey) -> None:
    done = run(str(bundle), "--format", "json", "--key", key.public.fingerprint)
    told = json.loads(done.output)
    assert (told["outcome"], told["pinned"], told["differing"]) == ("same", True, 0)
    assert told["key"] == key.public.fingerprint
    assert told["software"]["here"]["numpy"]


def test_another_result_ends_with_code_4_and_names_the_cell(bundle: Path, key: SigningKey) -> None:
    raw = bundle.read_bytes()
    forged = read(raw).files["results.csv"].replace(b"B,top,", b"B,top,1", 1)
    bundle.write_bytes(resigned(raw, key, results_dot_csv=forged))
    done = run(str(bundle))
    assert done.exit_code == 4
    assert "results.csv  B top score" in done.output


def test_a_key_in_a_file_is_pinned(bundle: Path, key: SigningKey, tmp_path: Path) -> None:
    pem = tmp_path / "key.pem"
    pem.write_text(key.public.pem())
    assert run(str(bundle), "--key", str(pem)).exit_code == 0
    pem.write_text(new_key().public.pem())
    done = run(str(bundle), "--key", str(pem))
    assert done.exit_code == 1
    assert "Signed by another key" in done.output


def test_a_broken_file_ends_with_words(bundle: Path) -> None:
    bundle.write_bytes(bundle.read_bytes()[:500])
    done = run(str(bundle))
    assert done.exit_code == 1
    assert "Bundle cannot be read" in done.output
