"""What the people room refuses, and why."""

from __future__ import annotations

from qiantang.kernel.errors import Conflict, Invalid, NotFound, Refused, SignInRequired
from qiantang.kernel.text import Text


class OrganisationUnknown(NotFound):
    code = "people.organisation_unknown"
    title = Text(zh="没有此机构", en="No such organisation")
    detail = Text(zh="没有编号为“{found}”的机构。", en='There is no organisation "{found}".')


class AccountUnknown(NotFound):
    code = "people.account_unknown"
    title = Text(zh="没有此账号", en="No such account")
    detail = Text(zh="没有账号“{found}”。", en='There is no account "{found}".')


class AlreadyExists(Conflict):
    code = "people.already_exists"
    title = Text(zh="已经存在", en="Already there")
    detail = Text(zh="“{found}”已经存在。", en='"{found}" exists already.')
    hint = Text(
        zh="请使用现有的，或换一个名称。", en="Use the existing one, or choose another name."
    )


class BadOrganisation(Invalid):
    code = "people.bad_organisation"
    title = Text(zh="机构信息有误", en="Malformed organisation")
    detail = Text(zh="机构信息“{found}”有误。", en='The organisation data "{found}" is not right.')
    hint = Text(zh="应为：{expected}。", en="It should be: {expected}.")


class BadRole(Invalid):
    code = "people.bad_role"
    title = Text(zh="角色无效", en="No such role")
    detail = Text(zh="没有角色“{found}”。", en='There is no role "{found}".')
    hint = Text(zh="可选角色：{expected}。", en="Roles: {expected}.")


class BadName(Invalid):
    code = "people.bad_name"
    title = Text(zh="名称无效", en="Name not usable")
    detail = Text(zh="名称“{found}”不可用。", en='The name "{found}" cannot be used.')
    hint = Text(zh="要求：{expected}。", en="Use {expected}.")


class WeakPassword(Invalid):
    """The password does not meet the rules; the password itself is never repeated."""

    code = "people.weak_password"
    title = Text(zh="口令强度不足", en="Password too weak")
    detail = Text(zh="口令不符合要求：{rules}", en="The password is not strong enough: {rules}")
    hint = Text(
        zh="请使用至少 10 个字符、不与个人信息相近且不常见的口令。",
        en="Use at least 10 characters that are neither common nor close to your own data.",
    )


class WrongPassword(SignInRequired):
    code = "people.wrong_password"
    title = Text(zh="登录失败", en="Sign-in failed")
    detail = Text(zh="账号或口令不正确。", en="The account or the password is not right.")
    hint = Text(zh="请检查后重试。", en="Check both and try again.")


class TooManyAttempts(Refused):
    code = "people.too_many_attempts"
    status = 429
    transient = True
    title = Text(zh="尝试次数过多", en="Too many attempts")
    detail = Text(
        zh="此账号从当前地址连续登录失败次数过多。",
        en="Too many failed sign-ins to this account from this address.",
    )
    hint = Text(zh="请在 {seconds} 秒后再试。", en="Try again in {seconds} seconds.")


class TokenInvalid(SignInRequired):
    code = "people.token_invalid"
    title = Text(zh="令牌无效", en="Token not valid")
    detail = Text(zh="访问令牌无效或已撤销。", en="The access token is unknown or revoked.")
    hint = Text(zh="请在工作台申请新的令牌。", en="Issue a new token at the desk.")


class TokenExpired(SignInRequired):
    code = "people.token_expired"
    title = Text(zh="令牌已过期", en="Token expired")
    detail = Text(zh="访问令牌已于 {found} 过期。", en="The access token expired on {found}.")
    hint = Text(zh="请在工作台申请新的令牌。", en="Issue a new token at the desk.")


class TokenUnknown(NotFound):
    code = "people.token_unknown"
    title = Text(zh="没有此令牌", en="No such token")
    detail = Text(zh="没有编号为“{found}”的令牌。", en='There is no token "{found}".')


class BadTokenRequest(Invalid):
    code = "people.bad_token_request"
    title = Text(zh="令牌申请有误", en="Token request not right")
    detail = Text(
        zh="令牌申请中的“{found}”有误。", en='"{found}" in the token request is not right.'
    )
    hint = Text(zh="应为：{expected}。", en="It should be: {expected}.")


class ScopeMissing(Refused):
    code = "people.scope_missing"
    title = Text(zh="令牌权限不足", en="Token lacks the scope")
    detail = Text(zh="此令牌没有“{expected}”权限。", en='This token lacks the scope "{expected}".')
    hint = Text(zh="请使用具有该权限的令牌。", en="Use a token that has it.")


class NotAdministrator(Refused):
    code = "people.not_administrator"
    title = Text(zh="需要管理员", en="Administrators only")
    detail = Text(
        zh="只有“{scope}”的管理员可以进行此操作。",
        en='Only an administrator of "{scope}" may do this.',
    )


class LastAdministrator(Conflict):
    code = "people.last_administrator"
    title = Text(zh="最后一名管理员", en="Last administrator")
    detail = Text(
        zh="这是全区最后一名管理员，不能撤销其角色或停用其账号。",
        en="This is the zone's last administrator; the role and the account must stay.",
    )
    hint = Text(zh="请先任命另一名管理员。", en="Appoint another administrator first.")
