"""An approver decides: four eyes, one decision, and nothing half-published."""

from __future__ import annotations

import errno
from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError

from qiantang.kernel.actors import Actor, Role
from qiantang.rooms.indicators import selectors, services, store
from qiantang.rooms.indicators.errors import (
    AlreadyDecided,
    ChangedMeanwhile,
    DiskFull,
    FourEyes,
    NoSuchSubmission,
    NotApprover,
    NotYourSubmission,
    ReasonMissing,
    StaleVersion,
    StoreBusy,
    TextTooLong,
)
from qiantang.rooms.indicators.shapes import SubmissionView
from qiantang.rooms.journal import selectors as journal

from .conftest import RESOURCE, Row


@pytest.fixture
def sent(officer: Actor, form: Row) -> SubmissionView:
    return services.submit_observation(officer, form)


def test_the_approver_finds_it_in_the_inbox(
    sent: SubmissionView, officer: Actor, approver: Actor, stranger: Actor
) -> None:
    assert [s.id for s in selectors.inbox(approver)] == [sent.id]
    assert selectors.inbox(officer) == ()
    assert selectors.inbox(stranger) == ()


def test_approving_is_journaled_with_both_people(
    sent: SubmissionView, officer: Actor, approver: Actor
) -> None:
    done = services.approve(approver, sent.id, sent.version)
    assert (done.state, done.version, done.decided_by) == ("approved", 2, approver.key)
    entry = journal.entries(approver, subject=f"submission:{sent.id}").entries[0]
    assert (entry.verb, entry.actor) == ("indicators.approved", approver.key)
    assert entry.detail["by"] == officer.key


def test_nobody_approves_their_own(make_actor: Callable[..., Actor], form: Row) -> None:
    both = make_actor("both", Role.OFFICER, Role.APPROVER, at="330000-stats")
    sent = services.submit_observation(both, form)
    with pytest.raises(FourEyes):
        services.approve(both, sent.id, sent.version)
    with pytest.raises(FourEyes):
        services.reject(both, sent.id, "不妥")
    assert not selectors.submission(both, sent.id).decision.approve


def test_another_departments_approver_does_not_even_see_it(
    sent: SubmissionView, stranger: Actor
) -> None:
    with pytest.raises(NoSuchSubmission):
        services.approve(stranger, sent.id, sent.version)


def test_an_officer_without_the_role_may_not_approve(
    sent: SubmissionView, make_actor: Callable[..., Actor]
) -> None:
    with pytest.raises(NotApprover):
        services.approve(make_actor("peer", Role.OFFICER, at="330000-stats"), sent.id)


def test_an_approver_above_may_approve(
    sent: SubmissionView, make_actor: Callable[..., Actor]
) -> None:
    assert services.approve(make_actor("above", Role.APPROVER, at="330000"), sent.id)


def test_a_decision_is_made_once(sent: SubmissionView, approver: Actor) -> None:
    services.approve(approver, sent.id, sent.version)
    for again in (
        lambda: services.approve(approver, sent.id),
        lambda: services.reject(approver, sent.id, "晚了"),
    ):
        with pytest.raises(AlreadyDecided, match="approved"):
            again()
    assert len(selectors.revisions("X1")) == 1


def test_a_stale_page_does_not_decide(sent: SubmissionView, approver: Actor) -> None:
    with pytest.raises(StaleVersion):
        services.approve(approver, sent.id, sent.version + 1)


def test_rejecting_needs_a_reason_and_publishes_nothing(
    sent: SubmissionView, approver: Actor, officer: Actor
) -> None:
    with pytest.raises(ReasonMissing):
        services.reject(approver, sent.id, "  ")
    services.reject(approver, sent.id, "缺少页码")
    assert selectors.submission(officer, sent.id).reason == "缺少页码"
    assert not store.exists()


def test_texts_are_taken_without_invisible_characters_and_not_without_end(
    sent: SubmissionView, approver: Actor, officer: Actor, form: Row
) -> None:
    services.reject(approver, sent.id, "缺少\x00页码\n第二行")
    assert selectors.submission(officer, sent.id).reason == "缺少页码\n第二行"
    for field, length in (("note", 4001), ("document", 501)):
        with pytest.raises(TextTooLong, match=field):
            services.submit_observation(officer, {**form, field: "长" * length})


def test_only_the_sender_withdraws(sent: SubmissionView, approver: Actor, officer: Actor) -> None:
    with pytest.raises(NotYourSubmission):
        services.withdraw(approver, sent.id)
    assert services.withdraw(officer, sent.id).state == "withdrawn"


def test_the_later_of_two_files_on_one_figure_is_refused(
    officer: Actor, approver: Actor, real_rows: list[Row]
) -> None:
    first = services.deliver(officer, RESOURCE, real_rows)
    services.approve(approver, first.id)
    ours = services.deliver(officer, RESOURCE, [{**real_rows[0], "value": "1"}])
    theirs = services.deliver(officer, RESOURCE, [{**real_rows[0], "value": "2"}])
    services.approve(approver, theirs.id)
    with pytest.raises(ChangedMeanwhile):
        services.approve(approver, ours.id)
    assert str(selectors.observation(real_rows[0]["id"]).value) == "2"
    assert selectors.submission(officer, ours.id).state == "pending"


@pytest.mark.parametrize(
    ("failure", "told"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), DiskFull),
        (OperationalError("database or disk is full"), DiskFull),
        (OperationalError("database is locked"), StoreBusy),
    ],
)
def test_a_failing_machine_decides_nothing(
    sent: SubmissionView,
    approver: Actor,
    monkeypatch: pytest.MonkeyPatch,
    failure: Exception,
    told: type[Exception],
) -> None:
    def fails(*args: Any, **kwargs: Any) -> None:
        raise failure

    entries = journal.head()
    with monkeypatch.context() as broken:
        broken.setattr(store, "append", fails)
        with pytest.raises(told):
            services.approve(approver, sent.id, sent.version)
    assert selectors.submission(approver, sent.id).state == "pending"
    assert journal.head() == entries
    assert services.approve(approver, sent.id, sent.version).state == "approved"


def test_a_crash_between_lake_and_database_is_healed_by_approving_again(
    sent: SubmissionView, approver: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = store.append

    def dies_after(*args: Any, **kwargs: Any) -> None:
        really(*args, **kwargs)
        raise SystemExit("power cut")

    with monkeypatch.context() as broken:
        broken.setattr(store, "append", dies_after)
        with pytest.raises(SystemExit):
            services.approve(approver, sent.id, sent.version)
    assert selectors.submission(approver, sent.id).state == "pending"
    assert services.half_published() == [sent.id]
    services.approve(approver, sent.id, sent.version)
    assert services.half_published() == []
    assert [r.observation.revision for r in selectors.revisions("X1")] == [1]
    assert len(store.lake().snapshots(store.TABLE)) == 1
