"""Raw rows and personal fields: for people with a role in the owner, not for its watchers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from qiantang.kernel.actors import ANONYMOUS, SYSTEM, Actor, Role
from qiantang.rooms.catalogue.selectors import sees_values
from qiantang.rooms.people import selectors as people

Make = Callable[..., Actor]


@pytest.fixture
def bureau(tree: None) -> str:
    """The path of the province's bureau of statistics."""
    return people.organisation("330000-stats").path


@pytest.mark.parametrize("role", list(Role))
def test_every_role_in_the_owner_s_organisation_sees_them(
    role: Role, bureau: str, make_actor: Make
) -> None:
    assert sees_values(make_actor("own", role, at="330000-stats"), bureau)


@pytest.mark.parametrize(
    ("role", "sees"),
    [(Role.OFFICER, True), (Role.APPROVER, True), (Role.ADMINISTRATOR, False),
     (Role.AUDITOR, False)],
)  # fmt: skip
@pytest.mark.parametrize("at", ["330000", ""])
def test_from_above_those_who_send_and_decide_see_them(
    role: Role, sees: bool, at: str, bureau: str, make_actor: Make
) -> None:
    assert sees_values(make_actor("above", role, at=at), bureau) is sees


def test_others_do_not_see_them(bureau: str, stranger: Actor, make_actor: Make) -> None:
    idle = make_actor("no-role-yet", at="330000-stats")
    for actor in (ANONYMOUS, stranger, idle):
        assert not sees_values(actor, bureau)
    assert sees_values(SYSTEM, bureau)


def test_a_token_that_may_not_read_does_not_see_them(bureau: str, officer: Actor) -> None:
    assert sees_values(officer, bureau)
    assert not sees_values(replace(officer, token_scopes=frozenset({"write"})), bureau)


def test_what_belongs_to_no_organisation_is_nobody_s_by_accident(
    tree: None, citizen: Actor, officer: Actor
) -> None:
    for actor in (citizen, officer):
        assert not sees_values(actor, "")
