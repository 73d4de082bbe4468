"""The catalogue over the API: found, read, drafted with a token, decided by somebody else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest

from qiantang.doors.api.tests.conftest import Reader
from qiantang.kernel.actors import SYSTEM, Actor, Role
from qiantang.kernel.text import Text
from qiantang.rooms.catalogue import selectors, services
from qiantang.rooms.catalogue.tests.entries import ORIGIN, harvested, taken

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("zone")]
ENTRIES = "/catalogue/entries"


def _content() -> dict[str, Any]:
    return {
        "name": {"zh": "死亡登记信息", "en": "Death registrations"},
        "description": {"zh": "民政部门登记的死亡人员信息，用于养老金核验。", "en": "Deaths."},
        "classes": ["1"],
        "fields": [{"id": "died_on", "name": {"zh": "死亡日期", "en": "Day"}, "type": "date"}],
        "conditions": {"zh": "经审批", "en": "After approval"},
        "cadence": "P1D",
    }


def test_entries_are_found_with_counts_for_every_facet(public: Reader) -> None:
    found = public.get("/catalogue?q=行政区划&size=5").json()
    assert "geography.division" in {item["id"] for item in found["items"]}
    facets = {facet["id"]: facet["values"] for facet in found["facets"]}
    assert {"class", "level", "sharing", "freshness", "origin"} <= set(facets)
    assert sum(value["count"] for value in facets["sharing"]) == found["total"]
    narrowed = public.get("/catalogue?facet=sharing:unconditional&facet=level:province").json()
    assert {item["sharing"] for item in narrowed["items"]} == {"unconditional"}


def test_keywords_and_licences_are_facets_too(public: Reader) -> None:
    licence = Text("许可:甲", "Licence: A")
    taken(("潮汐", "Tides", {"keywords": ("海: 潮|汐", "海"), "licence": licence}))
    asked = {"facet": ["keyword:海: 潮|汐", "licence:许可:甲"]}
    found = public.get(f"/catalogue?{urlencode(asked, doseq=True)}").json()
    assert [item["name"]["zh"] for item in found["items"]] == ["潮汐"]
    facets = {facet["id"]: facet for facet in found["facets"]}
    chosen = {"value": "许可:甲", "name": licence.as_dict(), "count": 1, "chosen": True}
    assert facets["licence"] == {**facets["licence"], "values": [chosen], "further": 0}
    assert [v["value"] for v in facets["keyword"]["values"]] == ["海", "海: 潮|汐"]
    assert facets["keyword"]["further"] == 0


def test_a_wrong_facet_or_order_is_named(public: Reader) -> None:
    assert public.get("/catalogue?facet=colour:red").json()["code"] == "catalogue.facet_unknown"
    assert public.get("/catalogue?sort=price").json()["code"] == "catalogue.sort_unknown"


def test_an_entry_tells_what_it_does_not_say(public: Reader) -> None:
    entry = public.get(f"{ENTRIES}/geography.division").json()
    assert entry["code"]
    assert entry["completeness"] == 100 - sum(m["weight"] for m in entry["missing"])
    assert public.get(f"{ENTRIES}/geography.nothing").status_code == 404


def test_a_draft_becomes_an_entry_when_another_person_publishes_it(
    as_actor: Callable[..., Reader], officer: Actor, approver: Actor, public: Reader
) -> None:
    writer, decider = as_actor(officer), as_actor(approver)
    made = writer.post(ENTRIES, {"owner": "330000-stats", "content": _content()})
    assert made.status_code == 201
    address = made.headers["Location"].removeprefix("/api/v1")
    assert public.get(address).status_code == 404
    edition = made.json()["edition"]
    assert writer.post(f"{address}/publish", {}).status_code == 403
    assert writer.post(f"{address}/submit", {"seen": edition + 7}).status_code == 409
    assert writer.post(f"{address}/submit", {"seen": edition}).status_code == 200
    assert decider.post(f"{address}/publish", {}).json()["status"] == "published"
    assert public.get(address).json()["number"] == 1
    assert public.get("/catalogue?q=死亡登记").json()["total"] == 1
    changes = public.get(f"{address}/difference?older=0&newer=1").json()["changes"]
    assert {"name", "cadence", "fields"} <= {change["attribute"] for change in changes}


def test_the_public_strangers_and_reading_tokens_do_not_write(
    as_actor: Callable[..., Reader], officer: Actor, stranger: Actor, public: Reader
) -> None:
    body = {"owner": "330000-stats", "content": _content()}
    assert public.post(ENTRIES, body).status_code == 403
    assert as_actor(stranger).post(ENTRIES, body).status_code == 403
    assert as_actor(officer, "read").post(ENTRIES, body).status_code == 403


def test_every_wrong_attribute_is_listed(as_actor: Callable[..., Reader], officer: Actor) -> None:
    body = {"owner": "330000-stats", "content": {**_content(), "cadence": "x", "colour": 1}}
    problem = as_actor(officer).post(ENTRIES, body).json()
    assert problem["code"] == "catalogue.content_invalid"
    assert {p["field"] for p in problem["problems"]} == {"cadence", "colour"}


def test_a_conflict_is_settled_by_who_answers_for_the_upstream(
    as_actor: Callable[..., Reader], administrator: Actor, officer: Actor, public: Reader
) -> None:
    ours = selectors.resource(SYSTEM, "geography.division")
    twin = harvested("区划", "Divisions", code=ours.code, division=ours.division)
    services.take_harvested(SYSTEM, ORIGIN, [twin])
    (found,) = public.get("/catalogue/conflicts?upstream=test").json()["items"]
    assert (found["kind"], found["other"], found["may_settle"]) == ("code", ours.id, False)
    address = f"/catalogue/conflicts/{found['id']}/settle"
    said = {"decision": "here", "reason": "本地登记在先"}
    assert as_actor(officer).post(address, said).status_code == 403
    keeper = as_actor(administrator)
    assert keeper.post(address, {"decision": "here", "reason": " "}).status_code == 422
    assert keeper.post(f"/catalogue/conflicts/{found['id'] + 1}/settle", said).status_code == 404
    done = keeper.post(address, said)
    assert (done.status_code, done.json()["decision"]) == (200, "here")
    assert public.get("/catalogue/conflicts").json()["items"] == []
    (settled,) = public.get("/catalogue/conflicts?settled=true").json()["items"]
    assert (settled["decision"], settled["reason"]) == ("here", "")
    assert public.get(f"/catalogue/entries/{found['entry']}").json()["status"] == "retired"


def test_a_withdrawn_entry_is_restored_with_a_reason(
    administrator: Actor, officer: Actor, as_actor: Callable[[Actor], Reader]
) -> None:
    address, keeper = f"{ENTRIES}/geography.division", as_actor(administrator)
    assert keeper.post(f"{address}/restore", {"reason": "误停用"}).status_code == 409
    keeper.post(f"{address}/withdraw", {"reason": "不再采集"})
    assert as_actor(officer).post(f"{address}/restore", {"reason": "误停用"}).status_code == 403
    assert keeper.post(f"{address}/restore", {"reason": " "}).status_code == 422
    done = keeper.post(f"{address}/restore", {"reason": "误停用"})
    assert (done.status_code, done.json()["status"]) == (200, "published")


def test_who_is_offered_an_entry_is_listed_for_both_sides(
    make_actor: Callable[..., Actor], stranger: Actor, public: Reader,
    as_actor: Callable[[Actor], Reader],
) -> None:  # fmt: skip
    owner = selectors.resource(SYSTEM, "geography.division").owner
    giver = as_actor(make_actor("giver", Role.ADMINISTRATOR, at=owner))
    said = {"to": "330000-economy", "reason": "职能划转"}
    assert giver.post(f"{ENTRIES}/geography.division/transfer", said).status_code == 200
    (made,) = giver.get("/catalogue/offers").json()["items"]
    assert {name: made[name] for name in ("entry", "owner", "may_answer", *said)} == {
        "entry": "geography.division", "owner": owner, "may_answer": False, **said,
    }  # fmt: skip
    (received,) = as_actor(stranger).get("/catalogue/offers").json()["items"]
    assert received == {**made, "may_answer": True}
    assert public.get("/catalogue/offers").json()["items"] == []


def test_several_conflicts_are_settled_with_one_decision(
    as_actor: Callable[..., Reader], administrator: Actor, officer: Actor, public: Reader
) -> None:
    twins = [harvested("甲", "A"), harvested("乙", "B")]
    for origin in (ORIGIN, replace(ORIGIN, upstream="other")):
        services.take_harvested(SYSTEM, origin, twins)
    ids = [item["id"] for item in public.get("/catalogue/conflicts").json()["items"]]
    address, said = "/catalogue/conflicts/settle", {"decision": "both", "reason": "内容不同"}
    assert as_actor(officer).post(address, {**said, "conflicts": ids}).status_code == 403
    keeper = as_actor(administrator)
    assert keeper.post(address, {**said, "conflicts": []}).status_code == 422
    missing = keeper.post(address, {**said, "conflicts": [*ids, max(ids) + 1]})
    assert (missing.status_code, missing.json()["code"]) == (404, "catalogue.conflict_unknown")
    assert public.get("/catalogue/conflicts").json()["total"] == 2
    done = keeper.post(address, {**said, "conflicts": ids}).json()["items"]
    assert [(c["id"], c["decision"]) for c in done] == [(id, "both") for id in sorted(ids)]
    assert public.get("/catalogue/conflicts").json()["items"] == []
