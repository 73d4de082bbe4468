"""A zone with published figures, and people who are signed in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from qiantang.doors.portal.tests.zone import figure, install, publish
from qiantang.kernel.actors import Actor

SignedIn = Callable[[Actor], Client]
PASSWORD = "correct-horse-battery"


@pytest.fixture
def zone(tree: None, lake_folder: Path) -> None:
    install()


@pytest.fixture
def figures(zone: None, officer: Actor, approver: Actor) -> None:
    publish(officer, approver, figure("X14", "2014", "2854"), figure("X19", "2019", "6228.9"))


@pytest.fixture
def signed_in() -> SignedIn:
    """A browser in which the actor signed in through the form."""

    def sign_in(actor: Actor) -> Client:
        from qiantang.rooms.people.selectors import accounts

        name = next(a.username for a in accounts(actor) if a.key == actor.key)
        client = Client(raise_request_exception=False)
        answer = client.post("/desk/sign-in/", {"username": name, "password": PASSWORD})
        assert answer.status_code == 302
        return client

    return sign_in
