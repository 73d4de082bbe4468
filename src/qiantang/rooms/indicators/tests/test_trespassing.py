"""What must not leak or be let in: others' pending figures, read-only tokens, invisible bytes."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from qiantang.kernel.actors import SYSTEM, Actor, Role
from qiantang.kernel.errors import Refused
from qiantang.kernel.observations import Observation, ObservationKind, Source
from qiantang.kernel.periods import Period
from qiantang.rooms.indicators import selectors, services, store
from qiantang.rooms.indicators.errors import AlreadyExists, AlreadyPending
from qiantang.rooms.indicators.shapes import SubmissionView
from qiantang.rooms.journal import selectors as journal

from .conftest import Row


def test_an_id_that_another_organisation_has_pending_does_not_betray_its_figure(
    make_actor: Callable[..., Actor], officer: Actor, form: Row
) -> None:
    services.submit_observation(officer, form)
    hangzhou = make_actor("hz", Role.OFFICER, at="330100-stats")
    with pytest.raises(AlreadyExists) as told:
        services.submit_observation(hangzhou, {**form, "division": "330100", "value": "7"})
    said = told.value.text()
    assert "6228.9" not in said.zh + said.en
    with pytest.raises(AlreadyPending):
        services.submit_observation(officer, form)


def test_a_token_that_only_reads_does_not_judge_again(administrator: Actor) -> None:
    reader = replace(administrator, token="t", token_scopes=frozenset({"read"}))
    with pytest.raises(Refused):
        services.reassess(reader)


def test_the_reason_of_taking_an_overrule_back_is_journaled_as_it_is_kept(
    approver: Actor,
) -> None:
    services.overrule(approver, "zone-2017", "T01", "met", reason="x", document="y")
    ended = services.withdraw_overrule(approver, "zone-2017", "T01", " gone\x00 ")
    entry = journal.entries(approver, verb="indicators.overrule_withdrawn").entries[0]
    assert ended.withdrawn_reason == entry.detail["reason"] == "gone"


def test_a_revision_counts_from_the_day_on_which_it_was_recorded_here() -> None:
    """Half past seven in Hangzhou is still the day before in UTC."""

    def revision(number: int, at: datetime) -> Observation:
        return Observation(
            id="a",
            indicator="core_va",
            division="330000",
            period=Period.parse("2019"),
            value=Decimal(number),
            unit="亿元",
            kind=ObservationKind.ACTUAL,
            source=Source(title="x", published=date(2020, 1, 1)),
            revision=number,
            recorded_at=at,
        )

    old = revision(1, datetime(2026, 3, 1, tzinfo=UTC))
    new = revision(2, datetime(2026, 6, 1, 23, 30, tzinfo=UTC))
    rows = tuple(store.Recorded(o, "user:1", "") for o in (old, new))
    holding = store.Holding(snapshot=1, revisions={"a": rows})
    assert holding.known_at(date(2026, 6, 1)) == (old,)
    assert holding.known_at(date(2026, 6, 2)) == (new,)


def test_approved_figures_that_the_lake_no_longer_has_are_found(
    publish: Callable[[Row], SubmissionView], form: Row, lake_folder: Path
) -> None:
    sent = publish(form)
    assert services.lost_publications() == []
    shutil.rmtree(lake_folder)
    lake_folder.mkdir()
    store.forget()
    assert services.lost_publications() == [sent.id]
    assert selectors.submission(SYSTEM, sent.id).state == "approved"


def test_publications_of_expired_versions_are_not_lost(
    officer: Actor, approver: Actor, form: Row
) -> None:
    for n in range(3):
        sent = services.submit_observation(officer, {**form, "id": f"X{n}"})
        services.approve(approver, sent.id)
    store.lake().expire(store.TABLE, older_than=datetime.now(UTC), keep_last=1)
    assert len(store.lake().snapshots(store.TABLE)) == 1
    assert services.lost_publications() == []
