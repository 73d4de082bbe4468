"""News of the people room."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OrganisationCreated:
    code: str
    path: str


@dataclass(frozen=True, slots=True)
class OrganisationsFounded:
    """Many organisations came into being at once."""

    count: int
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class AccountCreated:
    account: str


@dataclass(frozen=True, slots=True)
class RolesChanged:
    """A role was granted to or withdrawn from an account."""

    account: str


@dataclass(frozen=True, slots=True)
class TokenRevoked:
    """``prefix`` must stop working everywhere."""

    prefix: str
