"""Organisations, accounts and roles: who may make them, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from conftest import PASSWORD

from qiantang.kernel.actors import ANONYMOUS, SYSTEM, Actor, Grant, Role
from qiantang.kernel.text import Text
from qiantang.rooms.journal import selectors as journal
from qiantang.rooms.people import selectors, services
from qiantang.rooms.people.errors import (
    AccountUnknown,
    AlreadyExists,
    BadName,
    BadOrganisation,
    BadRole,
    LastAdministrator,
    NotAdministrator,
    OrganisationUnknown,
    WeakPassword,
)

pytestmark = pytest.mark.django_db
LI = Text("李明", "Li Ming")


def _last_verb() -> str:
    return journal.entries(SYSTEM).entries[0].verb


def test_the_tree_strings_paths_together(tree: None) -> None:
    bureau = selectors.organisation("330100-stats")
    assert bureau.path == "/330000/330100/330100-stats/"
    assert (bureau.parent, bureau.division, bureau.department) == ("330100", "330100", "stats")
    assert [o.code for o in selectors.organisations("330100")] == ["330100", "330100-stats"]
    assert len(selectors.organisations()) == 7


@pytest.mark.parametrize(
    ("division", "department", "name"),
    [
        ("33010", "", LI),
        ("杭州", "", LI),
        ("330300", "", Text("温州", "")),
        ("330100", "../stats", LI),
        ("330100", "统计", LI),
    ],
)
def test_malformed_organisations_are_refused(
    tree: None, division: str, department: str, name: Text
) -> None:
    with pytest.raises((BadOrganisation, OrganisationUnknown)):
        services.create_organisation(SYSTEM, division, name, department=department, parent="330000")


def test_an_organisation_exists_once_and_below_another(tree: None) -> None:
    with pytest.raises(AlreadyExists):
        services.create_organisation(SYSTEM, "330100", LI, parent="330000")
    with pytest.raises(OrganisationUnknown):
        services.create_organisation(SYSTEM, "330300", LI, parent="339999")
    with pytest.raises(OrganisationUnknown):
        selectors.organisation("339999")


def test_a_city_administrator_adds_departments_to_that_city_only(hangzhou_admin: Actor) -> None:
    made = services.create_organisation(hangzhou_admin, "330100", LI, department="economy")
    assert made.path == "/330000/330100/330100-economy/"
    for division in ("330200", "330000"):
        with pytest.raises(NotAdministrator):
            services.create_organisation(hangzhou_admin, division, LI, department="health")
    with pytest.raises(NotAdministrator):
        services.create_organisation(hangzhou_admin, "340000", LI)


def test_an_account_becomes_an_actor_with_its_organisation(
    make_actor: Callable[..., Actor],
) -> None:
    actor = make_actor("li", Role.OFFICER, at="330100-stats")
    assert actor.organisation == "330100-stats"
    assert actor.path == "/330000/330100/330100-stats/"
    assert actor.grants == {Grant(Role.OFFICER, actor.path)}
    assert actor.token_scopes is None
    assert selectors.names([actor.key, "system", "user:999"]).keys() == {actor.key, "system"}


def test_a_citizen_has_no_role_and_no_organisation(citizen: Actor) -> None:
    assert (citizen.grants, citizen.organisation, citizen.path) == (frozenset(), "", "")
    assert not citizen.is_anonymous


@pytest.mark.parametrize("password", ["k7#xq", "1234567890123", "password123", "zhangwei-88"])
def test_weak_passwords_are_refused_and_never_repeated(tree: None, password: str) -> None:
    with pytest.raises(WeakPassword) as refused:
        services.create_account(SYSTEM, "zhangwei", password, name=Text("张伟", "zhangwei-88"))
    said = refused.value
    assert password not in said.message("zh") + said.message("en")
    assert said.text().zh.isascii() is False
    assert "It " not in said.text().zh
    assert selectors.account(SYSTEM, "zhangwei") is None


@pytest.mark.parametrize("username", ["", "x", "李明", "a b", "-li", "a" * 61, "li<script>"])
def test_account_names_are_plain(tree: None, username: str) -> None:
    with pytest.raises(BadName):
        services.create_account(SYSTEM, username, PASSWORD, name=LI)


def test_account_names_differ_by_more_than_case(tree: None) -> None:
    services.create_account(SYSTEM, "LiMing", PASSWORD, name=LI)
    with pytest.raises(AlreadyExists):
        services.create_account(SYSTEM, "liming", PASSWORD, name=LI)


def test_a_city_administrator_opens_accounts_of_that_city_only(hangzhou_admin: Actor) -> None:
    made = services.create_account(
        hangzhou_admin, "wang", PASSWORD, name=LI, organisation="330100-stats"
    )
    assert _last_verb() == "people.account_created"
    assert selectors.account(hangzhou_admin, "wang") == made
    for elsewhere in ("330200-stats", "330000", ""):
        with pytest.raises(NotAdministrator):
            services.create_account(
                hangzhou_admin, "zhao", PASSWORD, name=LI, organisation=elsewhere
            )


def test_others_accounts_are_not_seen(
    hangzhou_admin: Actor, officer: Actor, citizen: Actor
) -> None:
    assert [a.username for a in selectors.accounts(hangzhou_admin)] == ["hangzhou"]
    assert [a.username for a in selectors.accounts(officer)] == ["officer"]
    assert selectors.accounts(ANONYMOUS) == ()
    assert len(selectors.accounts(SYSTEM)) == 3


def test_who_was_given_a_role_here_is_seen_here_and_can_be_relieved(
    hangzhou_admin: Actor, officer: Actor
) -> None:
    services.grant_role(hangzhou_admin, "officer", Role.APPROVER, "330100-stats")
    seen = selectors.account(hangzhou_admin, "officer")
    assert seen is not None
    assert (seen.guest, seen.roles) == (True, (("approver", "330100-stats"),))
    for verb in (services.close_account, lambda a, u: services.reset_password(a, u, PASSWORD)):
        with pytest.raises(NotAdministrator):
            verb(hangzhou_admin, "officer")
    whole = selectors.account(SYSTEM, "officer")
    assert whole is not None
    assert (whole.guest, len(whole.roles)) == (False, 2)
    services.withdraw_role(hangzhou_admin, "officer", Role.APPROVER, "330100-stats")
    assert selectors.account(hangzhou_admin, "officer") is None


@pytest.mark.parametrize("who", ["officer", "approver", "citizen", "anonymous"])
def test_only_administrators_grant_roles(
    who: str, request: pytest.FixtureRequest, tree: None
) -> None:
    actor = request.getfixturevalue(who)
    services.create_account(SYSTEM, "li", PASSWORD, name=LI, organisation="330000-stats")
    with pytest.raises(NotAdministrator):
        services.grant_role(actor, "li", Role.APPROVER, "330000-stats")
    assert selectors.actor_of_account("li").grants == frozenset()


def test_an_administrator_grants_below_and_not_beside(
    hangzhou_admin: Actor, officer: Actor
) -> None:
    services.grant_role(hangzhou_admin, "officer", Role.APPROVER, "330100-stats")
    granted = selectors.actor_of_account("officer")
    assert granted.has(Role.APPROVER, "/330000/330100/330100-stats/")
    for elsewhere in ("330200-stats", "330000", ""):
        with pytest.raises(NotAdministrator):
            services.grant_role(hangzhou_admin, "officer", Role.APPROVER, elsewhere)


def test_an_administrator_with_a_reading_token_changes_nothing(administrator: Actor) -> None:
    reading = replace(administrator, token="abc", token_scopes=frozenset({"read"}))
    with pytest.raises(Exception) as refused:
        services.grant_role(reading, "admin", Role.OFFICER, "330000")
    assert refused.value.code == "people.scope_missing"  # type: ignore[attr-defined]


def test_granting_twice_is_journaled_once(officer: Actor) -> None:
    before = journal.head()[0]
    services.grant_role(SYSTEM, "officer", Role.OFFICER, "330000-stats")
    assert journal.head()[0] == before


def test_roles_and_accounts_that_do_not_exist(tree: None, officer: Actor) -> None:
    with pytest.raises(BadRole) as refused:
        services.grant_role(SYSTEM, "officer", "emperor", "330000")
    assert "approver" in refused.value.message("en")
    with pytest.raises(AccountUnknown):
        services.grant_role(SYSTEM, "nobody", Role.OFFICER, "330000")
    with pytest.raises(OrganisationUnknown):
        services.grant_role(SYSTEM, "officer", Role.OFFICER, "339999")


def test_a_withdrawn_role_is_gone_at_once(officer: Actor, hangzhou_admin: Actor) -> None:
    with pytest.raises(NotAdministrator):
        services.withdraw_role(hangzhou_admin, "officer", Role.OFFICER, "330000-stats")
    services.withdraw_role(SYSTEM, "officer", Role.OFFICER, "330000-stats")
    assert selectors.actor_of_account("officer").grants == frozenset()
    assert _last_verb() == "people.role_withdrawn"


def test_the_last_administrator_stays(
    administrator: Actor, make_actor: Callable[..., Actor]
) -> None:
    with pytest.raises(LastAdministrator):
        services.withdraw_role(administrator, "admin", Role.ADMINISTRATOR)
    with pytest.raises(LastAdministrator):
        services.close_account(administrator, "admin")
    make_actor("second", Role.ADMINISTRATOR)
    services.withdraw_role(administrator, "admin", Role.ADMINISTRATOR)
    assert selectors.actor_of_account("admin").grants == frozenset()


def test_a_closed_account_is_nobody(officer: Actor, approver: Actor, hangzhou_admin: Actor) -> None:
    for outsider in (approver, hangzhou_admin):
        with pytest.raises(AccountUnknown):
            services.close_account(outsider, "officer")
    services.close_account(SYSTEM, "officer")
    assert selectors.actor_of_account("officer") == ANONYMOUS


def test_a_language_is_kept(officer: Actor) -> None:
    services.change_language(officer, "en")
    seen = selectors.account(officer, "officer")
    assert seen is not None
    assert seen.language == "en"
    with pytest.raises(BadName):
        services.change_language(officer, "fr")  # type: ignore[arg-type]


def test_an_administrator_below_does_not_take_over_an_account_with_wider_roles(
    hangzhou_admin: Actor, administrator: Actor, make_actor: Callable[..., Actor]
) -> None:
    """A new password is the account: whoever sets it holds all of its roles."""
    make_actor("chief", Role.OFFICER, at="330100-stats")
    services.reset_password(hangzhou_admin, "chief", PASSWORD + "1")
    services.grant_role(administrator, "chief", Role.ADMINISTRATOR)
    with pytest.raises(NotAdministrator):
        services.reset_password(hangzhou_admin, "chief", PASSWORD + "2")
    with pytest.raises(NotAdministrator):
        services.close_account(hangzhou_admin, "chief")
    services.reset_password(administrator, "chief", PASSWORD + "3")
