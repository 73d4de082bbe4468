"""An edition is planned by one person, published by another, corrected by a new one."""

from __future__ import annotations

import stat
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from qiantang.engine.index.bundle import verify
from qiantang.kernel.actors import ANONYMOUS, SYSTEM, Actor, Role
from qiantang.kernel.text import Text
from qiantang.rooms.indices import making, selectors, services, storing
from qiantang.rooms.indices.errors import (
    AlreadyDecided,
    AlreadyPlanned,
    BundleLost,
    EditionUnknown,
    FourEyes,
    KeyLost,
    NoFigures,
    NotApprover,
    NothingPublished,
    NotInside,
    NotYourIndex,
    TextMissing,
)
from qiantang.rooms.indices.models import Edition
from qiantang.rooms.indices.shapes import EditionView
from qiantang.rooms.indices.tests.conftest import FIGURES, KEY, TITLE, form
from qiantang.rooms.journal import selectors as journal
from qiantang.rooms.journal.services import deliver_pending
from qiantang.rooms.shelf.errors import IndexUnknown


def test_what_one_plans_and_another_publishes_is_everybodys(
    planned: EditionView, approver: Actor
) -> None:
    with pytest.raises(NothingPublished):
        selectors.made(ANONYMOUS, KEY)
    services.publish_edition(approver, KEY, planned.number)
    made = selectors.made(ANONYMOUS, KEY)
    assert made.edition is not None
    assert (made.edition.number, made.edition.state) == (1, "published")
    assert made.years == (2018, 2019)
    assert [row.unit for row in selectors.ranking(made)][:2] == ["330100", "330200"]


def test_a_stranger_recomputes_the_bundle(edition: EditionView) -> None:
    view, raw = selectors.bundle(ANONYMOUS, KEY)
    found = verify(raw, selectors.public_key().fingerprint)
    assert found.outcome == "same"
    assert found.bundle.manifest.edition == view.number == 1
    assert found.bundle.manifest.publisher.en == "Bureau of Statistics"
    assert view.fingerprint == found.bundle.key.fingerprint


def test_every_figure_names_its_observation_and_revision(edition: EditionView) -> None:
    made = selectors.made(ANONYMOUS, KEY)
    assert len(made.origins) == len(FIGURES)
    one = next(o for o in made.origins if (o.unit, o.column, o.year) == ("330100", "va", 2019))
    assert (one.kind, one.id, one.revision) == ("observation", "core_va-330100-2019", 1)
    assert one.title == "统计年鉴"


def test_acts_are_in_the_journal_without_secrets(edition: EditionView) -> None:
    entries = journal.entries(SYSTEM).entries
    told = {e.verb: e for e in entries if e.verb.startswith("indices.")}
    assert set(told) == {"indices.edition_planned", "indices.edition_published"}
    assert "PRIVATE" not in str([e.detail for e in entries])


def test_whoever_planned_may_not_publish(
    figures: None, make_actor: Callable[..., Actor], approver: Actor
) -> None:
    both = make_actor("both", Role.OFFICER, Role.APPROVER, at="330000-stats")
    planned = services.plan_edition(both, KEY, title=TITLE)
    with pytest.raises(FourEyes):
        services.publish_edition(both, KEY, planned.number)
    assert services.publish_edition(approver, KEY, planned.number).state == "published"


def test_other_departments_neither_plan_nor_see_nor_decide(
    planned: EditionView, stranger: Actor, citizen: Actor
) -> None:
    for other in (stranger, citizen, ANONYMOUS):
        with pytest.raises(NotYourIndex):
            services.plan_edition(other, KEY, title=TITLE)
        with pytest.raises(EditionUnknown):
            services.publish_edition(other, KEY, planned.number)
        with pytest.raises(EditionUnknown):
            services.discard_edition(other, KEY, planned.number)
        with pytest.raises(EditionUnknown):
            selectors.edition(other, KEY, planned.number)
        with pytest.raises(NotInside):
            selectors.working(other, KEY)
        assert selectors.editions(other, KEY) == ()
        assert selectors.waiting(other) == ()


def test_an_officer_may_not_publish_and_the_machine_may_not_plan(
    planned: EditionView, make_actor: Callable[..., Actor]
) -> None:
    other = make_actor("second", Role.OFFICER, at="330000-stats")
    with pytest.raises(NotApprover):
        services.publish_edition(other, KEY, planned.number)
    with pytest.raises(NotYourIndex):
        services.plan_edition(SYSTEM, KEY, title=TITLE)


