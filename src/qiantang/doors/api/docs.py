"""A page for people: every address with its parameters, made from the description, no script."""

from __future__ import annotations

from typing import Any, Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

_STYLE: Final = """
body{font:15px/1.6 "PingFang SC","Microsoft YaHei","Noto Sans CJK SC",system-ui,sans-serif;
color:#1f2933;max-width:60rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.6rem;color:#1f5f8b}h2{font-size:1.1rem;margin:2rem 0 .3rem}
code{font-family:ui-monospace,Menlo,Consolas,monospace;font-size:.92em}
.verb{display:inline-block;min-width:3.2rem;font-weight:600;color:#1f5f8b}
table{border-collapse:collapse;width:100%;font-size:.92em}
th,td{text-align:left;padding:.3rem .6rem .3rem 0;border-bottom:1px solid #e4e7eb;
vertical-align:top}th{color:#5f6b7a;font-weight:normal}p{margin:.3rem 0}a{color:#1f5f8b}
"""
_INTRO: Final = {
    "zh": "读取公开数据无需登录。写入请在请求头中发送 Authorization: Bearer 令牌。"
    "读取的回答带 ETag；出错时回答为 application/problem+json。未知的查询参数会被拒绝。",
    "en": "Reading public data needs no sign-in. To write, send the header Authorization: Bearer "
    "with a token. Reads carry an ETag; failures answer with application/problem+json. Unknown "
    "query parameters are refused.",
}


def page(schema: dict[str, Any], lang: str) -> str:
    """The whole page as HTML."""
    blocks = [
        _block((method, path), operation, schema["components"]["schemas"], lang)
        for path, operations in schema["paths"].items()
        for method, operation in operations.items()
    ]
    return format_html(
        '<!doctype html><html lang="{}"><head><meta charset="utf-8"><title>{}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<style>{}</style></head><body><main><h1>{}</h1><p>{}</p>"
        '<p><a href="/api/v1/openapi.json">openapi.json</a></p>{}</main></body></html>',
        "en" if lang == "en" else "zh-Hans",
        schema["info"]["title"],
        mark_safe(_STYLE),  # noqa: S308 - a constant
        schema["info"]["title"],
        _INTRO[lang],
        mark_safe("".join(blocks)),  # noqa: S308 - made by format_html
    )


def _block(
    at: tuple[str, str], operation: dict[str, Any], schemas: dict[str, Any], lang: str
) -> SafeString:
    method, path = at
    return format_html(
        '<section><h2><span class="verb">{}</span> <code>{}</code></h2><p>{}</p><p>{}</p>{}'
        "</section>",
        method.upper(),
        path,
        _side(operation["summary"], lang),
        _side(operation["description"], lang),
        _parameters(operation["parameters"], schemas, lang),
    )


def _parameters(parameters: list[dict[str, Any]], schemas: dict[str, Any], lang: str) -> SafeString:
    if not parameters:
        return SafeString("")
    rows = format_html_join(
        "",
        "<tr><td><code>{}</code></td><td>{}</td><td>{}</td></tr>",
        (
            (p["name"], _kind(p["schema"], schemas), _side(p.get("description", ""), lang))
            for p in parameters
        ),
    )
    head = ("参数", "类型", "说明") if lang == "zh" else ("Parameter", "Type", "Meaning")
    return format_html(
        "<table><thead><tr><th>{}</th><th>{}</th><th>{}</th></tr></thead><tbody>{}</tbody></table>",
        *head,
        rows,
    )


def _kind(schema: dict[str, Any], schemas: dict[str, Any]) -> str:
    """What a parameter may be: its values, its format or its type."""
    named = schemas.get(str(schema.get("$ref", "")).rsplit("/", 1)[-1], schema)
    if "enum" in named:
        return ", ".join(str(value) for value in named["enum"])
    return str(named.get("format") or named.get("type", ""))


def _side(text: str, lang: str) -> str:
    """The half of ``中文 / English`` for the language."""
    zh, _, en = text.partition(" / ")
    return en if lang == "en" and en else zh
