"""`qiantang catalogue`: what is found is put out, what is wrong is said line by line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from qiantang.doors.cli import catalogue
from qiantang.doors.cli.main import cli
from qiantang.kernel.actors import SYSTEM, Actor
from qiantang.rooms.catalogue import services
from qiantang.rooms.shelf import services as shelf

pytestmark = pytest.mark.django_db
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tree: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command in this process, on the test's database."""
    monkeypatch.setattr(catalogue, "open_zone", lambda zone: None)
    shelf.install_builtin(SYSTEM)
    services.register_resources(SYSTEM, "geography")

    def ran(*words: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            cli.main(["--lang", "en", "catalogue", *words])
        said = capsys.readouterr()
        return int(left.value.code or 0), said.out, said.err

    return ran


def _json(out: str) -> Any:
    return json.loads(out)


def test_hits_and_facets_are_put_out_as_json(run: Run) -> None:
    code, out, _ = run("search", "行政区划", "--facet", "level=province", "--format", "json")
    found = _json(out)
    assert code == 0
    assert "geography.division" in {hit["id"] for hit in found["hits"]}
    assert found["total"] == len(found["hits"])
    assert {"level", "sharing", "cycle"} <= {facet["id"] for facet in found["facets"]}


def test_a_draft_is_submitted_and_published_by_two_people(
    run: Run, tmp_path: Path, officer: Actor, approver: Actor
) -> None:
    file = tmp_path / "entry.json"
    file.write_text('{"name": {"zh": "殡葬服务", "en": "Funerals"}}', encoding="utf-8")
    assert run("draft", "330000-stats", str(file), "--as", "officer")[0] == 0
    code, _, err = run("submit", "local.000001", "--as", "officer")
    assert code == 1
    for missing in ("description:", "classes:", "fields:", "cadence:", "conditions:"):
        assert missing in err
    more = {
        "description": {"zh": "殡葬服务机构及其业务", "en": "Undertakers and their work"},
        "classes": ["1"],
        "fields": [{"id": "name", "name": {"zh": "名称", "en": "Name"}, "type": "text"}],
        "cadence": "P1Y",
        "sharing": "unconditional",
    }
    file.write_text(json.dumps(more), encoding="utf-8")
    assert run("change", "local.000001", str(file), "--as", "officer")[0] == 0
    assert run("submit", "local.000001", "--as", "officer")[0] == 0
    assert run("publish", "local.000001", "--as", "officer")[0] == 1
    assert run("publish", "local.000001", "--as", "approver")[0] == 0
    _, out, _ = run("difference", "local.000001", "0", "1", "--format", "json")
    assert {"name", "fields"} <= {change["attribute"] for change in _json(out)["changes"]}
    shown = "".join(run("difference", "local.000001", "0", "1")[1].split())
    assert "Undertakersandtheirwork" in shown
    assert "…" not in shown
    assert "Funerals" in run("show", "local.000001")[1]


def test_a_file_that_is_no_object_is_refused(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "entry.json"
    file.write_text("[1, 2]", encoding="utf-8")
    code, _, err = run("draft", "330000-stats", str(file))
    assert code == 1
    assert "JSON object" in err
