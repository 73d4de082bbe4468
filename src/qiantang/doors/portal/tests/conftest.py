"""A zone that anybody may read, and a reader."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from qiantang.doors.portal.tests.indexed import KEY, PANEL, publish_index
from qiantang.doors.portal.tests.zone import figure, install, publish
from qiantang.kernel.actors import SYSTEM, Actor
from qiantang.rooms.catalogue import services as catalogue


@pytest.fixture
def zone(tree: None, lake_folder: Path) -> None:
    install()


@pytest.fixture
def figures(zone: None, officer: Actor, approver: Actor) -> None:
    publish(
        officer,
        approver,
        figure("X14", "2014", "2854"),
        figure("X18", "2018-01/2018-09", "3855.7"),
        figure("X19", "2019", "6228.9"),
        figure("XD", "2019", "7000", grade="D", source_title="来源不明的网页"),
    )


@pytest.fixture
def reader() -> Client:
    return Client(raise_request_exception=False)


@pytest.fixture
def editions(zone: None, tmp_path: Path, settings: Any) -> None:
    """Where bundles and their key lie; the figures of the worked example are catalogued."""
    catalogue.register_resources(SYSTEM, "asem-connectivity")
    settings.QIANTANG_EDITIONS = tmp_path / "editions"
    settings.QIANTANG_CREDENTIALS = tmp_path / "credentials"


@pytest.fixture
def index(editions: None, officer: Actor, approver: Actor) -> str:
    """The worked example of one year, published."""
    publish_index(officer, approver, KEY)
    return KEY


@pytest.fixture
def panel(editions: None, officer: Actor, approver: Actor) -> str:
    """The same index over five years, published."""
    publish_index(officer, approver, PANEL)
    return PANEL
