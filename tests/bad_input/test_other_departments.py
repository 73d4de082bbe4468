"""Another department's record: not seen, not corrected, not decided, not guessed."""

from __future__ import annotations

import pytest

from qiantang.rooms.indicators import selectors, services
from qiantang.rooms.indicators.shapes import SubmissionView
from qiantang.rooms.people.selectors import actor_of_account

from .house import ask, call, figure, observation, problem, refused, token_of, untouched, words
from .test_figures_sent_in import csv_file

OTHERS = ("stranger", "hangzhou", "citizen")


@pytest.fixture
def sent() -> SubmissionView:
    """A pending submission of the province's statistics bureau."""
    return services.submit_observation(
        actor_of_account("officer"), figure(quote="内部线索", id="hidden-1")
    )


@pytest.mark.parametrize("who", OTHERS)
def test_a_submission_of_others_does_not_exist_for_them(who: str, sent: SubmissionView) -> None:
    missing = sent.id + 1000
    token = token_of(who, "read", "write")
    with untouched():
        for id in (sent.id, missing):
            refused(ask(who, f"/desk/submissions/{id}/"), "indicators.no_such_submission", 404)
            asked = call(token, f"/api/v1/submissions/{id}")
            problem(asked, "indicators.no_such_submission", 404)
            for verb in ("approve", "reject", "withdraw"):
                form = {"version": "1", "reason": "x"}
                asked = ask(who, f"/desk/submissions/{id}/{verb}/", form)
                refused(asked, "indicators.no_such_submission", 404)


@pytest.mark.parametrize("who", OTHERS)
def test_the_same_words_for_hidden_and_missing(who: str, sent: SubmissionView) -> None:
    token = token_of(who, "read")
    hidden = call(token, f"/api/v1/submissions/{sent.id}").en.json()
    missing = call(token, f"/api/v1/submissions/{sent.id + 1000}").en.json()
    assert hidden["detail"].replace(str(sent.id), "N") == missing["detail"].replace(
        str(sent.id + 1000), "N"
    )


@pytest.mark.parametrize("who", OTHERS)
def test_lists_and_journal_tell_nothing(who: str, sent: SubmissionView) -> None:
    token = token_of(who, "read")
    assert call(token, "/api/v1/submissions").en.json()["items"] == []
    for path in ("/desk/", "/desk/?state=pending", f"/desk/journal/?subject=submission:{sent.id}"):
        for answer in ask(who, path).both:
            assert answer.status_code == 200
            assert "内部线索" not in words(answer)
            assert f"/desk/submissions/{sent.id}/" not in words(answer)


@pytest.mark.parametrize("who", ["", *OTHERS])
def test_a_pending_figure_is_nowhere_public(who: str, sent: SubmissionView) -> None:
    problem(call("", "/api/v1/observations/hidden-1"), "indicators.no_such_observation", 404)
    for path in ("/indicators/core_va/", "/indicators/core_va/series.csv", "/targets/T01/"):
        assert "内部线索" not in words(ask(who, path).zh)


@pytest.mark.parametrize("who", OTHERS)
def test_a_figure_of_others_is_not_corrected_nor_withdrawn(who: str) -> None:
    standing = selectors.series("core_va", "330000").points[-1]
    path = f"/desk/figures/{standing.id}/"
    form = {**figure(period=str(standing.period)), "base_revision": str(standing.revision)}
    token = token_of(who, "read", "write")
    with untouched():
        refused(ask(who, path, form), "indicators.not_your_figure", 403)
        asked = ask(who, f"{path}withdraw/", {"base_revision": standing.revision, "note": "x"})
        refused(asked, "indicators.not_your_figure", 403)
        refused(ask(who, "/desk/figures/new/", figure()), "indicators.not_your_figure", 403)
        asked = call(token, "/api/v1/submissions", observation())
        problem(asked, "indicators.not_your_figure", 403)
        asked = call(
            token,
            f"/api/v1/observations/{standing.id}/withdrawal",
            {"base_revision": standing.revision},
        )
        problem(asked, "indicators.not_your_figure", 403)


