"""A TOML table that is read key by key: wrong types, missing and unknown keys become problems.

Every read method reports and returns a harmless value instead of raising, so that one pass finds
everything; a pack with any problem is not compiled, so the harmless values go nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, TypeVar

from qiantang.kernel.places import Place
from qiantang.kernel.text import Text
from qiantang.packkit.problems import nearest
from qiantang.packkit.toml_lines import Path, line_of

if TYPE_CHECKING:
    from qiantang.packkit.files import PackFiles

Choice = TypeVar("Choice", bound=StrEnum)

NO_TEXT: Final = Text("", "")
NO_DATE: Final = date(1, 1, 1)
_TWO_LANGUAGES: Final = Text("中英文两种文字 { zh = …, en = … }", "a text { zh = ..., en = ... }")
_KINDS: Final = {
    str: Text("文字", "text"),
    bool: Text("true 或 false", "true or false"),
    int: Text("整数", "a whole number"),
    Decimal: Text("数字", "a number"),
    date: Text("日期（如 2017-04-27）", "a date (such as 2017-04-27)"),
    list: Text("列表", "a list"),
    dict: Text("表", "a table"),
    datetime: Text("日期时间", "a date and time"),
}


class Section:
    """One table of a TOML file. ``path`` is the way from the top of the file."""

    def __init__(
        self,
        values: Mapping[str, Any],
        files: PackFiles,
        name: str,
        lines: Mapping[Path, int],
        path: Path = (),
    ) -> None:
        self.values = values
        self.files = files
        self.name = name
        self.lines = lines
        self.path = path
        self.asked: list[str] = []

    def __contains__(self, key: str) -> bool:
        return key in self.values

    def place(self, *keys: str | int) -> Place:
        """Where a key stands; for an absent one, the table itself."""
        return self.files.place(self.name, line_of(self.lines, (*self.path, *keys)))

    def problem(self, code: str, *keys: str | int, paste: str | None = None, near: str = "",
                **fields: Any) -> None:  # fmt: skip
        """Report a problem at a key of this table."""
        self.files.findings.add(code, self.place(*keys), paste=paste, near=near, **fields)

    def text(self, key: str, *, required: bool = True, default: str = "") -> str:
        """A text that is not blank."""
        value = self._get(key, str, required, f'{key} = ""')
        if value is None:
            return default
        if not value.strip():
            self.problem("pack.text_empty", key, key=key)
        return str(value)

    def bilingual(self, key: str, *, required: bool = True) -> Text | None:
        """A ``{ zh, en }`` table; None only when it may be and is absent."""
        self.asked.append(key)
        if key not in self.values:
            if required:
                self._missing(key, f'{key} = {{ zh = "", en = "" }}')
                return NO_TEXT
            return None
        value = self.values[key]
        if not isinstance(value, dict):
            self._wrong(key, _TWO_LANGUAGES, value)
            return NO_TEXT
        return self.child(key, value).two_languages(key)

    def name_text(self, key: str) -> Text:
        """A required ``{ zh, en }`` table."""
        return self.bilingual(key) or NO_TEXT

    def two_languages(self, label: str, *, only: bool = True) -> Text:
        """``zh`` and ``en`` of this table itself; ``only`` forbids other keys."""
        said = {}
        names = {"zh": Text("中文（zh）", "Chinese (zh)"), "en": Text("英文（en）", "English (en)")}
        for lang, language in names.items():
            self.asked.append(lang)
            value = self.values.get(lang)
            if value is not None and not isinstance(value, str):
                self._wrong(lang, _KINDS[str], value)
            elif not (value or "").strip():
                keys = (lang,) if lang in self.values else ()
                self.problem("pack.language_missing", *keys, key=label, missing=language,
                             paste=f'{lang} = ""')  # fmt: skip
            said[lang] = value if isinstance(value, str) else ""
        if only:
            self.done()
        return Text(said["zh"], said["en"])

    def boolean(self, key: str, *, required: bool = True, default: bool = False) -> bool:
        value = self._get(key, bool, required, f"{key} = false")
        return default if value is None else bool(value)

    def integer(self, key: str, *, required: bool = True) -> int | None:
        value = self._get(key, int, required, f"{key} = 0")
        return None if value is None else int(value)

    def decimal(self, key: str, *, required: bool = True) -> Decimal | None:
        """An exact number: TOML floats are read digit by digit."""
        value = self._get(key, Decimal, required, f"{key} = 0")
        if value is not None and not value.is_finite():
            self._wrong(key, _KINDS[Decimal], str(value))
            return None
        return None if value is None else Decimal(value)

    def day(self, key: str, *, required: bool = True) -> date | None:
        value = self._get(key, date, required, f"{key} = 2026-01-01")
        return None if value is None else date(value.year, value.month, value.day)

    def choice(self, key: str, kind: type[Choice], default: Choice | None = None) -> Choice:
        """A word of an enumeration; required unless there is a default."""
        first = default or next(iter(kind))
        found = self.text(key, required=default is None, default=first.value)
        return kind(self.one_of(key, found, [k.value for k in kind]) or first.value)

    def one_of(self, key: str, found: str, valid: Sequence[str], *index: int) -> str:
        """``found`` when it is one of ``valid``, else nothing and a problem."""
        if found in valid:
            return found
        if found.strip():
            self.problem("pack.value_not_allowed", key, *index, key=key, found=found,
                         expected=", ".join(valid), near=nearest(found, valid))  # fmt: skip
        return ""

    def words(self, key: str, *, required: bool = True, default: Iterable[str] = ()) -> tuple[
        str, ...
    ]:  # fmt: skip
        """A list of texts."""
        value = self._get(key, list, required, f"{key} = []")
        if value is None:
            return tuple(default)
        for index, item in enumerate(value):
            if not isinstance(item, str) or not item.strip():
                self._wrong(key, _KINDS[str], item, index)
        return tuple(item for item in value if isinstance(item, str) and item.strip())

    def table(self, key: str, *, required: bool = True) -> Section | None:
        value = self._get(key, dict, required, f"[{key}]")
        return None if value is None else self.child(key, value)

    def tables(self, key: str, *, required: bool = True) -> list[Section]:
        """An array of tables."""
        value = self._get(key, list, required, f"[[{key}]]")
        found = []
        for index, item in enumerate(value or ()):
            if isinstance(item, dict):
                found.append(self.child(key, item, index))
            else:
                self._wrong(key, _KINDS[dict], item, index)
        return found

    def child(self, key: str, value: Mapping[str, Any], *index: int) -> Section:
        """A table below this one."""
        return Section(value, self.files, self.name, self.lines, (*self.path, key, *index))

    def done(self) -> None:
        """Report every key that nobody asked for."""
        for key in self.values:
            if key not in self.asked:
                valid = list(dict.fromkeys(self.asked))
                self.problem("pack.key_unknown", key, found=key, expected=", ".join(valid),
                             near=nearest(key, valid))  # fmt: skip

    def _get(self, key: str, kind: type[Any], required: bool, paste: str) -> Any:
        self.asked.append(key)
        if key not in self.values:
            if required:
                self._missing(key, paste)
            return None
        value = self.values[key]
        if kind is Decimal and type(value) is int:
            return Decimal(value)
        if isinstance(value, kind) and not (isinstance(value, bool) and kind is not bool):
            return value
        self._wrong(key, _KINDS[kind], value)
        return None

    def _missing(self, key: str, paste: str) -> None:
        self.problem("pack.key_missing", found=key, paste=paste)

    def _wrong(self, key: str, expected: Text, value: object, *index: int) -> None:
        found = next((t for k, t in _KINDS.items() if type(value) is k), Text("其他", "other"))
        if isinstance(value, str):
            found = Text(f"{found.zh}“{_short(value)}”", f'{found.en} "{_short(value)}"')
        self.problem("pack.type_wrong", key, *index, key=key, expected=expected, found=found)


def _short(value: str) -> str:
    return value if len(value) <= 40 else value[:39] + "…"