def test_auditors_look_inside_and_write_nothing(
    planned: EditionView, make_actor: Callable[..., Actor]
) -> None:
    auditor = make_actor("auditor", Role.AUDITOR, at="330000")
    assert selectors.edition(auditor, KEY, 1).state == "planned"
    assert selectors.working(auditor, KEY).years == (2018, 2019)
    with pytest.raises(NotApprover):
        services.publish_edition(auditor, KEY, 1)


def test_one_edition_is_planned_at_a_time(planned: EditionView, officer: Actor) -> None:
    with pytest.raises(AlreadyPlanned):
        services.plan_edition(officer, KEY, title=TITLE)
    services.discard_edition(officer, KEY, planned.number, "a mistake")
    again = services.plan_edition(officer, KEY, title=TITLE)
    assert again.number == 2
    assert selectors.edition(officer, KEY, 1).decision == "a mistake"


def test_a_decision_is_taken_once(edition: EditionView, approver: Actor) -> None:
    with pytest.raises(AlreadyDecided):
        services.publish_edition(approver, KEY, edition.number)
    with pytest.raises(AlreadyDecided):
        services.discard_edition(approver, KEY, edition.number)


def test_a_correction_is_a_new_edition_and_the_old_one_stays(
    edition: EditionView, officer: Actor, approver: Actor, publish: Callable[..., None]
) -> None:
    before = selectors.bundle(ANONYMOUS, KEY, 1)[1]
    publish(form("core_va", "330200", 2019, "1900", base_revision="1"))
    with pytest.raises(TextMissing):
        services.plan_edition(officer, KEY, title=TITLE, corrects=1)
    with pytest.raises(EditionUnknown):
        services.plan_edition(officer, KEY, title=TITLE, corrects=7, reason="a figure")
    second = services.plan_edition(
        officer, KEY, title=Text("更正版", "Corrected"), corrects=1, reason="Ningbo's figure"
    )
    told = selectors.difference(approver, KEY, second.number)
    assert [(c.unit, c.year, c.column, c.before, c.after) for c in told.figures] == [
        ("330200", 2019, "va", 900.0, 1900.0)
    ]
    assert told.against is not None
    assert (told.against.number, told.recipe, told.structure) == (1, (), ())
    assert "330200" in {row.unit for row in told.rescored}
    assert all(row.score_before != row.score for row in told.rescored)
    services.publish_edition(approver, KEY, second.number)
    assert selectors.edition(ANONYMOUS, KEY).number == 2
    assert selectors.edition(ANONYMOUS, KEY, 1).corrected_by == 2
    assert selectors.bundle(ANONYMOUS, KEY, 1)[1] == before
    corrected = verify(selectors.bundle(ANONYMOUS, KEY, 2)[1])
    assert corrected.bundle.manifest.corrects == 1
    assert corrected.outcome == "same"


def test_an_edition_of_the_same_figures_moves_no_score(
    edition: EditionView, officer: Actor
) -> None:
    again = services.plan_edition(officer, KEY, title=Text("再版", "Again"))
    told = selectors.difference(officer, KEY, again.number)
    assert told.scores
    assert (told.is_empty, told.moved, told.rescored) == (True, 0, ())


def test_an_edition_of_a_past_day_rests_on_what_was_known_then(
    figures: None, officer: Actor
) -> None:
    planned = services.plan_edition(officer, KEY, title=TITLE, as_of=date(2019, 12, 31))
    made = selectors.made(officer, KEY, planned.number)
    assert planned.dated
    assert made.data.times == ()
    assert {o.year for o in made.origins} == {2018}


def test_an_edition_of_a_day_to_come_is_refused(figures: None, officer: Actor) -> None:
    with pytest.raises(TextMissing):
        services.plan_edition(officer, KEY, title=TITLE, as_of=date(2100, 1, 1))


