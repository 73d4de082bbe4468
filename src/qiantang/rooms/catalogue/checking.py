"""Whether what a steward wrote can stand in the catalogue; every problem is said at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from qiantang.kernel.text import Text, printable
from qiantang.packkit.compiled import Sharing
from qiantang.rooms.catalogue import cycles
from qiantang.rooms.catalogue.attributes import (
    BY_ID,
    FORMATS,
    NOTHING,
    SHARE_MODES,
    STRUCTURE,
    Attribute,
)
from qiantang.rooms.catalogue.checking_items import Problem, key_problems, read_items
from qiantang.rooms.catalogue.errors import ContentInvalid
from qiantang.rooms.catalogue.indexing import class_parents

MOST_WORDS: Final = 50
_DIVISION: Final = re.compile(r"(?:[1-9]\d{5})?", re.ASCII)
_NEEDED: Final = ("name", "description", "classes", "fields", "cadence")
"""What must be said before a review."""


def merged(base: Mapping[str, Any], given: Mapping[str, Any], *, declared: bool) -> dict[str, Any]:
    """``base`` with what is given in its place; ``declared``: a pack decides the structure.
    Raises `ContentInvalid`."""
    problems: list[Problem] = []
    made = dict(base)
    for id, value in given.items():
        attribute = BY_ID.get(id)
        if attribute is None or id == "themes":
            known = ", ".join(a for a in BY_ID if a != "themes")
            problems.append(
                (id, Text(f"没有此项，可用：{known}", f"is not known; known are {known}"))
            )
        elif declared and id in STRUCTURE:
            problems += [(id, _PACK_DECIDES)] if value != base[id] else []
        else:
            made[id] = _read(attribute, value, problems)
    if not declared and ("grain" in given or "fields" in given):
        problems += key_problems(made.get("grain", ()), made.get("fields", ()))
    if problems:
        raise ContentInvalid(problems)
    return made


def require_complete(content: Mapping[str, Any]) -> None:
    """Raise `ContentInvalid` unless everything that a review needs is said."""
    problems: list[Problem] = []
    for id in _NEEDED:
        attribute, value = BY_ID[id], content[id]
        said = all(value.values()) if isinstance(value, Mapping) else bool(value)
        if not said:
            problems.append(
                (id, Text(f"缺少{attribute.label.zh}", f"{attribute.label.en} missing"))
            )
    if content["sharing"] != Sharing.UNCONDITIONAL and not content["conditions"]["zh"]:
        text = Text("须写明共享条件或不予共享的依据", "conditions, or the ground for withholding")
        problems.append(("conditions", text))
    if content["open"] and content["sharing"] == Sharing.WITHHELD:
        text = Text("不予共享的资源不能向社会开放", "what is withheld cannot be open")
        problems.append(("open", text))
    if problems:
        raise ContentInvalid(problems)


def require_division(content: Mapping[str, Any], division: str) -> None:
    """Raise `ContentInvalid` unless what fulfils a duty is about the division that owes it."""
    if content["division"] != division:
        text = Text(
            f"履行编目责任的条目，区划应为 {division}",
            f"an entry that fulfils a duty is about the division that owes it, {division}",
        )
        raise ContentInvalid([("division", text)])


_PACK_DECIDES: Final = Text("由领域包规定，不能在此修改", "the pack decides this; not here")
_ONE_OF: Final = Text("应为 {known} 之一", "should be one of {known}")


def _read(attribute: Attribute, value: Any, problems: list[Problem]) -> Any:
    if attribute.kind == "text":
        return _texts(attribute, value, problems, _one_text)
    if attribute.kind == "keywords":
        return _texts(attribute, value, problems, _word_list)
    if attribute.kind == "fields":
        return read_items(value, problems)
    if attribute.kind == "yes":
        return _yes(attribute.id, value, problems)
    if attribute.kind == "words":
        words = _word_list(attribute, value, problems, attribute.id)
        return _classes(words, problems) if attribute.id == "classes" else words
    return _word(attribute, value, problems)


def _texts(
    attribute: Attribute,
    value: Any,
    problems: list[Problem],
    read: Callable[[Attribute, Any, list[Problem], str], Any],
) -> dict[str, Any]:
    if not isinstance(value, Mapping) or not set(value) <= {"zh", "en"}:
        text = Text("应为 zh 和 en 两种语言", "should be in two languages, zh and en")
        problems.append((attribute.id, text))
        return {}
    blank: Any = "" if attribute.kind == "text" else []
    return {
        lang: read(attribute, value.get(lang, blank), problems, f"{attribute.id}.{lang}")
        for lang in ("zh", "en")
    }


def _one_text(attribute: Attribute, value: Any, problems: list[Problem], where: str) -> str:
    if not isinstance(value, str) or "\x00" in value:
        problems.append((where, Text("应为文字", "should be text")))
        return ""
    if len(value) > attribute.longest:
        text = Text("不得超过 {n} 个字符", "should have at most {n} characters")
        problems.append((where, text.format(n=attribute.longest)))
    return printable(value).strip()


def _word_list(attribute: Attribute, value: Any, problems: list[Problem], where: str) -> list[str]:
    if not isinstance(value, Sequence) or isinstance(value, str) or len(value) > MOST_WORDS:
        text = Text("应为列表，至多 {n} 项", "should be a list of at most {n}")
        problems.append((where, text.format(n=MOST_WORDS)))
        return []
    words = [_one_text(attribute, each, problems, where) for each in value]
    return list(dict.fromkeys(word for word in words if word))


def _classes(codes: list[str], problems: list[Problem]) -> list[str]:
    known = class_parents()
    for code in codes:
        if known and code not in known:
            text = Text("没有分类“{code}”", 'there is no class "{code}"').format(code=code)
            problems.append(("classes", text))
    return codes


def _yes(where: str, value: Any, problems: list[Problem]) -> bool:
    if not isinstance(value, bool):
        problems.append((where, Text("应为是或否", "should be true or false")))
    return bool(value)


_DURATION: Final = Text("应为 ISO 8601 时长，如 P1M", "should be an ISO 8601 duration such as P1M")
_OR_IRREGULAR: Final = Text("；不定期为 irregular", "; irregular for one without a cycle")


def _no_duration(where: str, word: str, more: Text = NOTHING) -> list[Problem]:
    if not word or cycles.has_cycle(word):
        return []
    return [(where, Text(f"{_DURATION.zh}{more.zh}", f"{_DURATION.en}{more.en}"))]


_CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "sharing": tuple(kind.value for kind in Sharing),
    "share_mode": ("", *SHARE_MODES),
    "format": tuple(FORMATS),
}


def _word(attribute: Attribute, value: Any, problems: list[Problem]) -> str:
    word = _one_text(attribute, value, problems, attribute.id)
    choices = _CHOICES.get(attribute.id)
    if choices and word not in choices:
        problems.append((attribute.id, _ONE_OF.format(known=", ".join(c for c in choices if c))))
    if attribute.id == "cadence" and word != cycles.IRREGULAR:
        problems += _no_duration(attribute.id, word, _OR_IRREGULAR)
    if attribute.id == "retention":
        problems += _no_duration(attribute.id, word)
    if attribute.id == "division" and not _DIVISION.fullmatch(word):
        text = Text("应为六位行政区划代码", "should be a six-digit division code")
        problems.append((attribute.id, text))
    return word
