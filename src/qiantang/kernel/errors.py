"""The one error tree: every refusal has a code for ever, both languages, a place and a next step.

A concrete error is a class with a ``code`` and templates, declared beside the code that raises it
(``<part>/errors.py``) under one of the families here. ``catalogue()`` walks the tree; the generated
reference ``docs/reference/errors.md`` and the tests read it. Machine form: RFC 9457.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, Final

from qiantang.kernel.places import Place
from qiantang.kernel.text import Text

_ENDS: Final = tuple("。！？；：….!?;:")


class QiantangError(Exception):
    """Root of the tree. Fields named in the templates are passed as keyword arguments.

    ``found`` (the offending value) and ``expected`` (what would be right) are ordinary fields that
    any template may use; they also go into the machine form.
    """

    code: ClassVar[str] = "internal"
    status: ClassVar[int] = 500
    transient: ClassVar[bool] = False
    title: ClassVar[Text] = Text(zh="系统内部错误", en="Internal error")
    detail: ClassVar[Text] = Text(zh="系统内部错误。", en="Something failed inside the system.")
    hint: ClassVar[Text] = Text(
        zh="请稍后重试；若仍失败，请把错误编号告诉管理员。",
        en="Try again later; if it fails again, give the error's number to the administrator.",
    )

    def __init__(self, *, place: Place | None = None, **fields: object) -> None:
        self.place = place
        self.fields = fields
        super().__init__(self.message("en"))

    def text(self) -> Text:
        """What happened and where, without the next step."""
        said = self.detail.format(**self.fields)
        where = self.place.as_text() if self.place else Text("", "")
        if not where.en:
            return said
        return Text(zh=f"{where.zh}：{said.zh}", en=f"{where.en}: {said.en}")

    def message(self, lang: str) -> str:
        """What happened, where, and what to do, in one language."""
        next_step = self.hint.format(**self.fields).in_(lang)
        said = self.text().in_(lang)
        if not next_step:
            return said
        stop, between = ("。", "") if lang == "zh" else (".", " ")
        return f"{said}{'' if said.endswith(_ENDS) else stop}{between}{next_step}"

    def problem(self, lang: str) -> dict[str, Any]:
        """RFC 9457 members, with ``code``, ``place`` and both languages as extensions."""
        hint = self.hint.format(**self.fields)
        body: dict[str, Any] = {
            "type": f"/errors/{self.code}",
            "title": self.title.in_(lang),
            "status": self.status,
            "detail": self.text().in_(lang),
            "code": self.code,
            "hint": hint.in_(lang),
            "messages": {"zh": self.message("zh"), "en": self.message("en")},
        }
        if self.place:
            body["place"] = self.place.as_dict()
        for key in ("found", "expected"):
            if key in self.fields:
                value = self.fields[key]
                body[key] = value.in_(lang) if isinstance(value, Text) else str(value)
        return body


class Invalid(QiantangError):
    """What was sent cannot be right; sending it again unchanged will fail again."""

    code = "invalid"
    status = 422
    title = Text(zh="内容无效", en="Invalid content")
    detail = Text(zh="内容无效。", en="The content is not valid.")
    hint = Text(zh="请改正后重新提交。", en="Correct it and send it again.")


class NotFound(QiantangError):
    """There is no such thing, or the actor may not know of it."""

    code = "not_found"
    status = 404
    title = Text(zh="未找到", en="Not found")
    detail = Text(zh="没有“{found}”。", en='There is no "{found}".')
    hint = Text(zh="请检查编号，或从列表中查找。", en="Check the identifier, or look in the list.")


class Refused(QiantangError):
    """The actor may not do this."""

    code = "refused"
    status = 403
    title = Text(zh="无权操作", en="Not allowed")
    detail = Text(zh="您无权进行此操作。", en="You may not do this.")
    hint = Text(zh="如确需办理，请联系本单位管理员。", en="If you need to, ask your administrator.")


class SignInRequired(Refused):
    """Nobody is signed in, or the credential is no longer good."""

    code = "sign_in_required"
    status = 401
    title = Text(zh="需要登录", en="Sign in first")
    detail = Text(zh="此操作需要登录。", en="This needs a signed-in account.")
    hint = Text(zh="请登录后再试。", en="Sign in and try again.")


class Conflict(QiantangError):
    """Somebody else changed the thing meanwhile, or its state does not allow the step."""

    code = "conflict"
    status = 409
    title = Text(zh="状态冲突", en="Conflict")
    detail = Text(zh="当前状态不允许此操作。", en="The present state does not allow this.")
    hint = Text(zh="请刷新后查看最新状态。", en="Reload to see the present state.")


class TooLarge(QiantangError):
    """More than the house takes in one piece."""

    code = "too_large"
    status = 413
    title = Text(zh="内容过大", en="Too large")
    detail = Text(zh="内容过大：{found}。", en="Too large: {found}.")
    hint = Text(zh="上限为 {expected}，请拆分后提交。", en="The limit is {expected}; split it.")


class Unavailable(QiantangError):
    """A resource of the machine is missing for now; the same request may pass later."""

    code = "unavailable"
    status = 503
    transient = True
    title = Text(zh="暂时不可用", en="Unavailable for now")
    detail = Text(zh="服务暂时不可用。", en="The service is unavailable for now.")
    hint = Text(zh="请稍后重试。", en="Try again later.")


def catalogue() -> Iterator[type[QiantangError]]:
    """Every error class loaded so far, sorted by code, each once."""
    seen: dict[str, type[QiantangError]] = {}
    pending: list[type[QiantangError]] = [QiantangError]
    while pending:
        kind = pending.pop()
        pending.extend(kind.__subclasses__())
        seen.setdefault(f"{kind.code}|{kind.__module__}.{kind.__qualname__}", kind)
    return iter(sorted(seen.values(), key=lambda kind: kind.code))
