"""Read the files of one pack: encodings, sizes and syntax, with a problem instead of a traceback.

Everything above works on `Section` (TOML), `Sheet` (CSV) and plain text, and asks this module for
places. A file is read once; names are relative to the pack's folder, with ``/``.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from decimal import Decimal, InvalidOperation
from pathlib import Path, PurePosixPath
from typing import Final

from qiantang.kernel.places import Place
from qiantang.packkit.parser_words import toml_cause
from qiantang.packkit.problems import Findings
from qiantang.packkit.sections import Section
from qiantang.packkit.sheets import Sheet, read_sheet
from qiantang.packkit.toml_lines import key_lines

LIMITS: Final = {".toml": 1 << 20, ".sql": 1 << 18, ".csv": 64 << 20}
"""Largest size in bytes of a file that the checker reads, by kind."""

_BOM: Final = b"\xef\xbb\xbf"
_TOML_PLACE: Final = re.compile(r" ?\(at (?:line (\d+), column \d+|end of document)\)")


class PackFiles:
    """The files of the pack in ``folder``; what cannot be read goes to ``findings``."""

    def __init__(self, folder: Path, findings: Findings) -> None:
        self.folder = folder
        self.findings = findings

    def place(
        self,
        name: str = "",
        line: int | None = None,
        *,
        row: int | None = None,
        column: str | None = None,
    ) -> Place:
        """A place in the pack, named from the pack's folder on."""
        root = self.folder.name or self.folder.resolve().name
        return Place(file=f"{root}/{name}" if name else root, line=line, row=row, column=column)

    def names(self, folder: str, suffix: str) -> list[str]:
        """The files with ``suffix`` directly in ``folder``, sorted."""
        base = self.folder / folder
        if not base.is_dir():
            return []
        return sorted(
            f"{folder}/{p.name}" for p in base.iterdir() if p.suffix == suffix and _visible(p)
        )

    def text(self, name: str) -> str | None:
        """The text of a file, or None with the reason among the findings."""
        raw = self._bytes(name)
        if raw is None:
            return None
        if raw.startswith(_BOM):
            self.findings.add("pack.byte_order_mark", self.place(name, 1))
            raw = raw[len(_BOM) :]
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            self._not_utf8(name, raw, error.start)
            return None
        if not text.strip():
            self.findings.add("pack.file_empty", self.place(name, 1))
            return None
        return text

    def toml(self, name: str) -> Section | None:
        """A TOML file as the section of its top-level keys."""
        text = self.text(name)
        if text is None:
            return None
        try:
            values = tomllib.loads(text, parse_float=Decimal)
            return Section(values, self, name, key_lines(text))
        except (ValueError, RecursionError, InvalidOperation) as error:
            self._broken_toml(name, text, error)
            return None

    def sheet(self, name: str) -> Sheet | None:
        """A CSV file with a header row."""
        text = self.text(name)
        return None if text is None else read_sheet(text, self, name)

    def inside(self, written: str, place: Place) -> str | None:
        """The name of an existing file of the pack that a declaration points to."""
        try:
            target = (self.folder / written).resolve()
            target.is_file()
        except (OSError, ValueError, RuntimeError):  # too long, a NUL in it, a loop of links
            self.findings.add("pack.path_missing", place, found=written)
            return None
        if not target.is_relative_to(self.folder.resolve()) or PurePosixPath(written).is_absolute():
            self.findings.add("pack.path_outside", place, found=written)
            return None
        if not target.is_file():
            self.findings.add("pack.path_missing", place, found=written)
            return None
        return target.relative_to(self.folder.resolve()).as_posix()

    def _bytes(self, name: str) -> bytes | None:
        path = self.folder / name
        limit = LIMITS.get(path.suffix, LIMITS[".csv"])
        try:
            size = path.stat().st_size
            if size > limit:
                self.findings.add("pack.file_too_large", self.place(name), found=size, limit=limit)
                return None
            return path.read_bytes()
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            self.findings.add("pack.file_unreadable", self.place(name), reason=reason)
            return None

    def _not_utf8(self, name: str, raw: bytes, at: int) -> None:
        line = raw.count(b"\n", 0, at) + 1
        self.findings.add("pack.not_utf8", self.place(name, line), guess=_guess(raw))

    def _broken_toml(self, name: str, text: str, error: Exception) -> None:
        said = str(error) or type(error).__name__
        if found := _TOML_PLACE.search(said):
            line = int(found[1]) if found[1] else text.count("\n", 0, len(text.rstrip())) + 1
            said = _TOML_PLACE.sub("", said)
        else:
            line = 1
        if isinstance(error, RecursionError):
            said = "nested too deeply"
        said = said.rstrip(".")
        place = self.place(name, line)
        self.findings.add("pack.broken_toml", place, cause=toml_cause(said), reason=said)


def digest(folder: Path) -> str:
    """SHA-256, hex, over the names and contents of the pack's files (hidden ones left out)."""
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if path.is_file() and all(_visible(Path(part)) for part in relative.parts):
            total.update(f"{relative.as_posix()}\0{path.stat().st_size}\0".encode())
            total.update(path.read_bytes())
    return total.hexdigest()


def _visible(path: Path) -> bool:
    return not path.name.startswith((".", "__")) and path.suffix != ".pyc"


def _guess(raw: bytes) -> str:
    """A word about the encoding that the file seems to have, for the hint."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "UTF-16? "
    try:
        raw.decode("gb18030")
    except UnicodeDecodeError:
        return ""
    return "GBK / GB18030? "
