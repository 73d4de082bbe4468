"""Who acts: the value that every service and every read takes first.

The people room makes actors from accounts and tokens; the rooms below and above only read them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from qiantang.kernel.text import Text


class Role(StrEnum):
    """What a person does in an organisation and everything below it."""

    OFFICER = "officer"
    APPROVER = "approver"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


@dataclass(frozen=True, slots=True)
class Grant:
    """A role within one organisation and its descendants.

    ``scope`` is the organisation's path, such as ``/330000/330100/330100-stats/``; the empty
    path is the whole zone.
    """

    role: Role
    scope: str

    def covers(self, path: str) -> bool:
        return path.startswith(self.scope)


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, a token or the system itself. ``key`` is stable: ``user:7``, ``system``.

    ``organisation`` is the code of the actor's own organisation (``330000-stats``), ``path`` its
    place in the tree (``/330000/330000-stats/``); both empty for a citizen and the system.
    """

    key: str
    name: Text
    grants: frozenset[Grant] = frozenset()
    organisation: str = ""
    token: str = ""
    token_scopes: frozenset[str] | None = None
    path: str = ""

    @property
    def is_anonymous(self) -> bool:
        return self.key == "anonymous"

    @property
    def is_system(self) -> bool:
        return self.key == "system"

    def has(self, role: Role, path: str) -> bool:
        """Whether the role is held for the organisation at ``path``."""
        return any(g.role is role and g.covers(path) for g in self.grants)

    def scopes(self, role: Role) -> tuple[str, ...]:
        """The paths in which the role is held, for query predicates."""
        return tuple(sorted(g.scope for g in self.grants if g.role is role))

    def may_use(self, scope: str) -> bool:
        """Whether the credential allows ``scope`` (``read``, ``write``); a session allows all."""
        return self.token_scopes is None or scope in self.token_scopes


ANONYMOUS: Final = Actor(key="anonymous", name=Text("公众", "Public"))
SYSTEM: Final = Actor(
    key="system",
    name=Text("系统", "System"),
    grants=frozenset(Grant(role, "") for role in (Role.ADMINISTRATOR,)),
)
