"""The people room's verbs: organisations, accounts, roles and tokens come and go here only."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from qiantang.kernel.actors import Actor, Role
from qiantang.kernel.errors import SignInRequired
from qiantang.kernel.text import LANGUAGES, Lang, Text, join
from qiantang.rooms.journal.services import emit, record
from qiantang.rooms.people import policy
from qiantang.rooms.people.errors import (
    AccountUnknown,
    AlreadyExists,
    BadName,
    BadOrganisation,
    BadRole,
    BadTokenRequest,
    LastAdministrator,
    OrganisationUnknown,
    TokenUnknown,
    WeakPassword,
    WrongPassword,
)
from qiantang.rooms.people.events import (
    AccountCreated,
    OrganisationCreated,
    RolesChanged,
    TokenRevoked,
)
from qiantang.rooms.people.models import Account, Membership, Organisation, Token
from qiantang.rooms.people.selectors import (
    TOKEN_MARK,
    AccountView,
    OrganisationView,
    account_view,
    organisation_view,
    token_digest,
)

TOKEN_SCOPES: Final = ("read", "write")
LONGEST_TOKEN: Final = timedelta(days=366)
_DIVISION: Final = re.compile(r"\d{6}")
_DEPARTMENT: Final = re.compile(r"[a-z][a-z0-9-]{0,39}")
_PASSWORD_RULES: Final = {
    "password_too_short": Text(zh="至少 10 个字符。", en="It has fewer than 10 characters."),
    "password_too_common": Text(zh="不能是常见口令。", en="It is a common password."),
    "password_entirely_numeric": Text(zh="不能全是数字。", en="It is all digits."),
    "password_too_similar": Text(
        zh="不能与账号或姓名相近。", en="It is too close to the account's name or the person's."
    ),
}
_OTHER_RULE: Final = Text(zh="不符合口令规则。", en="It breaks a rule for passwords.")
_USERNAME: Final = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9._-]{1,59}")


@transaction.atomic
def create_organisation(
    actor: Actor, division: str, name: Text, *, department: str = "", parent: str = ""
) -> OrganisationView:
    """Add a government (no ``department``) or a department of a division's government.

    ``parent`` is the code of the government above; a department's defaults to its division's
    government. Raises `NotAdministrator`, `OrganisationUnknown`, `BadOrganisation`,
    `AlreadyExists`.
    """
    code = f"{division}-{department}" if department else division
    above = _organisation_row(parent or division) if (parent or department) else None
    policy.require_administrator(actor, above.path if above else "", _named(above))
    check_organisation(division, department, name)
    if Organisation.objects.filter(pk=code).exists():
        raise AlreadyExists(found=code)
    row = Organisation.objects.create(
        code=code,
        kind=Organisation.Kind.DEPARTMENT if department else Organisation.Kind.GOVERNMENT,
        name_zh=name.zh,
        name_en=name.en,
        division=division,
        department=department,
        parent=above,
        path=f"{above.path if above else '/'}{code}/",
    )
    record(actor, "people.organisation_created", f"organisation:{code}", {"path": row.path})
    emit(OrganisationCreated(code, row.path))
    return organisation_view(row)


@transaction.atomic
def create_account(
    actor: Actor,
    username: str,
    password: str,
    *,
    name: Text,
    organisation: str = "",
    language: Lang = "zh",
) -> AccountView:
    """Open an account; without an organisation it is a citizen's.

    Raises `NotAdministrator`, `BadName`, `WeakPassword`, `AlreadyExists`, `OrganisationUnknown`.
    """
    home = _organisation_row(organisation) if organisation else None
    policy.require_administrator(actor, home.path if home else "", _named(home))
    if not _USERNAME.fullmatch(username):
        expected = Text(
            zh="2—60 位字母、数字、点、连字符或下划线", en="2-60 letters, digits, . - or _"
        )
        raise BadName(found=username, expected=expected)
    if Account.objects.filter(username__iexact=username).exists():
        raise AlreadyExists(found=username)
    row = Account(
        username=username,
        name_zh=name.zh,
        name_en=name.en,
        organisation=home,
        language=_language(language),
    )
    _set_password(row, password)
    row.save()
    record(actor, "people.account_created", f"user:{row.pk}", {"organisation": organisation})
    emit(AccountCreated(f"user:{row.pk}"))
    return account_view(row)


@transaction.atomic
def close_account(actor: Actor, username: str) -> None:
    """Stop an account from signing in and its tokens from working; nothing is deleted."""
    row = _account_row(actor, username)
    _administered(actor, row)
    if row.is_active and _is_last_administrator(row):
        raise LastAdministrator
    row.is_active = False
    row.save(update_fields=["is_active"])
    record(actor, "people.account_closed", f"user:{row.pk}")
    for prefix in row.tokens.filter(revoked_at__isnull=True).values_list("prefix", flat=True):
        emit(TokenRevoked(prefix))


@transaction.atomic
def change_password(actor: Actor, old: str, new: str) -> None:
    """A person's own new password. Raises `WrongPassword`, `WeakPassword`."""
    row = _own_account(actor)
    if not row.check_password(old):
        raise WrongPassword
    _set_password(row, new)
    row.save(update_fields=["password"])
    record(actor, "people.own_password_changed", f"user:{row.pk}")


