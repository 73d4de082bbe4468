"""Which member of a zip archive is the data, and which archives are not taken."""

from __future__ import annotations

import zipfile
from pathlib import PurePosixPath
from typing import Final

from qiantang.engine.quality.reading.errors import ArchiveRefused, MemberUnclear, PasswordProtected
from qiantang.kernel.places import Place
from qiantang.kernel.text import Text

MEMBERS: Final = 1_000
_PACKED: Final = (".zip", ".gz", ".rar", ".7z", ".tar", ".tgz", ".bz2", ".xz", ".zst")
_NOISE: Final = ("__macosx", ".ds_store", "thumbs.db", "desktop.ini")
_PAPERS: Final = (".md", ".pdf", ".doc", ".docx", ".png", ".jpg", ".html")
_NOTES: Final = ".txt"
"""A note beside one table; alone or beside papers it may be the table."""


def choose_member(
    archive: zipfile.ZipFile, member: str | None, place: Place
) -> tuple[zipfile.ZipInfo, str, tuple[str, ...]]:
    """The one data member, its name as people read it, and the names that were passed over.

    Raises `ArchiveRefused` (bad paths, nested archives, too many members), `MemberUnclear` when
    there are several and none is asked for, `PasswordProtected`.
    """
    infos = archive.infolist()
    if len(infos) > MEMBERS:
        found = Text(f"共有 {len(infos)} 个文件", f"it holds {len(infos)} files")
        raise ArchiveRefused(found=found, place=place)
    named = [(info, shown_name(info)) for info in infos if not info.is_dir()]
    for _, name in named:
        _refuse_path(name, place)
    data = [(info, name) for info, name in named if not _noise(name)]
    chosen = _one(data, member, place)
    if chosen[1].lower().endswith(_PACKED):
        raise refuse_nested(place)
    if chosen[0].flag_bits & 0x1:
        raise PasswordProtected(kind="ZIP", place=place)
    return *chosen, tuple(name for info, name in data if info is not chosen[0])


def shown_name(info: zipfile.ZipInfo) -> str:
    """The member's name; Windows writes Chinese names in GBK without saying so."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


def refuse_nested(place: Place) -> ArchiveRefused:
    found = Text("压缩包里还是压缩包", "it holds another archive")
    return ArchiveRefused(found=found, place=place)


def _one(
    data: list[tuple[zipfile.ZipInfo, str]], member: str | None, place: Place
) -> tuple[zipfile.ZipInfo, str]:
    if member is not None:
        match = [d for d in data if member in (d[1], d[0].filename)]
        if not match:
            raise MemberUnclear(members=tuple(name for _, name in data), place=place)
        return match[0]
    if not data:
        raise ArchiveRefused(found=Text("其中没有文件", "there is no file in it"), place=place)
    tables = [d for d in data if not d[1].lower().endswith(_PAPERS)] or data
    if len(tables) > 1:
        lone = [d for d in tables if not d[1].lower().endswith(_NOTES)]
        tables = lone if len(lone) == 1 else tables
    if len(tables) > 1:
        raise MemberUnclear(members=tuple(name for _, name in tables), place=place)
    return tables[0]


def _noise(name: str) -> bool:
    parts = [p.lower() for p in PurePosixPath(name).parts]
    return any(p in _NOISE or p.startswith("._") for p in parts)


def _refuse_path(name: str, place: Place) -> None:
    parts = PurePosixPath(name.replace("\\", "/"))
    if parts.is_absolute() or ".." in parts.parts or "\x00" in name or ":" in name[:3]:
        found = Text(f"其中的路径“{name}”指向压缩包之外", f'the path "{name}" leads out of it')
        raise ArchiveRefused(found=found, place=place)
