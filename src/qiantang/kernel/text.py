"""Text in the two languages of the house; a missing language is an error where text is declared."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final, Literal

Lang = Literal["zh", "en"]
LANGUAGES: Final[tuple[Lang, ...]] = ("zh", "en")
DEFAULT_LANGUAGE: Final[Lang] = "zh"
_UNPRINTABLE: Final = re.compile("[^\t\\n\\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Text:
    """One text in Chinese and in English."""

    zh: str
    en: str

    def in_(self, lang: str) -> str:
        """The text in ``lang``; anything that is not English (``en``, ``en-gb``) reads Chinese."""
        return self.en if lang.lower().startswith("en") else self.zh

    def format(self, **fields: object) -> Text:
        """Both languages with ``{field}`` replaced; a `Text` value is put in its own language."""
        return Text(
            zh=self.zh.format(**{k: _said(v, "zh") for k, v in fields.items()}),
            en=self.en.format(**{k: _said(v, "en") for k, v in fields.items()}),
        )

    def as_dict(self) -> dict[str, str]:
        """The form that JSON carries: ``{"zh": ..., "en": ...}``."""
        return {"zh": self.zh, "en": self.en}


def _said(value: object, lang: Lang) -> Any:
    return value.in_(lang) if isinstance(value, Text) else value


def printable(text: str) -> str:
    """The text without the characters that XML 1.0 has no form for (its section 2.2); Word's line
    break, a vertical tab, is a line break."""
    return _UNPRINTABLE.sub("", text.replace("\v", "\n"))


def join(texts: list[Text] | tuple[Text, ...]) -> Text:
    """Sentences one after another, as each language writes them."""
    return Text(zh="".join(t.zh for t in texts), en=" ".join(t.en for t in texts))


def lang_of(code: str | None) -> Lang:
    """The house language for a locale name such as ``zh-hans``, ``en_GB.UTF-8`` or None."""
    return "en" if (code or "").lower().startswith("en") else "zh"
