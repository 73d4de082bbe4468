"""`qiantang index list|plan|publish|editions`: two people publish from the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from qiantang.doors.cli.main import cli
from qiantang.kernel.actors import SYSTEM, Actor
from qiantang.rooms.catalogue import services as catalogue
from qiantang.rooms.indices import making
from qiantang.rooms.shelf import services as shelf

KEY = "asem-connectivity.connectivity"
TITLES = ("--title-zh", "首版", "--title-en", "First")


@pytest.fixture
def run(
    tree: None, lake_folder: Path, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch,
    officer: Actor, approver: Actor,
) -> Callable[..., Result]:  # fmt: skip
    settings.QIANTANG_EDITIONS = tmp_path / "editions"
    settings.QIANTANG_CREDENTIALS = tmp_path / "credentials"
    shelf.install_builtin(SYSTEM)
    catalogue.register_resources(SYSTEM, "asem-connectivity")
    making.forget()
    monkeypatch.setattr("qiantang.doors.cli.index_editions.open_zone", lambda folder: None)

    def asked(*args: str) -> Result:
        return CliRunner().invoke(cli, ["--lang", "en", "index", *args])

    return asked


def test_one_plans_another_publishes_and_the_bundle_verifies(
    run: Callable[..., Result], tmp_path: Path
) -> None:
    assert "not published" in run("list").output
    planned = run("plan", KEY, *TITLES, "--as", "officer")
    assert planned.exit_code == 0, planned.output
    assert "It is the first edition." in planned.output
    refused = run("publish", KEY, "1", "--as", "officer")
    assert refused.exit_code == 1
    assert "Not an approver" in refused.output
    bundle = tmp_path / "edition.zip"
    done = run("publish", KEY, "1", "--as", "approver", "--bundle", str(bundle))
    assert "published" in done.output
    assert "The same digits." in run("verify", str(bundle)).output
    assert "edition 1" in run("list").output


def test_a_second_edition_shows_what_it_changes(run: Callable[..., Result]) -> None:
    run("plan", KEY, *TITLES, "--as", "officer")
    run("publish", KEY, "1", "--as", "approver")
    again = run("plan", KEY, *TITLES, "--as", "officer", "--corrects", "1", "--reason", "words")
    assert "Against edition 1: 0 figures" in again.output
    dropped = run("discard", KEY, "2", "--as", "officer", "--reason", "nothing new")
    assert "discarded" in dropped.output
    told = json.loads(run("editions", KEY, "--as", "officer", "--format", "json").output)
    assert [(e["number"], e["state"], e["corrects"]) for e in told] == [
        (2, "discarded", 1), (1, "published", None),
    ]  # fmt: skip


def test_nobody_plans_without_a_name(run: Callable[..., Result]) -> None:
    refused = run("plan", KEY, *TITLES)
    assert refused.exit_code == 1
    assert "Another department's index" in refused.output