@transaction.atomic
def reset_password(actor: Actor, username: str, new: str) -> None:
    """An administrator's new password for somebody who lost theirs."""
    row = _account_row(actor, username)
    _administered(actor, row)
    _set_password(row, new)
    row.save(update_fields=["password"])
    record(actor, "people.password_reset", f"user:{row.pk}")


@transaction.atomic
def grant_role(actor: Actor, username: str, role: Role | str, organisation: str = "") -> None:
    """Give a role in an organisation and below; no organisation means the whole zone.

    Granting what is held already changes nothing. Only an administrator of that organisation may.
    """
    home = _organisation_row(organisation) if organisation else None
    policy.require_administrator(actor, home.path if home else "", _named(home))
    row, held = _any_account(username), _role(role)
    _, created = Membership.objects.get_or_create(account=row, organisation=home, role=held)
    if created:
        detail = {"role": held.value, "organisation": organisation}
        record(actor, "people.role_granted", f"user:{row.pk}", detail)
        emit(RolesChanged(f"user:{row.pk}"))


@transaction.atomic
def withdraw_role(actor: Actor, username: str, role: Role | str, organisation: str = "") -> None:
    """Take a role back. Raises `LastAdministrator` when nobody could administer the zone after."""
    home = _organisation_row(organisation) if organisation else None
    policy.require_administrator(actor, home.path if home else "", _named(home))
    row, held = _any_account(username), _role(role)
    found = Membership.objects.filter(account=row, organisation=home, role=held)
    if not found.exists():
        return
    if held is Role.ADMINISTRATOR and home is None and _is_last_administrator(row):
        raise LastAdministrator
    found.delete()
    detail = {"role": held.value, "organisation": organisation}
    record(actor, "people.role_withdrawn", f"user:{row.pk}", detail)
    emit(RolesChanged(f"user:{row.pk}"))


@transaction.atomic
def issue_token(actor: Actor, name: str, scopes: Iterable[str] = ("read",), days: int = 90) -> str:
    """A new token for the actor's own account; the answer is the only time it is shown.

    ``days`` until it expires, 1 to 366. A token cannot be made with a token.
    """
    row = _own_account(actor)
    wanted = sorted(set(scopes))
    _check_token(name, wanted, days)
    prefix = secrets.token_hex(4)
    raw = f"{TOKEN_MARK}_{prefix}_{secrets.token_urlsafe(32)}"
    token = Token.objects.create(
        account=row,
        name=name.strip(),
        prefix=prefix,
        digest=token_digest(raw),
        scopes=wanted,
        expires_at=datetime.now(UTC) + timedelta(days=days),
    )
    detail = {"scopes": wanted, "days": days, "prefix": prefix}
    record(actor, "people.token_issued", f"token:{token.pk}", detail)
    return raw


@transaction.atomic
def revoke_token(actor: Actor, id: int) -> None:
    """End a token at once: one's own, or one of a person the actor administers."""
    policy.require_scope(actor, "write")
    token = Token.objects.filter(policy.tokens_visible_to(actor), pk=id).first()
    if token is None:
        raise TokenUnknown(found=id)
    if token.revoked_at is None:
        token.revoked_at = datetime.now(UTC)
        token.save(update_fields=["revoked_at"])
        record(actor, "people.token_revoked", f"token:{token.pk}", {"prefix": token.prefix})
        emit(TokenRevoked(token.prefix))


