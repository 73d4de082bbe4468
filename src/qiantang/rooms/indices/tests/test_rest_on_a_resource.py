"""An index whose figures are the rows of a resource: delivered rows are seen and frozen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from qiantang.kernel.actors import ANONYMOUS, SYSTEM, Actor
from qiantang.rooms.catalogue.services import register_resources
from qiantang.rooms.indices import selectors, services
from qiantang.rooms.indices.tests.conftest import TITLE
from qiantang.rooms.intake import services as intake
from qiantang.rooms.journal.services import deliver_pending
from qiantang.rooms.shelf import selectors as shelf

ASEM = "asem-connectivity.connectivity"
ROWS = "asem-connectivity.connectivity-figures"


@pytest.fixture
def published(tmp_path: Path, settings: Any, officer: Actor, approver: Actor) -> None:
    settings.QIANTANG_SPOOL = tmp_path / "spool"
    settings.QIANTANG_WORKER = ""
    register_resources(SYSTEM, "asem-connectivity")
    planned = services.plan_edition(officer, ASEM, title=TITLE)
    services.publish_edition(approver, ASEM, planned.number)


def deliver(officer: Actor, tmp_path: Path, old: str, new: str) -> None:
    """The pack's own rows with one line changed, through intake."""
    data = shelf.resources()[ROWS].data
    assert data is not None
    text = data.read_text(encoding="utf-8-sig")
    assert f"\n{old}\n" in text
    path = tmp_path / "figures.csv"
    path.write_text(text.replace(f"\n{old}\n", f"\n{new}\n"), encoding="utf-8")
    run = intake.receive(officer, ROWS, path)
    done = intake.work(run.id, actor=officer)
    assert done.status == "published", (done.error, done.verdict)
    deliver_pending()


def test_delivered_rows_are_seen_at_the_index_and_frozen_with_their_snapshot(
    published: None, officer: Actor, approver: Actor, tmp_path: Path
) -> None:
    first = selectors.made(ANONYMOUS, ASEM)
    assert {o.snapshot for o in first.origins} == {None}
    line = next(
        each
        for each in shelf.resources()[ROWS].data.read_text(encoding="utf-8-sig").splitlines()  # type: ignore[union-attr]
        if "LPI" in each.split(",") and "CHN" in each.split(",")
    )
    cells = line.split(",")
    deliver(officer, tmp_path, line, ",".join([*cells[:-1], "1.5"]))
    assert selectors.edition(ANONYMOUS, ASEM).outdated == 1
    second = services.plan_edition(officer, ASEM, title=TITLE, corrects=1, reason="LPI of China")
    told = selectors.difference(approver, ASEM, second.number)
    assert [(c.unit, c.column, c.after) for c in told.figures] == [("CHN", "LPI", 1.5)]
    assert told.moved > 0
    made = selectors.made(approver, ASEM, second.number)
    assert len({o.snapshot for o in made.origins}) == 1
    assert None not in {o.snapshot for o in made.origins}


def test_filled_cells_stay_marked_for_ever(published: None) -> None:
    made = selectors.made(ANONYMOUS, ASEM)
    rows = [row for unit in made.units for row in selectors.profile(made, unit).filled]
    assert rows
    assert all(row.normalised is not None for row in rows)
    # A figure that is there may still lack what divides it.
    divided = {e.code for e in made.structure.indicators if e.denominator}
    assert {row.code for row in rows if row.raw is not None} <= divided
    assert {row.code for row in rows if row.raw is None} <= {gap.column for gap in made.gaps}
