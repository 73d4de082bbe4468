"""An officer sends figures; nothing is public until somebody else approves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from qiantang.kernel.actors import ANONYMOUS, Actor, Role
from qiantang.kernel.errors import SignInRequired
from qiantang.rooms.indicators import selectors, services
from qiantang.rooms.indicators.errors import (
    AlreadyExists,
    AlreadyPending,
    ChangedMeanwhile,
    NoSuchObservation,
    NoSuchSubmission,
    NothingChanged,
    NothingToSubmit,
    NotYourFigure,
    RowsInvalid,
)
from qiantang.rooms.indicators.shapes import SubmissionView
from qiantang.rooms.journal import selectors as journal

from .conftest import RESOURCE, Row

Publish = Callable[[Row], SubmissionView]


def test_an_officer_adds_a_figure_and_it_waits(officer: Actor, form: Row) -> None:
    sent = services.submit_observation(officer, {**form, "note": "年鉴", "csrf": "x"})
    assert (sent.kind, sent.state, sent.rows, sent.observation) == ("add", "pending", 1, "X1")
    assert sent.organisation == "/330000/330000-stats/"
    assert selectors.observations().total == 0
    entry = journal.entries(officer, subject=f"submission:{sent.id}").entries[0]
    assert (entry.verb, entry.actor) == ("indicators.submitted", officer.key)


def test_a_figure_without_an_id_gets_one(officer: Actor, form: Row) -> None:
    sent = services.submit_observation(officer, {**form, "id": ""})
    assert sent.observation.startswith("330000-core_va-")


def test_an_approved_figure_is_public(
    publish: Publish, form: Row, officer: Actor, approver: Actor
) -> None:
    publish(form)
    found = selectors.observation("X1")
    assert (str(found.value), found.revision, found.source.grade) == ("6228.9", 1, "A")
    assert found.recorded_at is not None
    revision = selectors.revisions("X1")[0]
    assert (revision.recorded_by, revision.recorded_name) == (approver.key, approver.name)
    assert revision.submitted_name == officer.name
    assert [p.id for p in selectors.series("core_va", "330000").points] == ["X1"]


@pytest.mark.parametrize("who", ["citizen", "approver", "stranger", "hangzhou_admin"])
def test_only_officers_of_the_owner_send(
    who: str, request: pytest.FixtureRequest, form: Row
) -> None:
    with pytest.raises(NotYourFigure, match="330000-stats"):
        services.submit_observation(request.getfixturevalue(who), form)


def test_nobody_sends_without_signing_in_or_with_a_reading_token(officer: Actor, form: Row) -> None:
    with pytest.raises(SignInRequired):
        services.submit_observation(ANONYMOUS, form)
    with pytest.raises(NotYourFigure):
        services.submit_observation(replace(officer, token_scopes=frozenset({"read"})), form)


def test_a_province_officer_does_not_reach_into_a_city(officer: Actor, form: Row) -> None:
    with pytest.raises(NotYourFigure, match="330100-stats"):
        services.submit_observation(officer, {**form, "division": "330100"})


def test_an_officer_of_the_government_sends_for_all_below(
    make_actor: Callable[..., Actor], form: Row
) -> None:
    chief = make_actor("chief", Role.OFFICER, at="330000")
    sent = services.submit_observation(chief, {**form, "division": "330100"})
    assert sent.organisation == "/330000/330100/330100-stats/"


def test_every_bad_cell_is_named_at_once_and_nothing_is_stored(officer: Actor, form: Row) -> None:
    bad = {**form, "value": "很多", "period": "2019-13", "unit": "个", "division": "999999"}
    with pytest.raises(RowsInvalid) as caught:
        services.submit_observation(officer, bad)
    assert {p.place.column for p in caught.value.problems} >= {"value", "period", "division"}
    assert all(p.text.zh and p.text.en for p in caught.value.problems)
    assert selectors.submissions(officer).total == 0


def test_a_unit_of_another_dimension_is_refused_with_the_right_one(
    officer: Actor, form: Row
) -> None:
    with pytest.raises(RowsInvalid) as caught:
        services.submit_observation(officer, {**form, "unit": "%"})
    problem = caught.value.problems[0]
    assert (problem.code, problem.place.column) == ("indicators.wrong_unit", "unit")
    assert "亿元" in problem.hint.zh


def test_an_existing_id_cannot_be_added_again(publish: Publish, officer: Actor, form: Row) -> None:
    publish(form)
    with pytest.raises(AlreadyExists):
        services.submit_observation(officer, form)


def test_a_correction_keeps_every_revision(publish: Publish, form: Row) -> None:
    publish(form)
    publish({**form, "value": "6229.4", "base_revision": "1"})
    assert [str(r.observation.value) for r in selectors.revisions("X1")] == ["6229.4", "6228.9"]
    assert selectors.observation("X1").revision == 2
    assert selectors.observations().total == 1


def test_a_correction_that_changes_nothing_is_refused(
    publish: Publish, officer: Actor, form: Row
) -> None:
    publish(form)
    with pytest.raises(NothingChanged):
        services.submit_observation(officer, {**form, "base_revision": "1"})


def test_a_correction_of_nothing_is_refused(officer: Actor, form: Row) -> None:
    with pytest.raises(NoSuchObservation):
        services.submit_observation(officer, {**form, "base_revision": "1"})
    with pytest.raises(RowsInvalid):
        services.submit_observation(officer, {**form, "base_revision": "first"})


def test_the_second_writer_is_told_who_changed_what(
    publish: Publish, officer: Actor, approver: Actor, form: Row
) -> None:
    publish(form)
    publish({**form, "value": "6229.4", "base_revision": "1"})
    with pytest.raises(ChangedMeanwhile) as caught:
        services.submit_observation(officer, {**form, "value": "6300", "base_revision": "1"})
    said = caught.value.message("zh")
    for part in ("6229.4 亿元", "6300 亿元", "第 2 版", officer.name.zh, approver.name.zh):
        assert part in said


def test_two_open_corrections_of_one_figure_are_refused(
    publish: Publish, officer: Actor, form: Row
) -> None:
    publish(form)
    services.submit_observation(officer, {**form, "value": "6230", "base_revision": "1"})
    with pytest.raises(AlreadyPending, match="6230 亿元"):
        services.submit_observation(officer, {**form, "value": "6240", "base_revision": "1"})


def test_a_withdrawn_figure_no_longer_counts_but_stays_on_record(
    publish: Publish, officer: Actor, approver: Actor, form: Row
) -> None:
    publish(form)
    sent = services.submit_withdrawal(officer, "X1", 1, note="来源撤稿")
    assert selectors.observations().total == 1
    services.approve(approver, sent.id, sent.version)
    assert selectors.observations().total == 0
    assert selectors.revisions("X1")[0].observation.withdrawn
    with pytest.raises(NoSuchObservation):
        services.submit_withdrawal(officer, "X1", 2)


def test_a_department_delivers_its_file_as_one_submission(
    officer: Actor, approver: Actor, real_rows: list[Row]
) -> None:
    sent = services.deliver(officer, RESOURCE, real_rows, "年度数据")
    assert (sent.kind, sent.rows, sent.resource) == ("deliver", len(real_rows), RESOURCE)
    services.approve(approver, sent.id, sent.version)
    assert selectors.observations(size=500).total == len(real_rows)


def test_delivering_the_same_file_again_adds_nothing(
    officer: Actor, approver: Actor, real_rows: list[Row]
) -> None:
    sent = services.deliver(officer, RESOURCE, real_rows)
    services.approve(approver, sent.id, sent.version)
    with pytest.raises(NothingChanged):
        services.deliver(officer, RESOURCE, real_rows)
    changed = [{**real_rows[0], "value": "1"}, *real_rows[1:]]
    assert services.deliver(officer, RESOURCE, changed).rows == 1


def test_another_department_cannot_deliver_the_resource(
    stranger: Actor, real_rows: list[Row]
) -> None:
    with pytest.raises(NotYourFigure):
        services.deliver(stranger, RESOURCE, real_rows)


def test_an_empty_delivery_is_refused(officer: Actor) -> None:
    with pytest.raises(NothingToSubmit):
        services.deliver(officer, RESOURCE, [])


def test_pending_submissions_are_seen_by_their_organisation_only(
    officer: Actor, approver: Actor, stranger: Actor, citizen: Actor, form: Row
) -> None:
    sent = services.submit_observation(officer, form)
    for actor in (officer, approver):
        assert selectors.submission(actor, sent.id).id == sent.id
    for actor in (stranger, citizen, ANONYMOUS):
        assert selectors.submissions(actor).total == 0
        with pytest.raises(NoSuchSubmission):
            selectors.submission(actor, sent.id)
