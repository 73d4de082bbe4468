"""Which language the command line speaks: ``--lang``, QIANTANG_LANG, LANG; Chinese otherwise."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextvars import ContextVar

from qiantang.kernel.text import Lang, Text, lang_of

_current: ContextVar[Lang] = ContextVar("qiantang_cli_language", default="zh")


def detect(args: Sequence[str]) -> Lang:
    """The language for these arguments; known before anything is parsed, so that help has it."""
    for index, word in enumerate(args):
        if word.startswith("--lang="):
            return lang_of(word.partition("=")[2])
        if word == "--lang" and index + 1 < len(args):
            return lang_of(args[index + 1])
    named = os.environ.get("QIANTANG_LANG")
    if named:
        return lang_of(named)
    system = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG")
    return lang_of(system)


def use(lang: Lang) -> None:
    """Speak ``lang`` from now on."""
    _current.set(lang)


def current() -> Lang:
    return _current.get()


def say(zh: str, en: str) -> str:
    """The text in the language of this run."""
    return en if current() == "en" else zh


def read(text: Text) -> str:
    """A bilingual text in the language of this run."""
    return text.in_(current())
