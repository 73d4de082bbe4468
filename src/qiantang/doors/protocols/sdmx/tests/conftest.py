"""A zone whose shipped figures are published, a live server of it, and statisticians' clients."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

import pytest
import sdmx
from django.core.management import call_command
from django.test import override_settings
from pysdmx.api.qb import ApiVersion, DataFormat, RestService

from qiantang.doors.protocols.tests.live import serving
from qiantang.kernel.actors import SYSTEM, Role
from qiantang.kernel.observations import Observation
from qiantang.kernel.text import Text
from qiantang.rooms.indicators import selectors, services
from qiantang.rooms.people import services as people
from qiantang.rooms.people.selectors import actor_of_account
from qiantang.rooms.shelf import selectors as shelf
from qiantang.rooms.shelf import services as shelf_services
from qiantang.rooms.shelf.contents import forget

RESOURCE = "statistics-zhejiang.observation"
AGENCY = "CN_330000"
CSV2 = "application/vnd.sdmx.data+csv;version=2.0.0"


def publish_shipped() -> None:
    """The whole file of the statistics pack, sent by one person and approved by another."""
    data = shelf.resources()[RESOURCE].data
    assert data is not None
    with data.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    sent = services.deliver(actor_of_account("sender"), RESOURCE, rows)
    services.approve(actor_of_account("approver"), sent.id)


def _people() -> None:
    name = Text("浙江省人民政府", "Zhejiang")
    people.create_organisation(SYSTEM, "330000", name)
    bureau = Text("统计局", "Bureau of Statistics")
    people.create_organisation(SYSTEM, "330000", bureau, department="stats")
    for username, role in (("sender", Role.OFFICER), ("approver", Role.APPROVER)):
        who = Text(username, username)
        people.create_account(
            SYSTEM, username, "correct-horse-battery", name=who, organisation="330000-stats"
        )
        people.grant_role(SYSTEM, username, role, "330000-stats")


@pytest.fixture(scope="module")
def zone(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """The zone, once for all tests of a module: they only read."""
    folder = tmp_path_factory.mktemp("figures")
    (folder / "lake").mkdir()
    ours = override_settings(
        QIANTANG_PACKS=folder / "packs",
        QIANTANG_LAKE=folder / "lake",
        QIANTANG_FEEDS_ANONYMOUS_PER_MINUTE=0,
    )
    with django_db_blocker.unblock(), ours:
        forget()
        _people()
        shelf_services.install_builtin(SYSTEM)
        publish_shipped()
        yield
        call_command("flush", verbosity=0, interactive=False)
        forget()


@pytest.fixture(scope="module")
def site(zone: None) -> Iterator[str]:
    """The address of a live server of the zone."""
    with serving() as address:
        yield address


@pytest.fixture(scope="module")
def published(zone: None) -> list[Observation]:
    """What the room says is published."""
    return selectors.figures(indicators=shelf.indicators())


@pytest.fixture(scope="module")
def old_client(site: str) -> sdmx.Client:
    """sdmx1 on the interface of SDMX 2.1, as its documentation has a source of one's own."""
    told = {"id": AGENCY, "url": f"{site}/sdmx/2.1", "name": "Zone"}
    sdmx.add_source({**told, "supports": {"availableconstraint": True}}, override=True)
    return sdmx.Client(AGENCY)


@pytest.fixture(scope="module")
def new_client(site: str) -> sdmx.Client:
    """sdmx1 on the interface of SDMX 3.0; it reads XML, so it has to say so."""
    structure = "application/vnd.sdmx.structure+xml;version=3.0.0"
    headers = {"data": {"Accept": "application/vnd.sdmx.data+xml;version=3.0.0"}}
    headers |= {kind: {"Accept": structure} for kind in ("dataflow", "datastructure", "codelist")}
    told = {"id": f"{AGENCY}_NEW", "url": f"{site}/sdmx/3.0", "name": "Zone"}
    sdmx.add_source({**told, "versions": ["3.0.0"], "headers": headers}, override=True)
    return sdmx.Client(told["id"])


@pytest.fixture(scope="module")
def service(site: str) -> RestService:
    """pysdmx on the interface of SDMX 3.0."""
    return RestService(
        f"{site}/sdmx/3.0",
        ApiVersion.V2_0_0,
        data_format=DataFormat.SDMX_CSV_2_0_0,
        timeout=60,
    )
