"""The description of the API: what ninja finds out, completed by what the gate adds."""

from __future__ import annotations

from typing import Any, Final

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from qiantang.doors.api.described import CHINESE
from qiantang.doors.api.schemas import Problem

_PROBLEM: Final = {"$ref": "#/components/schemas/Problem"}
_ALWAYS: Final = {
    "400": "请求无法读取 / The request cannot be read",
    "401": "令牌无效或需要登录 / Token not valid, or sign in first",
    "403": "无权操作 / Not allowed",
    "404": "未找到 / Not found",
    "405": "不支持的方法 / Method not allowed",
    "422": "参数或内容无效 / Parameters or content not valid",
    "429": "请求过于频繁 / Too many requests",
    "500": "系统内部错误 / Internal error",
    "503": "暂时不可用 / Unavailable for now",
    "507": "磁盘已满 / Disk full",
}
_WRITES: Final = {
    "409": "状态冲突 / Conflict",
    "413": "内容过大 / Too large",
    "415": "内容类型不是 JSON / Not JSON",
}
_ETAG: Final = {
    "ETag": {"schema": {"type": "string"}, "description": "强校验值 / strong validator"}
}
_SECURITY: Final = {
    "token": {
        "type": "http",
        "scheme": "bearer",
        "description": "工作台签发的访问令牌 / an access token issued at the desk",
    },
    "session": {"type": "apiKey", "in": "cookie", "name": "qiantang_session"},
}


class DescribedAPI(NinjaAPI):
    """NinjaAPI whose description names every answer that the gate can give."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return str(operation.view_func.__name__)

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        schema = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        for operations in schema["paths"].values():
            for method, operation in operations.items():
                _complete(operation, writes=method != "get")
        components = schema["components"]
        components["schemas"]["Problem"] = Problem.json_schema()
        components["securitySchemes"] = _SECURITY
        return schema


def known_parameters(schema: dict[str, Any]) -> dict[str, dict[str, frozenset[str]]]:
    """Address to method to the query parameters it takes."""
    return {
        path: {
            method.upper(): frozenset(
                p["name"] for p in operation["parameters"] if p["in"] == "query"
            )
            for method, operation in operations.items()
        }
        for path, operations in schema["paths"].items()
    }


def _complete(operation: dict[str, Any], *, writes: bool) -> None:
    for parameter in operation["parameters"]:
        _flatten(parameter)
    english = " ".join(operation["description"].replace("``", "").split())
    operation["description"] = f"{CHINESE[operation['operationId']]} / {english}"
    answers = {str(status): answer for status, answer in operation["responses"].items()}
    for status, said in {**_ALWAYS, **(_WRITES if writes else {})}.items():
        answers[status] = _with_problem(answers.get(status), said)
    for status in ("200", "201"):
        if status in answers:
            answers[status].setdefault("description", "OK")
    if not writes:
        answers["200"]["headers"] = _ETAG
        answers["304"] = {"description": "未变化 / Not modified", "headers": _ETAG}
    operation["responses"] = dict(sorted(answers.items()))
    operation["security"] = [{"token": []}, {"session": []}] if writes else [{}, {"token": []}]


def _flatten(parameter: dict[str, Any]) -> None:
    """A parameter that may be left out is no null: keep the one form it has."""
    schema = parameter["schema"]
    forms = [form for form in schema.get("anyOf", []) if form.get("type") != "null"]
    if len(forms) == 1:
        schema = {**{k: v for k, v in schema.items() if k != "anyOf"}, **forms[0]}
        parameter["schema"] = schema
    if "description" in schema:
        parameter["description"] = schema["description"]


def _with_problem(known: dict[str, Any] | None, said: str) -> dict[str, Any]:
    answer: dict[str, Any] = known or {"description": said}
    answer["description"] = said
    answer.setdefault("content", {})["application/problem+json"] = {"schema": _PROBLEM}
    return answer
