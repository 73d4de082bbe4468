"""Each division sends its own part: rows of other places and records of others are set aside."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps

from qiantang.kernel.actors import ANONYMOUS, SYSTEM, Actor, Role
from qiantang.rooms.catalogue import selectors as catalogue_reads
from qiantang.rooms.catalogue import services as catalogue
from qiantang.rooms.intake import selectors, services
from qiantang.rooms.intake.errors import DivisionUnfit
from qiantang.rooms.intake.shapes import RunView
from qiantang.rooms.intake.shared import SharedKey
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


def install(
    folder: Path, sharing: str = "unconditional", *, open: bool = True, personal: bool = False
) -> None:
    (folder / "places/resources").mkdir(parents=True)
    manifest = PACK["pack.toml"].replace('"trade"', '"places"')
    (folder / "places/pack.toml").write_text(manifest, encoding="utf-8")
    conditions = "" if open else 'conditions = { zh = "内部", en = "internal" }'
    text = STATION.format(sharing=sharing, open=str(open).lower(), conditions=conditions)
    if personal:
        text = text.replace('zh = "编码"', 'personal = "personal"\nzh = "编码"')
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


@pytest.fixture
def withheld(ningbo_officer: Actor, sent: Sent, tmp_path: Path) -> Callable[[str], None]:
    """Ningbo withholds its copy, which has A and B; ``withheld("unconditional")`` opens it."""
    install(tmp_path)
    copy = catalogue.take(SYSTEM, STATIONS, "330200").id

    def share(sharing: str) -> None:
        row = apps.get_model("catalogue", "InformationResource").objects.get(pk=copy)
        row.sharing, row.open = sharing, sharing != "withheld"
        row.save()

    share("withheld")
    assert sent(ningbo_officer, "A,330200\nB,330200").status == "published"
    return share


def _reasons(run: RunView) -> list[str]:
    assert run.verdict is not None
    return [said["en"] for said in run.verdict["reasons"]]


@pytest.mark.parametrize("mode", ["replace", "append", "upsert", "delete"])
def test_a_key_that_another_withholds_is_treated_like_one_that_nobody_has(
    withheld: Callable[[str], None], hangzhou_officer: Actor, tmp_path: Path, mode: str
) -> None:
    """In every mode: what is answered, and what becomes of the other's rows."""

    def answered(code: str) -> tuple[object, ...]:
        file = tmp_path / "stations.csv"
        file.write_text(f"编码,行政区划\n{code},330100\n", encoding="utf-8")
        more = {"mode": mode, "accept_doubts": True}
        run = services.work(services.receive(hangzhou_officer, STATIONS, file, **more).id)
        told = [(each.code, each.severity) for each in problems(hangzhou_officer, run)]
        return run.status, run.accepted, run.set_aside, told, _reasons(run)

    assert answered("A") == answered("Z")
    assert {("A", "330200"), ("B", "330200")} <= kept()


def test_who_sends_a_key_that_is_withheld_puts_nobodys_record_out(
    withheld: Callable[[str], None], hangzhou_officer: Actor, ningbo_officer: Actor, sent: Sent
) -> None:
    sent(hangzhou_officer, "A,330100\nH,330100")
    run = sent(ningbo_officer, "A,330200\nB,330200\nC,330200")
    assert (run.status, run.set_aside) == ("published", 0)
    assert any("keys of 1 rows as well" in said for said in _reasons(run))
    assert {("A", "330200"), ("A", "330100")} <= kept()
    run = sent(ningbo_officer, "A,330200\nH,330200")
    assert [each.code for each in problems(ningbo_officer, run)] == ["key_elsewhere"]


def test_keys_of_two_divisions_are_named_to_who_may_read_both_once_he_may(
    withheld: Callable[[str], None], hangzhou_officer: Actor, ningbo_officer: Actor, sent: Sent
) -> None:
    sent(hangzhou_officer, "A,330100\nH,330100")
    copy = f"{STATIONS}@330200"
    both = selectors.SharedKeys(1, (SharedKey("A", ("330100", "330200")),))
    for actor in (SYSTEM, ningbo_officer):
        assert selectors.shared_keys(actor, STATIONS) == both
        assert selectors.shared_keys(actor, copy) == both
    for actor in (hangzhou_officer, ANONYMOUS):
        assert selectors.shared_keys(actor, STATIONS).total == 0
    withheld("unconditional")
    assert selectors.shared_keys(hangzhou_officer, STATIONS) == both
    run = sent(hangzhou_officer, "A,330100")
    assert any("Another place has the keys of 1 rows" in said for said in _reasons(run))
    assert run.set_aside == 0


def test_what_each_keeps_for_itself_shares_nothing(
    hangzhou_officer: Actor, ningbo_officer: Actor, sent: Sent, tmp_path: Path
) -> None:
    install(tmp_path)
    assert selectors.shared_keys(hangzhou_officer, STATIONS).total == 0
    sent(hangzhou_officer, "A,330100")
    sent(ningbo_officer, "B,330200")
    assert selectors.shared_keys(SYSTEM, STATIONS) == selectors.SharedKeys(0, ())
    assert selectors.shared_keys(SYSTEM, "trade.firm").total == 0


def test_keys_that_are_personal_are_counted_and_named_to_who_may_see_all_of_them(
    hangzhou_officer: Actor, ningbo_officer: Actor, make_actor: Callable[..., Actor], sent: Sent,
    tmp_path: Path,
) -> None:  # fmt: skip
    install(tmp_path, "conditional", open=False, personal=True)
    sent(ningbo_officer, "A,330200")
    sent(hangzhou_officer, "A,330100")
    reader = make_actor("province", Role.OFFICER, at="330000-stats")
    above = make_actor("government", Role.OFFICER, at="330000")
    assert selectors.shared_keys(reader, STATIONS) == selectors.SharedKeys(1, ())
    (named,) = selectors.shared_keys(above, STATIONS).first
    assert named.key == "A"
    assert selectors.shared_keys(hangzhou_officer, STATIONS).total == 0
