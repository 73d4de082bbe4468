"""Personal fields in the table of all divisions: for who may see the values of every part of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import pyarrow as pa
import pytest

from qiantang.engine.quality import schema_of
from qiantang.engine.sql.errors import SqlRefused
from qiantang.kernel.actors import SYSTEM, Actor, Role
from qiantang.rooms.catalogue import services as catalogue
from qiantang.rooms.indicators.querying import Question, ask
from qiantang.rooms.indicators.tables import resource_rows
from qiantang.rooms.indicators.tests.test_querying import FIRM
from qiantang.rooms.shelf import selectors as shelf
from qiantang.rooms.shelf import services as shelf_services
from qiantang.rooms.shelf.tests.folders import write_pack

pytestmark = pytest.mark.django_db
FIRMS: Final = "trade.firm"
NAMES: Final = Question("select owner_name from trade__firm order by id")
ZONE, CITY, OTHER = "330000", "330100", "330200"
Make = Callable[..., Actor]


@pytest.fixture
def deliver(tree: None, lake_folder: Path, tmp_path: Path) -> Callable[..., None]:
    """``deliver("330100", 2)``: a row of the division lies in the table that each keeps a part of;
    the name in it is personal."""
    folder = write_pack(tmp_path, id="trade")
    (folder / "resources").mkdir(exist_ok=True)
    text = FIRM.format(open="false\nper_division = true", personal='personal = "personal"')
    text = text.replace('data = "data/firm.csv"\n', "")
    (folder / "resources/firm.toml").write_text(text, encoding="utf-8")
    shelf_services.install_pack(SYSTEM, folder)
    assert shelf.problems() == ()
    catalogue.register_resources(SYSTEM, "trade")
    schema = schema_of(shelf.resources()[FIRMS])
    shelf.lake().ensure(FIRMS, schema)

    def deliver(division: str, id: int) -> None:
        row = {
            "id": id,
            "owner_name": f"王{id}",
            "_run": f"R{id}",
            "_row": 1,
            "_division": division,
        }
        shelf.lake().append(FIRMS, pa.Table.from_pylist([row], schema=schema))

    return deliver


def _sees(actor: Actor, id: str = FIRMS) -> bool:
    """Whether the personal field is there, in rows and in SQL alike."""
    there = "owner_name" in {f.id for f in resource_rows(actor, id).fields}
    if id == FIRMS:
        try:
            assert ask(actor, NAMES).rows.num_rows == resource_rows(actor, id).total
            asked = True
        except SqlRefused:
            asked = False
        assert asked is there
    return there


def test_the_zones_officer_sees_them_while_only_the_zones_own_part_is_there(
    deliver: Callable[..., None], officer: Actor
) -> None:
    deliver(ZONE, 1)
    assert _sees(officer)


@pytest.mark.parametrize("copied", [False, True])
def test_with_the_part_of_another_keeper_only_who_may_see_that_as_well(
    deliver: Callable[..., None], officer: Actor, make_actor: Make, copied: bool
) -> None:
    above = make_actor("government", Role.OFFICER, at=ZONE)
    city = make_actor("city", Role.OFFICER, at=f"{CITY}-stats")
    if copied:
        catalogue.take(SYSTEM, FIRMS, CITY)
    deliver(ZONE, 1)
    deliver(CITY, 2)
    assert [r["id"] for r in resource_rows(officer, FIRMS).rows] == [1, 2]
    assert [_sees(actor) for actor in (officer, city, above, SYSTEM)] == [False, False, True, True]
    if copied:
        assert _sees(city, f"{FIRMS}@{CITY}")
        assert not _sees(officer, f"{FIRMS}@{CITY}")


def test_who_has_a_role_at_the_zone_and_at_one_part_sees_them_until_a_third_comes(
    deliver: Callable[..., None], make_actor: Make
) -> None:
    from qiantang.rooms.people.selectors import actor_of_account
    from qiantang.rooms.people.services import grant_role

    make_actor("both", Role.OFFICER, at=f"{CITY}-stats")
    grant_role(SYSTEM, "both", Role.OFFICER, f"{ZONE}-stats")
    both = actor_of_account("both")
    deliver(ZONE, 1)
    deliver(CITY, 2)
    assert _sees(both)
    deliver(OTHER, 3)
    assert not _sees(both)


def test_a_part_whose_rows_the_reader_does_not_get_hides_nothing_from_him(
    deliver: Callable[..., None], officer: Actor
) -> None:
    catalogue.take(SYSTEM, FIRMS, CITY)
    deliver(ZONE, 1)
    deliver(CITY, 2)
    catalogue.withdraw(SYSTEM, f"{FIRMS}@{CITY}", "停用")
    assert [r["owner_name"] for r in resource_rows(officer, FIRMS).rows] == ["王1"]


def test_a_division_that_has_no_department_is_nobodys_but_the_whole_zones(
    deliver: Callable[..., None], make_actor: Make
) -> None:
    above = make_actor("government", Role.OFFICER, at=ZONE)
    whole = make_actor("whole", Role.OFFICER, at="")
    deliver("330300", 1)
    assert [_sees(actor) for actor in (above, whole)] == [False, True]
