"""`qiantang catalogue`: what is found is put out, what is wrong is said line by line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from qiantang.doors.cli import (
    catalogue,
    catalogue_keeping,
    catalogue_shown,
    furnishing,
    pack,
)
from qiantang.doors.cli.main import cli
from qiantang.doors.cli.screen import steps
from qiantang.kernel.actors import SYSTEM, Actor, Role
from qiantang.rooms.catalogue import selectors, services
from qiantang.rooms.catalogue.tests.entries import taken
from qiantang.rooms.shelf import services as shelf

pytestmark = pytest.mark.django_db
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tree: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command in this process, on the test's database."""
    for module in (catalogue, catalogue_shown, catalogue_keeping):
        monkeypatch.setattr(module, "open_zone", lambda zone: None)
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


def test_an_entry_is_handed_over_once(run: Run, administrator: Actor) -> None:
    given = ("transfer", "geography.division", "330000-economy", "机构改革", "--as", "admin")
    code, out, _ = run(*given)
    assert (code, out.split()[0]) == (0, "geography.division")
    code, _, err = run(*given)
    assert code == 1
    assert "belongs to" in err
    changes = _json(run("difference", "geography.division", "1", "2", "--format", "json")[1])
    assert [change["attribute"] for change in changes["changes"]] == ["owner"]


def test_an_offer_is_declined_then_accepted(
    run: Run, make_actor: Callable[..., Actor], stranger: Actor
) -> None:
    owner = selectors.resource(SYSTEM, "geography.division").owner
    make_actor("giver", Role.ADMINISTRATOR, at=owner)
    offer = ("transfer", "geography.division", "330000-economy", "职能划转", "--as", "giver")
    for answer in (("decline", "geography.division", "不属于本部门"),
                   ("accept", "geography.division")):  # fmt: skip
        assert run(*offer)[0] == 0
        (told,) = _json(run("offers", "--as", "stranger", "--format", "json")[1])
        assert (told["entry"]["id"], told["to"]) == ("geography.division", "330000-economy")
        assert (told["reason"], told["may_answer"]) == ("职能划转", True)
        assert "geography.division" in run("offers", "--as", "giver")[1]
        assert selectors.resource(SYSTEM, "geography.division").owner == owner
        assert run(*answer, "--as", "stranger")[0] == 0
    assert selectors.resource(SYSTEM, "geography.division").owner == "330000-economy"
    assert _json(run("offers", "--format", "json")[1]) == []


def test_a_draft_is_given_up(run: Run, tmp_path: Path, officer: Actor) -> None:
    file = tmp_path / "entry.json"
    file.write_text('{"name": {"zh": "殡葬服务", "en": "Funerals"}}', encoding="utf-8")
    assert run("draft", "330000-stats", str(file), "--as", "officer")[0] == 0
    assert run("discard", "local.000001", "--as", "officer")[0] == 0
    assert selectors.open_version(officer, "local.000001") is None


def test_a_group_and_what_is_registered_twice_are_listed(run: Run) -> None:
    group = _json(run("group", "geography.division", "--format", "json")[1])
    assert [member["entry"] for member in group["members"]] == ["geography.division"]
    code, out, _ = run("group", "geography.division")
    assert (code, "geography.division" in out) == (0, True)
    assert run("group", "--format", "json")[0] == 0
    assert _json(run("duplicates", "--format", "json")[1]) == []
    taken(("婚姻登记", "Marriages", {"id": "a"}), ("婚姻登记", "Marriages", {"id": "b"}))
    (twin,) = _json(run("duplicates", "--format", "json")[1])
    assert (twin["kind"], len(twin["entries"])) == ("name", 2)
    assert "same owner, same name" in run("duplicates")[1]


def test_what_was_withdrawn_stays_so_when_its_pack_comes_again_until_it_is_restored(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(pack, "open_zone", lambda zone: None)
    assert run("withdraw", "geography.division", "不再采集")[0] == 0
    for words in (
        ["pack", "install", "geography"],
        ["--lang", "en", "pack", "install", "geography"],
    ):
        with pytest.raises(SystemExit) as left:
            cli.main(words)
        assert left.value.code == 0
        said = capsys.readouterr().out
        assert "geography.division" in said
        assert "catalogue restore" in said
    assert "retired" in run("show", "geography.division")[1]
    code, out, _ = run("restore", "geography.division", "仍需采集")
    assert (code, out.split()[:2]) == (0, ["geography.division", "published"])


def test_furnishing_says_what_stays_withdrawn(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    services.withdraw(SYSTEM, "geography.division", "不再采集")
    with steps() as progress:
        furnishing.furnish(progress)
    assert "geography.division" in capsys.readouterr().err
    assert selectors.resource(SYSTEM, "geography.division").status == "retired"
