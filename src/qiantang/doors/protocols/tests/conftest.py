"""A zone with the shipped packs, one open resource with personal data and rows in the lake."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from ckanapi import RemoteCKAN
from django.apps import apps
from django.core.management import call_command
from django.test import override_settings

from qiantang.doors.protocols.tests.live import serving
from qiantang.kernel.actors import SYSTEM, Actor, Role
from qiantang.kernel.text import Text
from qiantang.rooms.catalogue import services as catalogue
from qiantang.rooms.people import services as people
from qiantang.rooms.people.selectors import actor_of_account
from qiantang.rooms.shelf import selectors as shelf
from qiantang.rooms.shelf import services as shelf_services
from qiantang.rooms.shelf.contents import forget

MANIFEST = """\
id = "harbour"
version = "1.0.0"
name = { zh = "渔港", en = "Harbours" }
description = { zh = "渔港与泊位", en = "Harbours and berths" }
owner = "stats"
licence = "CC0-1.0"
requires = ["geography"]
"""
BERTHS = """\
id = "{id}"
name = {{ zh = "泊位{id}", en = "Berths {id}" }}
description = {{ zh = "各渔港泊位，含管理人", en = "Berths of each harbour with their keepers" }}
keywords = {{ zh = "渔港、泊位", en = "harbour, berth" }}
grain = ["number"]
cadence = "P1M"
sharing = "{sharing}"
open = {open}
owner = "stats"
licence = {{ zh = "知识共享署名 4.0", en = "CC BY 4.0" }}
conditions = {{ zh = "经审批", en = "After approval" }}

[fields.number]
type = "integer"
zh = "编号"
en = "Number"
required = true

[fields.name]
type = "text"
zh = "名称"
en = "Name"
required = true

[fields.kind]
type = "text"
zh = "类型"
en = "Kind"
values = ["deep", "shallow"]

[fields.depth]
type = "decimal"
zh = "水深"
en = "Depth"
unit = "公里"

[fields.opened]
type = "date"
zh = "启用日期"
en = "Opened"

[fields.keeper]
type = "text"
zh = "管理人"
en = "Keeper"
"""
SECRET = "张三丰"


def write_harbour(root: Path) -> Path:
    """An open, a conditional and a withheld resource of the same fields."""
    folder = root / "harbour"
    (folder / "resources").mkdir(parents=True, exist_ok=True)
    (folder / "pack.toml").write_text(MANIFEST, encoding="utf-8")
    kinds = {"berths": ("unconditional", "true"), "catches": ("conditional", "false")}
    for id, (sharing, open_) in {**kinds, "patrols": ("withheld", "false")}.items():
        text = BERTHS.format(id=id, sharing=sharing, open=open_)
        (folder / "resources" / f"{id}.toml").write_text(text, encoding="utf-8")
    return folder


def berths(rows: int) -> Any:
    """Rows as intake leaves them in the lake, its own columns beside."""
    import pyarrow as pa

    from qiantang.engine.quality import schema_of

    schema = schema_of(shelf.resources()["harbour.berths"])
    numbers = range(1, rows + 1)
    made: dict[str, list[Any]] = {
        "number": list(numbers),
        "name": [f"泊位，{n}号\n“甲”" if n == 2 else f"泊位{n}" for n in numbers],
        "kind": ["deep" if n % 2 else "shallow" for n in numbers],
        "depth": [None if n == 3 else n for n in numbers],
        "opened": [date(2020, 1 + n % 12, 1) for n in numbers],
        "keeper": [SECRET] * rows,
        "_run": ["R1"] * rows,
        "_row": list(numbers),
        "_division": ["330000"] * rows,
    }
    arrays = [pa.array(made.get(f.name, [None] * rows)).cast(f.type) for f in schema]
    return pa.Table.from_arrays(arrays, schema=schema)


def furnish(folder: Path, rows: int = 25) -> None:
    """The zone's packs and catalogue, and the harbour's rows in the lake."""
    shelf_services.install_builtin(SYSTEM)
    shelf_services.install_pack(SYSTEM, write_harbour(folder))
    for pack in ("geography", "statistics-zhejiang", "harbour"):
        catalogue.register_resources(SYSTEM, pack)
    _mark_personal("harbour.berths", "keeper")
    table = berths(rows)
    shelf.lake().ensure("harbour.berths", table.schema)
    shelf.lake().append("harbour.berths", table)


def _mark_personal(id: str, field: str) -> None:
    """The pack language lets nothing personal be open; an entry that was changed still might."""
    row = apps.get_model("catalogue", "InformationResource").objects.get(pk=id)
    row.fields = [{**f, "personal": "personal"} if f["id"] == field else f for f in row.fields]
    row.save()


@pytest.fixture(scope="module")
def harbour(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """The zone, once for all tests of a module: they read, or write in a transaction of theirs."""
    folder = tmp_path_factory.mktemp("harbour")
    (folder / "lake").mkdir()
    ours = override_settings(QIANTANG_PACKS=folder / "zone-packs", QIANTANG_LAKE=folder / "lake")
    with django_db_blocker.unblock(), ours:
        forget()
        _organisations()
        furnish(folder)
        yield
        call_command("flush", verbosity=0, interactive=False)
        forget()


@pytest.fixture(scope="module")
def site(harbour: None) -> Iterator[str]:
    """The address of a live server of the zone."""
    with serving() as address:
        yield address


def _organisations() -> None:
    people.create_organisation(SYSTEM, "330000", Text("浙江省人民政府", "Zhejiang"))
    name = Text("统计局", "Bureau of Statistics")
    people.create_organisation(SYSTEM, "330000", name, department="stats")


def withhold(clerk: Actor, id: str = "harbour.catches", sharing: str = "withheld") -> None:
    """A new version of the entry is published that shares it otherwise."""
    catalogue.change(clerk, id, {"sharing": sharing, "open": False, "classes": ["1"]})
    catalogue.submit(clerk, id)
    catalogue.publish(SYSTEM, id)


@pytest.fixture
def clerk(harbour: None, db: None) -> Actor:
    """An officer of the bureau that owns the harbour's resources."""
    name = Text("办事员", "Clerk")
    people.create_account(
        SYSTEM, "clerk", "correct-horse-battery", name=name, organisation="330000-stats"
    )
    people.grant_role(SYSTEM, "clerk", Role.OFFICER, "330000-stats")
    return actor_of_account("clerk")


@pytest.fixture
def ckan(site: str) -> RemoteCKAN:
    return RemoteCKAN(site, user_agent="test")