@transaction.atomic
def change_language(actor: Actor, language: Lang) -> None:
    """Keep the language a person reads in."""
    row = _own_account(actor)
    row.language = _language(language)
    row.save(update_fields=["language"])
    record(actor, "people.language_changed", f"user:{row.pk}", {"language": row.language})


def check_organisation(division: str, department: str, name: Text) -> None:
    if not _DIVISION.fullmatch(division):
        expected = Text(zh="六位行政区划代码", en="a six-digit division code")
        raise BadOrganisation(found=division, expected=expected)
    if department and not _DEPARTMENT.fullmatch(department):
        expected = Text(zh="小写字母、数字和连字符", en="lower-case letters, digits and hyphens")
        raise BadOrganisation(found=department, expected=expected)
    if not name.zh.strip() or not name.en.strip():
        expected = Text(zh="中英文名称均不为空", en="a name in Chinese and in English")
        raise BadOrganisation(found=f"{name.zh}|{name.en}", expected=expected)


def _check_token(name: str, scopes: list[str], days: int) -> None:
    if not name.strip() or len(name) > 80:
        expected = Text(zh="1—80 个字符的名称", en="a name of 1-80 characters")
        raise BadTokenRequest(found=name[:80], expected=expected)
    if not scopes or any(scope not in TOKEN_SCOPES for scope in scopes):
        raise BadTokenRequest(found=", ".join(scopes), expected=", ".join(TOKEN_SCOPES))
    if not 1 <= days <= LONGEST_TOKEN.days:
        raise BadTokenRequest(found=days, expected=f"1-{LONGEST_TOKEN.days}")


def _set_password(row: Account, password: str) -> None:
    try:
        validate_password(password, row)
    except ValidationError as error:
        broken = [_PASSWORD_RULES.get(e.code or "", _OTHER_RULE) for e in error.error_list]
        raise WeakPassword(rules=join(broken)) from None
    row.set_password(password)


def _role(role: Role | str) -> Role:
    try:
        return Role(role)
    except ValueError:
        raise BadRole(found=role, expected=", ".join(Role)) from None


def _language(language: str) -> Lang:
    known = next((lang for lang in LANGUAGES if lang == language), None)
    if known is None:
        raise BadName(found=language, expected=" / ".join(LANGUAGES))
    return known


def _organisation_row(code: str) -> Organisation:
    row = Organisation.objects.filter(pk=code).first()
    if row is None:
        raise OrganisationUnknown(found=code)
    return row


def _named(row: Organisation | None) -> Text | None:
    return Text(row.name_zh, row.name_en) if row else None


def _any_account(username: str) -> Account:
    """An account by name, for an administrator of an organisation who appoints somebody there."""
    row = Account.objects.filter(username=username).first()
    if row is None:
        raise AccountUnknown(found=username)
    return row


def _account_row(actor: Actor, username: str) -> Account:
    """An account the actor may know of; to everybody else it does not exist."""
    row = Account.objects.filter(policy.accounts_visible_to(actor), username=username).first()
    if row is None:
        raise AccountUnknown(found=username)
    return row


def _administered(actor: Actor, row: Account) -> None:
    """The account's home and every scope of its roles: whoever takes an account takes its roles."""
    homes = [row.organisation]
    homes += [m.organisation for m in row.memberships.select_related("organisation")]
    for home in homes:
        policy.require_administrator(actor, home.path if home else "", _named(home))


def _own_account(actor: Actor) -> Account:
    """The account behind a signed-in session; a token may not change its own account."""
    number = policy.account_id(actor)
    row = Account.objects.filter(pk=number, is_active=True).first() if number else None
    if row is None or actor.token:
        raise SignInRequired
    return row


def _is_last_administrator(row: Account) -> bool:
    zone_wide = Membership.objects.filter(
        role=Role.ADMINISTRATOR, organisation__isnull=True, account__is_active=True
    )
    held = zone_wide.filter(account=row).exists()
    return held and not zone_wide.exclude(account=row).exists()
