"""Refusals of the API itself; everything else is refused by the rooms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qiantang.kernel.errors import (
    Invalid,
    NotFound,
    QiantangError,
    Refused,
    TooLarge,
)
from qiantang.kernel.text import Text


class MalformedBody(Invalid):
    code = "api.malformed_body"
    status = 400
    title = Text(zh="请求体不是 JSON", en="The body is not JSON")
    detail = Text(zh="请求体无法读取：{found}", en="The body cannot be read: {found}")
    hint = Text(zh="请发送 UTF-8 编码的 JSON。", en="Send JSON in UTF-8.")


class MalformedRequest(Invalid):
    code = "api.malformed_request"
    status = 400
    title = Text(zh="请求格式错误", en="Malformed request")
    detail = Text(zh="请求无法读取。", en="The request cannot be read.")
    hint = Text(zh="请检查地址和请求头。", en="Check the address and the headers.")


class NoSuchAddress(NotFound):
    code = "api.no_such_address"
    title = Text(zh="没有这个地址", en="No such address")
    detail = Text(zh="接口中没有地址“{found}”。", en='The API has no address "{found}".')
    hint = Text(
        zh="全部地址见 /api/v1/openapi.json。", en="All addresses are in /api/v1/openapi.json."
    )


class MethodNotAllowed(Invalid):
    code = "api.method_not_allowed"
    status = 405
    title = Text(zh="不支持的方法", en="Method not allowed")
    detail = Text(zh="此地址不支持 {found}。", en="This address does not take {found}.")
    hint = Text(zh="可用方法：{expected}。", en="It takes {expected}.")


class NotJson(Invalid):
    code = "api.not_json"
    status = 415
    title = Text(zh="不支持的内容类型", en="Unsupported content type")
    detail = Text(zh="不能读取“{found}”类型的内容。", en='"{found}" is not read here.')
    hint = Text(zh="请使用 Content-Type: {expected}。", en="Use Content-Type: {expected}.")


class BodyTooLarge(TooLarge):
    code = "api.body_too_large"
    detail = Text(zh="请求体过大。", en="The body is too large.")
    hint = Text(zh="上限为 {expected}，请分次提交。", en="The limit is {expected}; split it.")


class BadParameters(Invalid):
    """Parameters or fields of the body are wrong; each is listed in ``problems``."""

    code = "api.bad_parameters"
    title = Text(zh="参数无效", en="Parameters not valid")
    detail = Text(
        zh="有 {count} 处无效。第一处：{first}",
        en="Parts that are wrong: {count}. The first: {first}",
    )
    hint = Text(zh="请按 /api/v1/openapi.json 改正。", en="Correct them; see /api/v1/openapi.json.")

    def __init__(self, problems: Sequence[tuple[str, Text]]) -> None:
        self.problems = tuple(problems)
        field, said = self.problems[0]
        first = Text(f"{field}：{said.zh}", f"{field}: {said.en}")
        super().__init__(count=len(self.problems), first=first)

    def problem(self, lang: str) -> dict[str, Any]:
        body = super().problem(lang)
        body["problems"] = [
            {"field": field, "text": said.as_dict()} for field, said in self.problems
        ]
        return body


class FormTokenMissing(Refused):
    code = "api.form_token_missing"
    title = Text(zh="缺少防伪标记", en="CSRF token missing")
    detail = Text(
        zh="以登录会话写入时必须带 CSRF 标记。",
        en="Writing with a session needs the CSRF token.",
    )
    hint = Text(
        zh="请使用访问令牌，或在请求头 X-CSRFToken 中发送标记。",
        en="Use an access token, or send the token in the header X-CSRFToken.",
    )


class Failed(QiantangError):
    code = "api.failed"
    detail = Text(zh="系统内部错误，编号 {number}。", en="Something failed, number {number}.")