def test_a_sheet_with_one_row_of_another_place_is_refused_whole() -> None:
    rows = [figure(division="330100"), figure(division="330000", period="2020")]
    with untouched():
        asked = ask("hangzhou", "/desk/sheets/", {"sheet": csv_file(rows)})
    refused(asked, "indicators.rows_invalid", 422)
    for answer in asked.both:
        assert 'class="number">3</th>' in words(answer)
        assert 'class="number">2</th>' not in words(answer)


def test_a_known_id_does_not_move_a_figure_to_oneself() -> None:
    """Naming another department's figure by id, with one's own indicator and place."""
    standing = selectors.series("core_va", "330000").points[-1]
    mine = {**figure(division="330100", id=standing.id), "base_revision": "1"}
    token = token_of("hangzhou", "read", "write")
    with untouched():
        asked = ask("hangzhou", "/desk/sheets/", {"sheet": csv_file([mine_row(mine)])})
        refused(asked, "indicators.rows_invalid", 422)
        row = mine_row(mine)
        for body in ({"observation": row}, {"observation": row, "base_revision": 1}):
            asked = call(token, "/api/v1/submissions", body)
            assert asked.en.status_code in {403, 409}, asked.en.content


def mine_row(mine: dict[str, str]) -> dict[str, str]:
    return {k: v for k, v in mine.items() if k != "base_revision"}


@pytest.mark.parametrize("who", ["officer", "hangzhou", "citizen"])
def test_who_may_not_overrule(who: str) -> None:
    form = {"verdict": "not_met", "reason": "口径", "title": "会议纪要"}
    with untouched():
        asked = ask(who, "/desk/targets/T01/overrule/", form)
        refused(asked, "indicators.may_not_overrule", 403)
        asked = ask(who, "/desk/targets/T01/overrule/withdraw/", {"reason": "x"})
        refused(asked, "indicators.may_not_overrule", 403)


def test_four_eyes_at_every_door() -> None:
    form = figure(division="330100")
    own = services.submit_observation(actor_of_account("hangzhou"), form)
    token = token_of("hangzhou", "read", "write")
    with untouched():
        for verb in ("approve", "reject"):
            asked = ask(
                "hangzhou", f"/desk/submissions/{own.id}/{verb}/", {"version": "1", "reason": "x"}
            )
            refused(asked, "indicators.four_eyes", 403)
        asked = call(token, f"/api/v1/submissions/{own.id}/approve", {"version": 1})
        problem(asked, "indicators.four_eyes", 403)


def test_a_colleague_without_the_role_may_look_and_not_decide(sent: SubmissionView) -> None:
    assert ask("colleague", f"/desk/submissions/{sent.id}/").zh.status_code == 200
    with untouched():
        asked = ask("colleague", f"/desk/submissions/{sent.id}/approve/", {"version": "1"})
        refused(asked, "indicators.not_approver", 403)
        asked = ask("colleague", f"/desk/submissions/{sent.id}/withdraw/", {})
        refused(asked, "indicators.not_your_submission", 403)


@pytest.mark.parametrize(
    "path",
    ["/desk/", "/desk/figures/new/", "/desk/sheets/", "/desk/journal/", "/desk/tokens/"],
)
def test_the_public_is_led_to_the_sign_in(path: str) -> None:
    for answer in ask("", path + "?a=1&b=2").both:
        assert answer.status_code == 302
        assert answer.headers["Location"] == f"/desk/sign-in/?next={path}%3Fa%3D1%26b%3D2"
    with untouched():
        refused(ask("", "/desk/figures/new/", figure()), "sign_in_required", 401)


@pytest.mark.parametrize("id", ["0", "-1", "1.5", "x", "9" * 400, "9" * 5000, "%00", "1'--"])
def test_guessed_numbers(id: str) -> None:
    token = token_of("stranger", "read", "write")
    with untouched():
        for answer in ask("stranger", f"/desk/submissions/{id}/").both:
            assert answer.status_code in {400, 404}
        for answer in call(token, f"/api/v1/submissions/{id}").both:
            assert answer.status_code in {404, 422}
