"""A delivery to a table one of whose data files is cut short is told so, whatever its mode."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import pytest

from qiantang.kernel.actors import Actor
from qiantang.rooms.intake import services
from qiantang.rooms.intake.tests.conftest import FIRMS
from qiantang.rooms.shelf import selectors as shelf

Made = Callable[..., Path]


@pytest.mark.parametrize("mode", ["append", "upsert", "delete", "replace"])
def test_the_damaged_file_is_named_without_a_traceback(
    officer: Actor, csv_file: Made, caplog: pytest.LogCaptureFixture, mode: str
) -> None:
    services.work(services.receive(officer, FIRMS, csv_file(20)).id)
    file = Path(shelf.lake().files(FIRMS).paths[0])
    file.write_bytes(file.read_bytes()[:-40])
    later = csv_file(10, start=15, name="later.csv")
    with caplog.at_level(logging.ERROR):
        run = services.work(services.receive(officer, FIRMS, later, mode=mode).id)
    assert (run.status, run.error_code) == ("failed", "lake.data_file_damaged")
    assert file.name in str(run.error)
    assert not caplog.records
