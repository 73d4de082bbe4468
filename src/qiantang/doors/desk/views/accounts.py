"""People and their roles, for those who administer an organisation: each within their own part."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from qiantang.doors.desk.pages import desk_page, say, signed_in, standing
from qiantang.doors.portal.answers import actor_of
from qiantang.doors.portal.language import language_of
from qiantang.kernel.actors import Actor, Role
from qiantang.kernel.errors import Conflict, Invalid, NotFound, Refused
from qiantang.kernel.text import Text
from qiantang.rooms.people import policy, services
from qiantang.rooms.people import selectors as people
from qiantang.rooms.people.errors import NotAdministrator

SHOWN: Final = 100
ROLES: Final = {
    Role.OFFICER: Text("数据专员", "officer"),
    Role.APPROVER: Text("审核员", "approver"),
    Role.ADMINISTRATOR: Text("管理员", "administrator"),
    Role.AUDITOR: Text("审计员", "auditor"),
}
Act = Callable[[Actor, str, dict[str, str]], Text]


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def accounts(request: HttpRequest) -> HttpResponse:
    """The accounts that the actor administers; a new one is opened here, with its first role."""
    actor = actor_of(request)
    if not actor.scopes(Role.ADMINISTRATOR):
        raise NotAdministrator(scope=policy.WHOLE_ZONE)
    context: dict[str, Any] = {"typed": {}}
    status = 200
    if request.method == "POST":
        typed = _typed(request)
        try:
            return _opened(request, actor, typed)
        except (Invalid, Conflict, NotFound, Refused) as error:
            context["problem"], status = error.problem(language_of(request)), error.status
            context["typed"] = {k: v for k, v in typed.items() if k != "password"}
    query = request.GET.get("q", "").strip()
    known = {o.code: o.name for o in people.organisations()}
    found = [a for a in people.accounts(actor) if _matches(a, query, known)]

    def called(code: str) -> Text:
        return known.get(code, Text(code, code))

    context |= {
        "accounts": [
            (a, called(a.organisation), [(r, ROLES[Role(r)], o, called(o)) for r, o in a.roles])
            for a in found[:SHOWN]
        ],
        "homes": [(c, n) for c, path, n in standing() if actor.has(Role.ADMINISTRATOR, path)],
        "total": len(found),
        "q": query,
        "roles": [(role.value, name) for role, name in ROLES.items()],
    }
    return desk_page(request, "desk/accounts.html", context, status=status)


@require_POST
@signed_in
def act(request: HttpRequest, username: str, verb: str) -> HttpResponse:
    """Grant or withdraw a role, set a new password, close an account."""
    done = _ACTS.get(verb)
    if done is None:
        raise NotFound(found=verb[:40])
    say(request, done(actor_of(request), username, _typed(request)))
    return redirect("desk:accounts")


def _opened(request: HttpRequest, actor: Actor, typed: dict[str, str]) -> HttpResponse:
    home, username = typed["organisation"], typed["username"]
    name = Text(typed["name_zh"], typed["name_en"])
    with transaction.atomic():  # an account is not opened without the role that was chosen
        services.create_account(actor, username, typed["password"], name=name, organisation=home)
        if typed["role"]:
            services.grant_role(actor, username, typed["role"], home)
    said = Text("已开设账号 {name}。", "Opened the account {name}.")
    say(request, said.format(name=username))
    return redirect("desk:accounts")


def _typed(request: HttpRequest) -> dict[str, str]:
    names = ("username", "name_zh", "name_en", "organisation", "role")
    typed = {name: request.POST.get(name, "").strip() for name in names}
    return {**typed, "password": request.POST.get("password", "")}


def _matches(account: people.AccountView, query: str, known: Mapping[str, Text]) -> bool:
    home = known.get(account.organisation, Text("", ""))
    names = f"{account.name.zh} {account.name.en} {home.zh} {home.en}"
    words = f"{account.username} {account.organisation} {names}"
    return query.casefold() in words.casefold()


def _grant(actor: Actor, username: str, typed: dict[str, str]) -> Text:
    services.grant_role(actor, username, typed["role"], typed["organisation"])
    return Text("已授予角色。", "The role is granted.")


def _withdraw(actor: Actor, username: str, typed: dict[str, str]) -> Text:
    services.withdraw_role(actor, username, typed["role"], typed["organisation"])
    return Text("已收回角色，立即生效。", "The role is withdrawn at once.")


def _password(actor: Actor, username: str, typed: dict[str, str]) -> Text:
    services.reset_password(actor, username, typed["password"])
    return Text("已重设口令，请当面告知本人。", "The password is set; tell it in person.")


def _close(actor: Actor, username: str, typed: dict[str, str]) -> Text:
    services.close_account(actor, username)
    return Text("已停用账号，其令牌同时失效。", "The account is closed, its tokens with it.")


_ACTS: Final[dict[str, Act]] = {
    "grant": _grant,
    "withdraw": _withdraw,
    "password": _password,
    "close": _close,
}