def test_a_changed_figure_is_seen_at_the_index(
    edition: EditionView, officer: Actor, publish: Callable[..., None]
) -> None:
    assert selectors.edition(ANONYMOUS, KEY).outdated == 0
    publish(form("core_va", "330200", 2019, "950", base_revision="1"))
    now = selectors.edition(ANONYMOUS, KEY)
    assert now.outdated == 1
    assert now.outdated_at is not None
    working = selectors.working(officer, KEY)
    frozen = selectors.made(ANONYMOUS, KEY)
    assert 950.0 in working.data.column("va")
    assert 900.0 in frozen.data.column("va")
    publish(form("core_va", "330200", 2019, "900", base_revision="2"))
    assert selectors.edition(ANONYMOUS, KEY).outdated == 0


def test_figures_that_changed_while_an_edition_waited_are_told(
    planned: EditionView, approver: Actor, publish: Callable[..., None]
) -> None:
    publish(form("core_va", "330200", 2019, "950", base_revision="1"))
    services.publish_edition(approver, KEY, planned.number)
    deliver_pending()
    assert selectors.edition(ANONYMOUS, KEY).outdated == 1


def test_a_figure_of_another_indicator_changes_nothing(
    edition: EditionView, publish: Callable[..., None]
) -> None:
    publish(form("core_rev", "330100", 2019, "10000"))
    assert selectors.edition(ANONYMOUS, KEY).outdated == 0


def test_gaps_are_listed_with_their_reason(
    figures: None, officer: Actor, publish: Callable[..., None]
) -> None:
    publish(form("gdp", "330100", 2017, "12000", kind="lower_bound"))
    working = selectors.working(officer, KEY)
    gap = next(g for g in working.gaps if (g.unit, g.column, g.year) == ("330300", "va", 2019))
    assert gap.reason.en == "nothing is published"
    assert len(working.gaps) == 11 * 2 * 2 - len(FIGURES)


def test_without_figures_nothing_can_be_planned(officer: Actor) -> None:
    with pytest.raises(NoFigures):
        services.plan_edition(officer, KEY, title=TITLE)
    with pytest.raises(IndexUnknown):
        services.plan_edition(officer, "no.such", title=TITLE)


@pytest.mark.parametrize("title", [Text("", "x"), Text("x", " "), Text("x" * 301, "x")])
def test_a_title_in_both_languages_is_needed(title: Text, figures: None, officer: Actor) -> None:
    with pytest.raises(TextMissing):
        services.plan_edition(officer, KEY, title=title)


def test_a_bundle_that_was_touched_is_refused(edition: EditionView, settings: Any) -> None:
    path = Path(settings.QIANTANG_EDITIONS) / edition.file
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(BundleLost):
        selectors.made(ANONYMOUS, KEY)
    count, lost = selectors.bundles_kept()
    assert (count, [view.number for view in lost]) == (1, [1])
    path.unlink()
    with pytest.raises(BundleLost):
        selectors.bundle(ANONYMOUS, KEY)


def test_a_touched_bundle_is_not_published(
    planned: EditionView, approver: Actor, settings: Any
) -> None:
    (Path(settings.QIANTANG_EDITIONS) / planned.file).write_bytes(b"")
    with pytest.raises(BundleLost):
        services.publish_edition(approver, KEY, planned.number)
    assert selectors.edition(approver, KEY, 1).state == "planned"


def test_a_crash_after_the_file_leaves_nothing_half_planned(
    figures: None, officer: Actor, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    def fails(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("the machine stops")

    with monkeypatch.context() as patched:
        patched.setattr(Edition, "save", fails)
        with pytest.raises(RuntimeError):
            services.plan_edition(officer, KEY, title=TITLE)
    assert list(Path(settings.QIANTANG_EDITIONS).iterdir())
    assert selectors.editions(officer, KEY) == ()
    assert services.plan_edition(officer, KEY, title=TITLE).number == 1


def test_the_key_is_made_once_and_for_its_owner_alone(settings: Any) -> None:
    first = storing.signer().public
    path = Path(settings.QIANTANG_CREDENTIALS) / storing.KEY_FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert storing.signer().public == first
    path.write_text("gone")
    with pytest.raises(KeyLost) as refused:
        storing.signer()
    assert "gone" not in refused.value.message("en")


def test_rebuilt_editions_are_kept_by_digest(
    edition: EditionView, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = selectors.made(ANONYMOUS, KEY)
    monkeypatch.setattr(making, "index_of", lambda bundle: pytest.fail("built again"))
    assert selectors.made(ANONYMOUS, KEY).index is first.index
    assert first.same_digits
