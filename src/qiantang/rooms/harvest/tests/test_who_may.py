"""Who may register, see and harvest upstreams."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from qiantang.kernel.actors import ANONYMOUS, SYSTEM, Actor, Role
from qiantang.kernel.text import Text
from qiantang.rooms.harvest import selectors, services
from qiantang.rooms.harvest.errors import (
    NotKeeper,
    UpstreamExists,
    UpstreamMalformed,
    UpstreamUnknown,
)
from qiantang.rooms.journal import selectors as journal

pytestmark = pytest.mark.django_db
NEW = services.NewUpstream(
    id="ningbo", address="https://data.example.org/catalog.ttl", name=Text("宁波", "Ningbo"),
    owner="330100",
)  # fmt: skip


def test_administrators_of_the_owner_register(hangzhou_admin: Actor) -> None:
    view = services.add_upstream(hangzhou_admin, NEW)
    assert (view.owner, view.active) == ("330100", True)
    assert view.due is not None
    assert selectors.upstreams(hangzhou_admin) == (view,)
    assert journal.entries(SYSTEM).entries[0].verb == "harvest.upstream_added"
    with pytest.raises(UpstreamExists):
        services.add_upstream(hangzhou_admin, NEW)


def test_others_do_not(officer: Actor, stranger: Actor, hangzhou_admin: Actor) -> None:
    reading = replace(hangzhou_admin, token_scopes=frozenset({"read"}))
    for actor in (ANONYMOUS, officer, stranger, reading):
        with pytest.raises(NotKeeper):
            services.add_upstream(actor, NEW)
    with pytest.raises(NotKeeper):
        services.add_upstream(hangzhou_admin, replace(NEW, owner=""))


def test_the_own_network_needs_the_zones_administrator(
    hangzhou_admin: Actor, administrator: Actor
) -> None:
    with pytest.raises(NotKeeper):
        services.add_upstream(hangzhou_admin, replace(NEW, private=True))
    assert services.add_upstream(administrator, replace(NEW, private=True)).private


def test_to_others_an_upstream_does_not_exist(
    hangzhou_admin: Actor, stranger: Actor, make_actor: Callable[..., Actor]
) -> None:
    services.add_upstream(hangzhou_admin, NEW)
    ningbo = make_actor("ningbo-admin", Role.ADMINISTRATOR, at="330200")
    auditor = make_actor("auditor", Role.AUDITOR, at="330100")
    for actor in (ANONYMOUS, stranger, ningbo):
        assert selectors.upstreams(actor) == ()
        for verb in (services.harvest, services.pause_upstream, services.confirm_withdrawals):
            with pytest.raises(UpstreamUnknown):
                verb(actor, "ningbo")
    assert len(selectors.upstreams(auditor)) == 1
    with pytest.raises(NotKeeper):
        services.harvest(auditor, "ningbo")


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": "Ningbo 1"},
        {"address": "ftp://example.org/x"},
        {"address": "file:///etc/passwd"},
        {"address": "https://"},
        {"kind": "sword"},
        {"every_hours": -1},
        {"name": Text("", "")},
    ],
)
def test_a_wrong_description_is_refused(administrator: Actor, wrong: dict[str, object]) -> None:
    with pytest.raises(UpstreamMalformed):
        services.add_upstream(administrator, replace(NEW, **wrong))  # type: ignore[arg-type]
