"""`qiantang harvest`: conflicts listed and settled."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from qiantang.doors.cli import harvest
from qiantang.doors.cli.main import cli
from qiantang.kernel.actors import SYSTEM
from qiantang.kernel.text import Text
from qiantang.rooms.catalogue import selectors, services
from qiantang.rooms.catalogue.tests.entries import ORIGIN, harvested
from qiantang.rooms.harvest import services as harvesting
from qiantang.rooms.shelf import services as shelf

pytestmark = pytest.mark.django_db
Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(tree: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command in this process, on the test's database."""
    monkeypatch.setattr(harvest, "open_zone", lambda zone: None)
    shelf.install_builtin(SYSTEM)
    services.register_resources(SYSTEM, "geography")

    def ran(*words: str) -> tuple[int, str]:
        with pytest.raises(SystemExit) as left:
            cli.main(["--lang", "en", "harvest", *words])
        said = capsys.readouterr()
        return int(left.value.code or 0), said.out + said.err

    return ran


def test_conflicts_are_listed_and_settled(run: Run) -> None:
    assert run("conflicts") == (0, "No conflicts.\n")
    ours = selectors.resource(SYSTEM, "geography.division")
    twin = harvested("区划", "Divisions", code=ours.code, division=ours.division)
    services.take_harvested(SYSTEM, ORIGIN, [twin])
    assert "same code" in run("conflicts", "test")[1]
    (found,) = json.loads(run("conflicts", "--format", "json")[1])
    assert (found["other"], found["kind"]) == (ours.id, "code")
    number = str(found["id"])
    assert run("settle", number, "here")[0] != 0
    code, said = run("settle", number, "here", "--reason", "登记在先")
    assert code == 0
    assert "keep what was here, leave theirs out" in said
    assert run("conflicts")[1] == "No conflicts.\n"
    assert "登记在先" in run("conflicts", "--settled")[1]
    code, said = run("settle", number, "999", "both", "--reason", "并存")
    assert code != 0
    assert "There is no conflict 999" in said


def test_the_list_says_what_went_wrong_last(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    new = harvesting.NewUpstream("xihu", "http://127.0.0.1:9/", Text("西湖", "Xihu"), private=True)
    harvesting.add_upstream(SYSTEM, new)
    assert "Xihu" in run("list")[1]
    monkeypatch.setattr("qiantang.rooms.harvest.fetching._PAUSE", 0.001)
    code, said = run("run", "xihu")
    assert (code != 0, "127.0.0.1:9" in said) == (True, True)
    assert "cannot be read (ConnectError)" in run("list")[1]
