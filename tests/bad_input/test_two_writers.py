"""Two people change one figure: the second is told who did what, and nothing of theirs is lost."""

from __future__ import annotations

import itertools

import pytest

from qiantang.kernel.observations import Observation
from qiantang.rooms.indicators import selectors, services
from qiantang.rooms.indicators.rows import to_row
from qiantang.rooms.people.selectors import actor_of_account
from qiantang.rooms.shelf import selectors as shelf

from .house import ask, call, client, problem, refused, token_of, untouched, words
from .test_figures_sent_in import csv_file

# The lake keeps what earlier tests published, so every test takes a figure of its own.
_TURN = itertools.count()


@pytest.fixture
def standing() -> dict[str, str]:
    """A published figure of the province's statistics bureau, as a form that corrects it."""
    owned = {i.id for i in shelf.indicators().values() if i.owner == "stats"}
    found = selectors.observations(division="330000", size=500).items
    mine = sorted((o for o in found if o.indicator in owned and o.revision == 1), key=id_of)
    one = mine[next(_TURN)]
    return {**to_row(one), "revision": str(one.revision)}


def id_of(one: Observation) -> str:
    return one.id


def correction(standing: dict[str, str], value: str) -> dict[str, str]:
    row = {k: v for k, v in standing.items() if k != "revision"}
    return {**row, "value": value, "base_revision": standing["revision"]}


def publish(standing: dict[str, str], value: str) -> None:
    sent = services.submit_observation(actor_of_account("colleague"), correction(standing, value))
    services.approve(actor_of_account("approver"), sent.id, sent.version)


def test_the_form_shows_both_figures_to_the_second_writer(standing: dict[str, str]) -> None:
    publish(standing, "1111.1")
    with untouched():
        path = f"/desk/figures/{standing['id']}/"
        asked = ask("officer", path, correction(standing, "2222.2"))
    refused(asked, "indicators.changed_meanwhile", 409)
    for answer, heading in zip(asked.both, ("他人已先更正", "Somebody corrected it"), strict=True):
        page = words(answer)
        assert heading in page
        assert "1111.1" in page
        assert "<strong>2222.2</strong>" in page
        assert f'name="base_revision" value="{int(standing["revision"]) + 1}"' in page
    assert "colleague甲" in words(asked.zh)
    assert "Colleague" in words(asked.en)


def test_sending_again_from_that_page_corrects_the_revision_in_force(
    standing: dict[str, str],
) -> None:
    publish(standing, "1111.1")
    again = {**correction(standing, "2222.2"), "base_revision": str(int(standing["revision"]) + 1)}
    answer = client("officer").post(f"/desk/figures/{standing['id']}/", again)
    assert answer.status_code == 302


def test_the_api_tells_the_second_writer(standing: dict[str, str]) -> None:
    publish(standing, "1111.1")
    row = correction(standing, "2222.2")
    base = int(row.pop("base_revision"))
    token = token_of("officer", "read", "write")
    with untouched():
        asked = call(
            token,
            "/api/v1/submissions",
            {"observation": row, "base_revision": base},
        )
    body = problem(asked, "indicators.changed_meanwhile", 409)
    assert "1111.1" in body["detail"]
    assert "Colleague" in body["detail"]


def test_two_corrections_wait_for_nobody(standing: dict[str, str]) -> None:
    """While one correction waits, a second one is not taken behind its back."""
    services.submit_observation(actor_of_account("colleague"), correction(standing, "1111.1"))
    with untouched():
        path = f"/desk/figures/{standing['id']}/"
        asked = ask("officer", path, correction(standing, "2222.2"))
    refused(asked, "indicators.already_pending", 409)
    assert "1111.1" in words(asked.zh)


def test_of_two_waiting_sheets_on_one_figure_the_second_is_refused(
    standing: dict[str, str],
) -> None:
    from qiantang.rooms.indicators.rows import BASE

    def sheet(value: str) -> bytes:
        row = {k: v for k, v in correction(standing, value).items() if k != BASE}
        return csv_file([row]).getvalue()

    first = services.submit_sheet(actor_of_account("colleague"), sheet("1111.1"), "a.csv")
    second = services.submit_sheet(actor_of_account("officer"), sheet("2222.2"), "b.csv")
    services.approve(actor_of_account("approver"), first.id)
    with untouched():
        asked = ask("approver", f"/desk/submissions/{second.id}/approve/", {"version": "1"})
    refused(asked, "indicators.changed_meanwhile", 409)
    assert selectors.submission(actor_of_account("officer"), second.id).state == "pending"


@pytest.mark.parametrize("version", ["0", "2", "²", "x", "-1", "9" * 5000])
@pytest.mark.parametrize("verb", ["approve", "reject"])
def test_a_page_that_is_out_of_date_decides_nothing(
    standing: dict[str, str], verb: str, version: str
) -> None:
    sent = services.submit_observation(actor_of_account("officer"), correction(standing, "1111.1"))
    with untouched():
        form = {"version": version, "reason": "错"}
        asked = ask("approver", f"/desk/submissions/{sent.id}/{verb}/", form)
    refused(asked, "indicators.stale_version", 409)


def test_what_was_decided_is_not_decided_again(standing: dict[str, str]) -> None:
    sent = services.submit_observation(actor_of_account("officer"), correction(standing, "1111.1"))
    services.reject(actor_of_account("approver"), sent.id, "页码缺失")
    token = token_of("approver", "read", "write")
    with untouched():
        refused(
            ask("approver", f"/desk/submissions/{sent.id}/approve/", {"version": "2"}),
            "indicators.already_decided",
            409,
        )
        for verb in ("approve", "reject"):
            body = {"version": 2, **({"reason": "x"} if verb == "reject" else {})}
            asked = call(token, f"/api/v1/submissions/{sent.id}/{verb}", body)
            problem(asked, "indicators.already_decided", 409)
