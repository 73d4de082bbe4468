"""Read ``pack.toml``: who the pack is and what it needs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from qiantang.kernel.text import Text
from qiantang.packkit.files import PackFiles
from qiantang.packkit.sections import Section

PACK_ID: Final = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_PACK_FORM: Final = Text("小写英文单词，以连字符相连", "lower-case words joined by hyphens")
_VERSION: Final = re.compile(r"\d+\.\d+\.\d+(?:[-.]?(?:dev|a|b|rc)\d+)?")


@dataclass(frozen=True, slots=True)
class Manifest:
    """The head of a pack; ``section`` keeps the places for later complaints."""

    id: str
    name: Text
    description: Text
    version: str
    owner: str
    licence: str
    requires: tuple[str, ...]
    section: Section


def read_manifest(files: PackFiles) -> Manifest | None:
    """The manifest, or None when there is nothing to go on."""
    if not files.folder.is_dir():
        files.findings.add("pack.folder_missing", files.place(), found=files.folder.name)
        return None
    if not (files.folder / "pack.toml").exists():
        files.findings.add(
            "pack.manifest_missing", files.place("pack.toml"), paste=_paste(files.folder.name)
        )
        return None
    section = files.toml("pack.toml")
    return _manifest(section) if section else None


def _manifest(section: Section) -> Manifest:
    found = Manifest(
        id=_id(section),
        name=section.name_text("name"),
        description=section.name_text("description"),
        version=_version(section),
        owner=section.text("owner"),
        licence=section.text("licence"),
        requires=tuple(dict.fromkeys(section.words("requires", required=False))),
        section=section,
    )
    section.done()
    return found


def _id(section: Section) -> str:
    found = section.text("id")
    if found.strip() and not PACK_ID.fullmatch(found):
        section.problem("pack.id_malformed", "id", found=found, expected=_PACK_FORM)
    return found


def _version(section: Section) -> str:
    found = section.text("version")
    if found.strip() and not _VERSION.fullmatch(found):
        section.problem("pack.version_malformed", "version", found=found)
    return found


def _paste(name: str) -> str:
    return "\n".join(
        (
            f'id = "{name}"',
            'version = "0.1.0"',
            'name = { zh = "", en = "" }',
            'description = { zh = "", en = "" }',
            'owner = ""',
            'licence = "Apache-2.0"',
            "requires = []",
        )
    )
