"""What a source's refusal means, in words for people beside the driver's own.

Databases tell the kind of a failure by a code: SQLSTATE (PostgreSQL, Appendix A), MySQL's error
numbers, and SQLite by the beginning of its message. Web servers tell it by the status (RFC 9110,
section 15).
"""

from __future__ import annotations

from typing import Final

from qiantang.kernel.text import Text

_NO_TABLE: Final = Text("没有这个表或视图", "there is no such table or view")
_NO_COLUMN: Final = Text("表中没有这一列", "the table has no such column")
_NO_DATABASE: Final = Text("没有这个库", "there is no such database")
_NOT_LET_IN: Final = Text("账号或口令不对", "account or password are wrong")
_NOT_ALLOWED: Final = Text("该账号无权读取", "the account may not read it")
_BY_CODE: Final = {
    "42P01": _NO_TABLE,
    "42703": _NO_COLUMN,
    "3D000": _NO_DATABASE,
    "28P01": _NOT_LET_IN,
    "28000": _NOT_LET_IN,
    "42501": _NOT_ALLOWED,
    1146: _NO_TABLE,
    1054: _NO_COLUMN,
    1049: _NO_DATABASE,
    1045: _NOT_LET_IN,
    1142: _NOT_ALLOWED,
}
_BY_WORDS: Final = (
    ("no such table", _NO_TABLE),
    ("no such column", _NO_COLUMN),
    ("password authentication failed", _NOT_LET_IN),
)
_BY_STATUS: Final = {
    401: Text("对方要求访问令牌，或令牌不对", "an access token is asked for, or it is wrong"),
    403: Text("对方拒绝访问", "access is refused"),
    404: Text("该网址没有文件", "there is nothing at this address"),
    410: Text("该网址的文件已移除", "what was at this address is gone"),
    429: Text("对方限制访问次数", "the server limits how often it is asked"),
}
_SERVER_FAILED: Final = Text("对方服务器出错", "the server failed")


def of_driver(error: Exception, said: str) -> Text:
    """The driver's words ``said``, after what they mean where that is known."""
    code = getattr(error, "sqlstate", None) or next(iter(error.args), None)
    known = _BY_CODE.get(code) if isinstance(code, (str, int)) else None
    if known is None:
        known = next((means for words, means in _BY_WORDS if words in said), None)
    return _beside(known, said)


def of_status(status: int) -> Text:
    """The status of a web server's answer."""
    known = _BY_STATUS.get(status, _SERVER_FAILED if status >= 500 else None)
    return _beside(known, f"HTTP {status}")


def _beside(known: Text | None, said: str) -> Text:
    if known is None:
        return Text(said, said)
    return Text(f"{known.zh}（{said}）", f"{known.en} ({said})")
