"""The upstreams' page for those who look after them: what each run met, in words."""

from __future__ import annotations

import pytest
from django.test import Client

from qiantang.kernel.actors import SYSTEM, Actor
from qiantang.rooms.harvest import selectors, services
from qiantang.rooms.harvest.tests.conftest import add
from qiantang.rooms.harvest.tests.upstreams import Upstream, an_entry, passed_through, serving

pytestmark = pytest.mark.django_db
PASSWORD = "correct-horse-battery"


def test_our_own_entries_that_come_back_are_not_called_unreadable(
    zone: None, administrator: Actor, reader: Client
) -> None:
    ours = [passed_through(n, selectors.instance()) for n in (1, 2)]
    with serving(Upstream([*ours, an_entry(3), an_entry(4, division="330206")])) as upstream:
        add(upstream, "xihu", division="330100")
        services.harvest(SYSTEM, "xihu")
    sent = reader.post("/desk/sign-in/", {"username": "admin", "password": PASSWORD})
    assert sent.status_code == 302
    page = reader.get("/catalogue/upstreams/").content.decode()
    assert "2 条是本平台自己的条目" in page
    assert "1 条不在该上游的区划范围内" in page
    assert "未能读取" not in page
    assert "第 1 次" in page
    english = reader.get("/catalogue/upstreams/?lang=en").content.decode()
    assert "2 are our own entries that come back" in english
    (run,) = reader.get("/catalogue/upstreams/?format=json").json()["upstreams"][0]["runs"]
    assert (run["number"], run["counts"]["back"]) == (1, 2)


def test_the_facet_of_origins_calls_an_upstream_by_its_name(
    zone: None, administrator: Actor, reader: Client
) -> None:
    with serving(Upstream([an_entry(1), an_entry(2)])) as upstream:
        add(upstream, "xihu")
        services.harvest(SYSTEM, "xihu")
    assert "西湖区目录" in reader.get("/catalogue/?q=&origin=xihu").content.decode()
    english = reader.get("/catalogue/?q=&origin=xihu&lang=en").content.decode()
    assert "Xihu" in english
    assert ">xihu<" not in english
