"""What every door that is open to all refuses alike."""

from __future__ import annotations

from qiantang.kernel.errors import Refused
from qiantang.kernel.text import Text


class TooManyRequests(Refused):
    code = "api.too_many_requests"
    status = 429
    transient = True
    title = Text(zh="请求过于频繁", en="Too many requests")
    detail = Text(
        zh="未登录的访问每分钟最多 {expected} 次。",
        en="Anonymous readers may ask {expected} times a minute.",
    )
    hint = Text(
        zh="请在 {seconds} 秒后再试，或使用访问令牌。",
        en="Try again in {seconds} s, or use an access token.",
    )
