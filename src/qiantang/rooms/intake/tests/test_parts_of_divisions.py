"""Each division sends its own part: rows of other places and records of others are set aside."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from qiantang.kernel.actors import SYSTEM, Actor, Role
from qiantang.rooms.catalogue import selectors as catalogue_reads
from qiantang.rooms.catalogue import services as catalogue
from qiantang.rooms.intake import selectors, services
from qiantang.rooms.intake.errors import DivisionUnfit
from qiantang.rooms.intake.shapes import RunView
from qiantang.rooms.intake.tests.conftest import FIRMS, PACK
from qiantang.rooms.shelf import selectors as shelf
from qiantang.rooms.shelf import services as shelf_services

STATIONS = "places.station"
STATION = """\
id = "station"
grain = ["code"]
cadence = "P1M"
mode = "replace"
sharing = "{sharing}"
open = {open}
owner = "stats"
per_division = true
name = {{ zh = "站点", en = "Stations" }}
description = {{ zh = "各市分别报送", en = "Each city sends its own" }}
licence = {{ zh = "CC0", en = "CC0" }}
{conditions}

[limits]
refuse_above = 0.9

[fields.code]
type = "text"
zh = "编码"
en = "Code"
required = true

[fields.division]
type = "code"
zh = "行政区划"
en = "Division"
codes = "geography.division"
"""
Sent = Callable[[Actor, str], RunView]


def install(folder: Path, sharing: str = "unconditional", *, open: bool = True) -> None:
    (folder / "places/resources").mkdir(parents=True)
    manifest = PACK["pack.toml"].replace('"trade"', '"places"')
    (folder / "places/pack.toml").write_text(manifest, encoding="utf-8")
    conditions = "" if open else 'conditions = { zh = "内部", en = "internal" }'
    text = STATION.format(sharing=sharing, open=str(open).lower(), conditions=conditions)
    (folder / "places/resources/station.toml").write_text(text, encoding="utf-8")
    installed = shelf_services.install_pack(SYSTEM, folder / "places")
    assert installed.usable, installed.problems
    catalogue.register_resources(SYSTEM, "places")


@pytest.fixture
def sent(tmp_path: Path) -> Sent:
    def sent(actor: Actor, rows: str) -> RunView:
        file = tmp_path / "stations.csv"
        file.write_text(f"编码,行政区划\n{rows}\n", encoding="utf-8")
        run = services.receive(actor, STATIONS, file, accept_doubts=True)
        return services.work(run.id, actor=actor)

    return sent


def kept() -> set[tuple[str, str]]:
    rows = shelf.lake().read(STATIONS).to_pylist()
    return {(row["code"], row["_division"]) for row in rows}


def problems(actor: Actor, run: RunView) -> list[Any]:
    return list(selectors.problems(actor, run.id).items)


def test_rows_of_other_places_are_set_aside_with_what_would_be_right(
    hangzhou_officer: Actor, make_actor: Callable[..., Actor], sent: Sent, tmp_path: Path
) -> None:
    install(tmp_path)
    approver = make_actor("decider", Role.APPROVER, at="330100-stats")
    run = sent(hangzhou_officer, "A,330106\nB,330100\nC,330281\nD,331022\nE,")
    assert (run.sent, run.accepted, run.set_aside) == (5, 3, 2)
    if run.status == "held":
        services.decide(approver, run.id, "publish", "其余无误")
        services.work(run.id)
    assert kept() == {("A", "330100"), ("B", "330100"), ("E", "330100")}
    wrong = problems(hangzhou_officer, run)
    assert {each.code for each in wrong} == {"outside_area"}
    assert [each.column for each in wrong] == ["行政区划", "行政区划"]
    assert "330281" in wrong[0].text.zh
    assert "杭州市（330100）" in wrong[0].text.zh
    assert "(330100)" in wrong[0].text.en
    assert "由当地交付" in wrong[0].hint.zh


def test_the_record_of_another_division_is_set_aside_and_names_it(
    hangzhou_officer: Actor, ningbo_officer: Actor, sent: Sent, tmp_path: Path
) -> None:
    install(tmp_path)
    assert sent(ningbo_officer, "A,330200\nB,330200").status == "published"
    run = sent(hangzhou_officer, "A,330100\nH,330100")
    assert (run.accepted, run.set_aside) == (1, 1)
    (wrong,) = problems(hangzhou_officer, run)
    assert wrong.code == "key_elsewhere"
    assert "宁波市（330200）" in wrong.text.zh
    assert "(330200)" in wrong.text.en
    assert ("A", "330100") not in kept()


def test_nobody_learns_from_a_refusal_what_is_withheld(
    hangzhou_officer: Actor, ningbo_officer: Actor, sent: Sent, tmp_path: Path
) -> None:
    install(tmp_path, "withheld", open=False)
    assert sent(ningbo_officer, "A,330200\nB,330200").status == "published"
    run = sent(hangzhou_officer, "A,330100\nH,330100")
    assert (run.status, run.accepted, run.set_aside) == ("published", 2, 0)
    assert problems(hangzhou_officer, run) == []


def test_a_part_of_a_resource_that_is_not_kept_by_division_is_not_taken(
    officer: Actor, csv_file: Callable[..., Path]
) -> None:
    with pytest.raises(DivisionUnfit) as caught:
        services.receive(officer, FIRMS, csv_file(3), mode="replace", division="330200")
    assert "330200" in caught.value.message("zh")
    owner = catalogue_reads.resource(officer, FIRMS).owner
    taken = services.receive(officer, FIRMS, csv_file(3), division=owner.partition("-")[0])
    assert taken.status == "received"
