"""A zone that anybody may read, and a reader."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from qiantang.doors.portal.tests.zone import figure, install, publish
from qiantang.kernel.actors import Actor


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
