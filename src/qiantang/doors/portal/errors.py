"""Pages for everything that can go wrong: what happened, the code, and the next step.

``error_page`` answers an error of the house's tree; the functions below it are Django's handlers
(``handler404 = "qiantang.doors.portal.errors.not_found"`` and so on in the site's urls).
"""

from __future__ import annotations

import logging
import re
import secrets
from typing import Any, Final
from urllib.parse import urlencode

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse

from qiantang.doors.portal.answers import render_page, wants_json
from qiantang.doors.portal.language import language_of
from qiantang.kernel.errors import (
    Invalid,
    NotFound,
    QiantangError,
    Refused,
    SignInRequired,
    TooLarge,
    Unavailable,
)
from qiantang.kernel.text import Text

log = logging.getLogger(__name__)
_BROKEN: Final = re.compile("[\x00\ud800-\udfff]")


class NoSuchPage(NotFound):
    code = "portal.no_such_page"
    title = Text(zh="没有这个页面", en="No such page")
    detail = Text(zh="没有找到页面“{found}”。", en='There is no page "{found}".')
    hint = Text(
        zh="请检查网址，或从首页、指标和地区列表中查找。",
        en="Check the address, or start from the home page or one of the lists.",
    )


class BadRequest(Invalid):
    code = "portal.bad_request"
    status = 400
    title = Text(zh="请求无法理解", en="The request could not be understood")
    detail = Text(
        zh="浏览器发来的内容不符合要求。", en="What the browser sent is not in the right form."
    )
    hint = Text(zh="请返回上一页重新操作。", en="Go back and try again.")


class UnreadableText(Invalid):
    code = "portal.unreadable_text"
    status = 400
    title = Text(zh="文字中有无法保存的字符", en="A character that no text can keep")
    detail = Text(
        zh="“{found}”中含有空字符或残缺的字符。",
        en='"{found}" holds a null character or half of one.',
    )
    hint = Text(
        zh="请删去该字符，或重新输入这段文字。", en="Remove the character or type the text again."
    )


class FormTooLarge(TooLarge):
    code = "portal.form_too_large"
    detail = Text(zh="提交的内容过大。", en="What was sent is too large.")
    hint = Text(
        zh="上限为 {expected}，请拆分，或改用表格上传。",
        en="The limit is {expected}; split it, or upload a sheet.",
    )


class FormExpired(Refused):
    code = "portal.form_expired"
    title = Text(zh="表单已过期", en="The form has expired")
    detail = Text(
        zh="为防止冒用身份，表单的校验信息已失效，内容没有保存。",
        en="The form's check against forged requests is no longer valid; nothing was saved.",
    )
    hint = Text(
        zh="请返回上一页刷新后重新提交，并允许浏览器使用 Cookie。",
        en="Go back, reload the page and send it again; cookies must be allowed.",
    )


class NotAllowed(Refused):
    code = "portal.not_allowed"


class Failed(QiantangError):
    code = "portal.failed"
    title = Text(zh="系统内部错误", en="Something went wrong here")
    detail = Text(
        zh="处理请求时出错，编号 {number}。", en="The request failed; its number is {number}."
    )


class TooMany(Refused):
    """Too many tries in a short time."""

    code = "portal.too_many"
    status = 429
    title = Text(zh="操作过于频繁", en="Too many tries")
    detail = Text(zh="短时间内尝试次数过多。", en="Too many tries in a short time.")
    hint = Text(zh="请等待 {minutes} 分钟后再试。", en="Wait {minutes} minutes and try again.")


class PicturesBusy(Unavailable):
    """Others are having pictures drawn; nothing is wrong."""

    code = "portal.pictures_busy"
    title = Text(zh="正在绘制其他图片", en="Other pictures are being drawn")
    detail = Text(
        zh="服务器一次只绘制少量图片，现在轮不到。",
        en="The server draws few pictures at a time, and others were first.",
    )
    hint = Text(
        zh="请半分钟后再试；网页上的图、表格和 CSV 不受影响。",
        en="Try again in half a minute; the chart on the page, its table and CSV are not affected.",
    )


class BadDay(Invalid):
    code = "portal.bad_day"
    status = 400
    title = Text(zh="日期格式错误", en="Malformed date")
    detail = Text(zh="“{found}”不是日期。", en='"{found}" is not a date.')
    hint = Text(zh="请写成 2019-12-31。", en="Write it as 2019-12-31.")


class NoPlan(NotFound):
    code = "portal.no_plan"
    title = Text(zh="尚未安装规划", en="No plan is installed")
    detail = Text(
        zh="本示范区还没有安装含有规划的领域包。",
        en="No pack with a plan is installed in this zone yet.",
    )
    hint = Text(
        zh="请管理员运行 qiantang demo，或安装 zone-plan-2017 领域包。",
        en="Ask the administrator to run qiantang demo or to install the pack zone-plan-2017.",
    )


class NoSuchPlanHere(NotFound):
    code = "portal.no_such_plan"
    title = Text(zh="没有这个规划", en="No such plan")
    detail = Text(zh="没有编号为“{found}”的规划。", en='There is no plan "{found}".')
    hint = Text(zh="现有规划：{expected}。", en="Plans in the zone: {expected}.")


class NoSuchTargetHere(NotFound):
    code = "portal.no_such_target"
    title = Text(zh="没有这个目标", en="No such target")
    detail = Text(zh="规划中没有目标“{found}”。", en='The plan has no target "{found}".')
    hint = Text(
        zh="目标编号为 {expected}，可从列表中查找。", en="They run {expected}; see the list."
    )


def error_page(request: HttpRequest, error: QiantangError) -> HttpResponse:
    """The page for ``error``; its message alone for HTMX, a problem document for JSON readers."""
    lang = language_of(request)
    problem = error.problem(lang)
    if wants_json(request):
        return JsonResponse(problem, status=error.status, content_type="application/problem+json")
    partial = bool(getattr(request, "htmx", False)) and error.status != 401
    if isinstance(error, SignInRequired) and request.method == "GET" and not partial:
        try:
            goal = urlencode({"next": request.get_full_path()}, safe="/")
            return redirect(f"{reverse('desk:sign_in')}?{goal}")
        except NoReverseMatch:
            pass
    template = "portal/parts/problem.html" if partial else "portal/error.html"
    context: dict[str, Any] = {"problem": problem, "status": error.status}
    response = render_page(request, template, context, status=error.status)
    if partial:
        # The message stands at the top of the page, whatever the request wanted to replace.
        response.headers["HX-Retarget"] = "#problem-place"
        response.headers["HX-Reselect"] = ".problem"
        response.headers["HX-Reswap"] = "innerHTML show:top"
    if error.transient:
        response.headers["Retry-After"] = "30"
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return error_page(request, FormTooLarge(expected="5 MB"))
    return error_page(request, BadRequest())


def unreadable(request: HttpRequest) -> UnreadableText | None:
    """What to answer when the address or the form holds characters that no text can keep."""
    given = [("path", [request.path]), *request.GET.lists(), *request.POST.lists()]
    for name, values in given:
        if any(_BROKEN.search(text) for text in (name, *map(str, values))):
            return UnreadableText(found=_BROKEN.sub("�", name)[:40])
    return None


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, NotAllowed())


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, NoSuchPage(found=request.path))


def server_error(request: HttpRequest) -> HttpResponse:
    """The last resort: names a number that the log carries too."""
    number = secrets.token_hex(4)
    log.error("page failed, number %s, path %s", number, request.path)
    return error_page(request, Failed(number=number))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return error_page(request, FormExpired())
