"""Taking an upstream's entries: the whole, what changed, what is gone, what is not taken."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from qiantang.kernel.actors import ANONYMOUS, SYSTEM
from qiantang.rooms.catalogue import selectors as catalogue
from qiantang.rooms.catalogue.selectors import feeds
from qiantang.rooms.harvest import running, selectors, services, workers
from qiantang.rooms.harvest.errors import NothingToConfirm, UpstreamIsHere
from qiantang.rooms.harvest.tests.conftest import add
from qiantang.rooms.harvest.tests.upstreams import Upstream, an_entry, passed_through, serving
from qiantang.rooms.shelf.workers import Workers

pytestmark = pytest.mark.django_db


def titles() -> dict[str, str]:
    views = feeds.feed_page(ANONYMOUS, size=1000)
    return {v.origin.upstream_id: v.name.zh for v in views if v.origin}


def test_every_entry_comes_with_its_provenance(county: Upstream) -> None:
    run = services.harvest(SYSTEM, "xihu")
    assert (run.state, run.pages, run.seen, run.counts["new"]) == ("done", 3, 25, 25)
    assert titles() == {e.identifier: e.title.zh for e in county.entries}
    view = next(v for v in feeds.feed_page(ANONYMOUS, size=1000) if v.name.zh == "渔港7")
    assert view.origin is not None
    assert view.origin.code == "xihu"
    assert view.origin.passage[0]["instance"] == "urn:uuid:county"
    assert (view.provider.zh, view.division, view.sharing) == (
        "西湖区统计局", "330106", "unconditional",
    )  # fmt: skip
    assert [f["id"] for f in view.fields] == ["n"]
    assert catalogue.search(ANONYMOUS, "渔港7").hits[0].name.zh == "渔港7"


def test_a_second_run_takes_only_what_changed(county: Upstream) -> None:
    services.harvest(SYSTEM, "xihu")
    county.entries[3] = an_entry(3, title="新渔港")
    county.entries.append(an_entry(99))
    run = services.harvest(SYSTEM, "xihu")
    assert {k: n for k, n in run.counts.items() if n} == {"same": 24, "changed": 1, "new": 1}
    assert titles()[county.entries[3].identifier] == "新渔港"


def test_an_unchanged_catalogue_costs_one_question(county: Upstream) -> None:
    services.harvest(SYSTEM, "xihu")
    county.asked.clear()
    run = services.harvest(SYSTEM, "xihu")
    assert (run.state, run.seen, len(county.asked)) == ("done", 0, 1)
    assert len(titles()) == 25


def test_what_is_gone_upstream_is_withdrawn_and_may_come_back(county: Upstream) -> None:
    services.harvest(SYSTEM, "xihu")
    gone = [county.entries.pop() for _ in range(3)]
    run = services.harvest(SYSTEM, "xihu")
    assert (run.gone, run.counts["withdrawn"]) == (3, 3)
    assert len(titles()) == 22
    county.entries += gone
    services.harvest(SYSTEM, "xihu")
    assert len(titles()) == 25


def test_when_much_is_gone_somebody_must_say_so(county: Upstream) -> None:
    services.harvest(SYSTEM, "xihu")
    with pytest.raises(NothingToConfirm):
        services.confirm_withdrawals(SYSTEM, "xihu")
    del county.entries[10:]
    run = services.harvest(SYSTEM, "xihu")
    assert (run.state, run.gone) == ("stopped", 15)
    assert len(titles()) == 25
    confirmed = services.confirm_withdrawals(SYSTEM, "xihu")
    assert (confirmed.state, confirmed.counts["withdrawn"]) == ("done", 15)
    assert len(titles()) == 10


def test_what_was_made_here_does_not_come_back(county: Upstream) -> None:
    county.entries += [passed_through(50, selectors.instance()), passed_through(51, "urn:uuid:x")]
    run = services.harvest(SYSTEM, "xihu")
    assert run.counts["back"] == 1
    assert "urn:qiantang:330106:data.r00050" not in titles()
    assert "urn:qiantang:330106:data.r00051" in titles()
    assert "harvest.back" in {p["code"] for p in run.problems}


def test_the_catalogue_itself_is_no_upstream(county: Upstream) -> None:
    county.instance = selectors.instance()
    with pytest.raises(UpstreamIsHere):
        services.harvest(SYSTEM, "xihu")
    assert titles() == {}


def test_an_upstream_speaks_for_its_own_division_only(tree: None) -> None:
    entries = [an_entry(1), an_entry(2, division="330203"), an_entry(3, division="")]
    with serving(Upstream(entries)) as city:
        add(city, "hangzhou", division="330100")
        run = services.harvest(SYSTEM, "hangzhou")
    assert run.counts["outside"] == 1
    assert sorted(titles()) == [entries[0].identifier, entries[2].identifier]


def test_two_upstreams_with_one_identifier_are_a_conflict_that_is_shown(county: Upstream) -> None:
    services.harvest(SYSTEM, "xihu")
    with serving(Upstream([an_entry(4, title="别处的渔港")], instance="urn:uuid:b")) as other:
        add(other, "other")
        run = services.harvest(SYSTEM, "other")
    assert run.counts["conflict"] == 1
    assert run.problems[0]["code"] == "harvest.conflict"
    named = {v.origin.code: v.name.zh for v in feeds.feed_page(ANONYMOUS, size=1000)
             if v.origin and v.origin.upstream_id.endswith("r00004")}  # fmt: skip
    assert named["xihu"] == "渔港4"


def test_a_bad_dataset_is_told_and_stops_no_other(county: Upstream) -> None:
    from qiantang.kernel.text import Text

    county.entries[2] = replace(county.entries[2], title=Text("", ""), description=Text("", ""))
    run = services.harvest(SYSTEM, "xihu")
    assert (run.state, run.counts["unread"], len(titles())) == ("done", 1, 24)
    assert run.problems[0]["code"] == "dcat.no_title"


def test_due_upstreams_are_harvested_and_a_broken_one_stops_no_other(county: Upstream) -> None:
    with serving(Upstream([], instance="urn:uuid:b")) as broken:
        broken.fault = lambda *_: (404, {}, b"")
        add(broken, "broken")
        runs = services.harvest_due(SYSTEM)
    assert {r.upstream: r.state for r in runs} == {"broken": "failed", "xihu": "done"}
    assert services.harvest_due(SYSTEM) == ()
    assert len(titles()) == 25


def test_a_broken_upstream_is_tried_again_later_and_later(county: Upstream) -> None:
    county.fault = lambda *_: (404, {}, b"")
    waited = []
    for failures in (1, 2, 3):
        services.harvest_due(SYSTEM)
        view = selectors.upstream(SYSTEM, "xihu")
        row = running.Upstream.objects.get()
        assert (view.failures, "404" in view.error.en) == (failures, True)
        assert view.due is not None
        assert services.harvest_due(SYSTEM) == ()
        waited.append((view.due - row.tried_at).total_seconds())
        running.Upstream.objects.update(tried_at=row.tried_at - timedelta(days=1))
    assert waited == [60, 240, 960]
    county.fault = lambda *_: None
    assert [r.state for r in services.harvest_due(SYSTEM)] == ["done"]
    view = selectors.upstream(SYSTEM, "xihu")
    assert (view.failures, view.error.zh) == (0, "")
    services.pause_upstream(SYSTEM, "xihu")
    running.Upstream.objects.update(tried_at=None, harvested_at=None)
    assert services.harvest_due(SYSTEM) == ()


def test_a_stopped_run_is_not_begun_again_at_once(county: Upstream) -> None:
    services.harvest(SYSTEM, "xihu")
    del county.entries[10:]
    assert services.harvest(SYSTEM, "xihu").state == "stopped"
    assert services.harvest_due(SYSTEM) == ()


def test_the_server_starts_a_process_only_when_something_is_due(
    county: Upstream, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[list[str]] = []

    class Child:
        def __init__(self, command: list[str], **_: Any) -> None:
            started.append(command)

        def poll(self) -> int | None:
            return None if len(started) == 1 else 0

    monkeypatch.setattr("qiantang.rooms.shelf.workers.subprocess.Popen", Child)
    monkeypatch.setattr(workers, "_WORKERS", Workers(workers.ARGUMENT))
    settings.QIANTANG_WORKER = ""
    assert not services.wake()
    settings.QIANTANG_WORKER, settings.QIANTANG_ZONE = "qiantang.site.worker", "zone"
    assert services.wake()
    assert started[0][1:] == ["-m", "qiantang.site.worker", "harvest"]
    assert not services.wake(), "one at a time"
    services.harvest(SYSTEM, "xihu")
    started.append([])
    assert not services.wake(), "nothing is due"


def test_a_run_that_nobody_finishes_is_not_disturbed(
    county: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    from qiantang.rooms.harvest.errors import HarvestBusy

    services.harvest(SYSTEM, "xihu", cancelled=lambda: True)
    row = running.HarvestRun.objects.get()
    row.state = "running"
    row.save()
    with pytest.raises(HarvestBusy):
        services.harvest(SYSTEM, "xihu")
    row.worker = row.worker.rpartition(":")[0] + ":999999"
    row.save()
    assert services.harvest(SYSTEM, "xihu").seen == 25


def test_a_conflict_says_whether_the_identifier_or_only_the_code_is_the_same(
    county: Upstream,
) -> None:
    services.harvest(SYSTEM, "xihu")
    same = county.entries[3]
    coded = [an_entry(n, code="1/000001", title=f"港{n}") for n in (50, 51)]
    with serving(Upstream([same, coded[0]], instance="urn:uuid:other")) as other:
        add(other, "other")
        county.entries.append(coded[1])
        services.harvest(SYSTEM, "xihu")
        run = services.harvest(SYSTEM, "other")
    assert run.counts["conflict"] == 2
    said = {p["dataset"]: p["text"]["zh"] for p in run.problems}
    assert "已有此标识符" in said[same.identifier]
    assert "信息资源代码" in said[coded[0].identifier]


def test_a_run_killed_before_its_first_page_ends_when_the_next_begins(county: Upstream) -> None:
    began = datetime.now(UTC)
    dead = running._worker().rpartition(":")[0] + ":999999"
    running.HarvestRun.objects.create(
        upstream_id="xihu", worker=dead, started_at=began, beat_at=began
    )
    assert [r.state for r in selectors.runs(SYSTEM, "xihu")] == ["running"]
    run = services.harvest(SYSTEM, "xihu")
    assert (run.state, run.number, run.seen) == ("done", 2, 25)
    newest, killed = selectors.runs(SYSTEM, "xihu")
    assert (newest.id, newest.number) == (run.id, 2)
    assert (killed.state, killed.error, killed.number) == ("failed", "harvest.abandoned", 1)
    assert killed.finished_at is not None


def test_runs_are_numbered_for_each_upstream(county: Upstream) -> None:
    services.harvest(SYSTEM, "xihu")
    services.harvest(SYSTEM, "xihu")
    with serving(Upstream([an_entry(70)], instance="urn:uuid:other")) as other:
        add(other, "other")
        run = services.harvest(SYSTEM, "other")
    assert (run.number, run.as_json()["number"]) == (1, 1)
    assert [r.number for r in selectors.runs(SYSTEM, "xihu")] == [2, 1]
    assert [r.number for r in selectors.runs(SYSTEM, "xihu", 1)] == [2]
