"""Signing in and out, and one's own password."""

from __future__ import annotations

from django.contrib.auth import login, logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from qiantang.doors.desk.pages import desk_page, say, signed_in
from qiantang.doors.portal.answers import actor_of
from qiantang.doors.portal.language import language_of
from qiantang.kernel.errors import Invalid, QiantangError
from qiantang.kernel.text import Text
from qiantang.rooms.people import services as people
from qiantang.rooms.people.errors import TooManyAttempts, WeakPassword, WrongPassword
from qiantang.rooms.people.signin import sign_in as checked_account


class PasswordsDiffer(Invalid):
    code = "desk.passwords_differ"
    title = Text(zh="两次输入不一致", en="The two entries differ")
    detail = Text(zh="两次输入的新口令不一致。", en="The new password was typed differently.")
    hint = Text(zh="请重新输入两次。", en="Type it twice again.")


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in form; afterwards the page that asked for it, else the inbox."""
    goal = _goal(request)
    if request.method != "POST":
        return desk_page(request, "desk/sign_in.html", {"next": goal})
    name = request.POST.get("username", "").strip()
    try:
        account = checked_account(name, request.POST.get("password", ""), request)
    except (WrongPassword, TooManyAttempts) as error:
        context = {"next": goal, "username": name, "problem": error.problem(language_of(request))}
        return desk_page(request, "desk/sign_in.html", context, status=error.status)
    login(request, account)
    return redirect(goal)


def _goal(request: HttpRequest) -> str:
    asked = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return asked if safe else "/desk/"


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("portal:home")


@sensitive_post_parameters()
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """One's own password: the old one once, the new one twice."""
    if request.method != "POST":
        return desk_page(request, "desk/password.html", {})
    old, new, again = (request.POST.get(k, "") for k in ("old", "new", "again"))
    try:
        if new != again:
            raise PasswordsDiffer()
        people.change_password(actor_of(request), old, new)
    except (PasswordsDiffer, WrongPassword, WeakPassword) as error:
        return _refused(request, error)
    # The session stays; every other session of the account ends.
    account = request.user
    assert account.is_authenticated
    account.refresh_from_db()
    update_session_auth_hash(request, account)
    say(request, Text("口令已更改。", "Your password is changed."))
    return redirect("desk:inbox")


def _refused(request: HttpRequest, error: QiantangError) -> HttpResponse:
    status = 422 if error.status == 401 else error.status
    problem = error.problem(language_of(request))
    return desk_page(request, "desk/password.html", {"problem": problem}, status=status)
