"""Deleting by key: what is there goes, what is not is named, and the counts reconcile."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from qiantang.kernel.actors import Actor
from qiantang.rooms.intake import publishing, selectors, services
from qiantang.rooms.intake.errors import NothingFound, NothingSetAside, RowsWithheld, RunUnknown
from qiantang.rooms.intake.shapes import RunView
from qiantang.rooms.intake.tests.conftest import FIRMS
from qiantang.rooms.shelf import selectors as shelf

Made = Callable[..., Path]


@pytest.fixture
def delete(officer: Actor, tmp_path: Path) -> Callable[..., RunView]:
    """``delete("F000000", ...)``: a delivery of keys alone, worked on."""

    def sent(*keys: str) -> RunView:
        path = tmp_path / "gone.csv"
        path.write_text("\n".join(["编码", *keys]) + "\n", encoding="utf-8")
        return services.work(services.receive(officer, FIRMS, path, mode="delete").id)

    return sent


@pytest.fixture
def firms(officer: Actor, csv_file: Made) -> None:
    services.work(services.receive(officer, FIRMS, csv_file(10)).id)


def codes() -> list[str]:
    return sorted(shelf.lake().read(FIRMS, columns=["code"]).column("code").to_pylist())


def test_a_held_deletion_names_them_as_the_table_stands_when_it_is_published(
    firms: None, delete: Callable[..., RunView], officer: Actor, approver: Actor
) -> None:
    run = delete("F000000", "F000001", "F999999", "X1")
    assert (run.status, run.sent, run.accepted, run.set_aside) == ("held", 4, 3, 1)
    assert run.absent == 0
    delete("F000001")
    services.decide(approver, run.id, "publish", "核对过")
    run = services.work(run.id)
    assert (run.status, run.accepted, run.absent) == ("published", 3, 2)
    told = [(p.row, p.code) for p in selectors.problems(officer, run.id).items]
    assert told == [(5, "pattern"), (3, "key_absent"), (4, "key_absent")]
    assert selectors.rejects(officer, run.id).is_file()


def test_keys_that_are_not_there_are_accepted_and_named(
    firms: None, delete: Callable[..., RunView], officer: Actor
) -> None:
    run = delete("F000000", "F999998", "F000001", "F999999")
    assert (run.status, run.sent, run.accepted, run.set_aside) == ("published", 4, 4, 0)
    assert run.absent == 2
    assert len(codes()) == 8
    changed = selectors.changed(officer, run.id)
    assert changed is not None
    assert changed.deleted == run.accepted - run.absent
    found = selectors.problems(officer, run.id)
    assert [(p.row, p.column, p.value, p.code, p.severity) for p in found.items] == [
        (3, "编码", "F999998", "key_absent", "warn"),
        (5, "编码", "F999999", "key_absent", "warn"),
    ]
    assert run.verdict is not None
    assert run.verdict["decision"] == "publish"


def test_a_deletion_of_nothing_but_absent_keys_comes_in(
    firms: None, delete: Callable[..., RunView]
) -> None:
    run = delete("F999998", "F999999")
    assert (run.status, run.accepted, run.absent, len(codes())) == ("published", 2, 2, 10)


def test_before_anything_was_delivered_every_key_is_absent(
    delete: Callable[..., RunView],
) -> None:
    run = delete("F000001")
    assert (run.status, run.absent) == ("published", 1)


def test_the_report_names_them_and_nothing_is_to_be_corrected(
    firms: None, delete: Callable[..., RunView], officer: Actor
) -> None:
    run = delete("F000000", "F999999")
    book = pl.read_excel(selectors.report(officer, run.id, "en"), engine="calamine")
    assert book.row(0)[2:4] == ("编码", "F999999")
    assert book.row(0)[7] == "key_absent"
    with pytest.raises(NothingSetAside):
        selectors.rejects(officer, run.id)
    with pytest.raises(NothingFound):
        selectors.report(officer, delete("F000002").id)


def test_others_see_counts_without_keys_or_nothing(
    firms: None,
    delete: Callable[..., RunView],
    auditor: Actor,
    stranger: Actor,
) -> None:
    run = delete("F999999")
    (finding,) = selectors.problems(auditor, run.id).items
    assert (finding.value, "F999999" in str(finding.text)) == ("***", False)
    assert selectors.run(auditor, run.id).absent == 1
    with pytest.raises(RowsWithheld):
        selectors.report(auditor, run.id)
    with pytest.raises(RunUnknown):
        selectors.report(stranger, run.id)


def test_a_deletion_killed_after_its_write_still_names_what_it_did_not_find(
    firms: None,
    delete: Callable[..., RunView],
    officer: Actor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(publishing, "_record", die)
        with pytest.raises(KeyboardInterrupt):
            delete("F000000", "F999999")
    (waiting,) = selectors.runs(officer, status="publishing").items
    run = services.work(waiting.id)
    assert (run.status, run.absent, len(codes())) == ("published", 1, 9)
    assert [p.value for p in selectors.problems(officer, run.id).items] == ["F999999"]


def test_a_key_of_another_division_is_absent(
    hangzhou_officer: Actor, ningbo_officer: Actor, tmp_path: Path
) -> None:
    def deliver(actor: Actor, mode: str, *keys: str) -> RunView:
        path = tmp_path / "part.csv"
        path.write_text("\n".join(["编码", *keys]) + "\n", encoding="utf-8")
        return services.work(services.receive(actor, "trade.county_firm", path, mode=mode).id)

    deliver(hangzhou_officer, "replace", "H1", "H2")
    deliver(ningbo_officer, "replace", "N1")
    run = deliver(hangzhou_officer, "delete", "H1", "N1")
    assert (run.status, run.accepted, run.absent) == ("published", 2, 1)
    kept = shelf.lake().read("trade.county_firm").column("code").to_pylist()
    assert sorted(kept) == ["H2", "N1"]
