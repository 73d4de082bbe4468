"""The folders of a pack: what would be ignored without a word is reported instead."""

from __future__ import annotations

from typing import Final

from qiantang.packkit.files import PackFiles
from qiantang.packkit.problems import nearest

FOLDERS: Final = {
    "resources": ".toml",
    "codes": ".csv",
    "norms": ".csv",
    "elements": ".csv",
    "checks": ".sql",
    "measures": ".sql",
    "plans": ".toml",
    "pages": ".toml",
    "indices": ".toml",
    "examples": ".toml",
}
"""The folders that are read, with the one kind of file that each holds."""

FREE: Final = ("data", "samples", "expected", "docs", "tests")
"""Folders that may hold any file: declarations point into them."""

LATER: Final = ("indicators", "streams", "cases")
"""Folders of the pack language that this version does not read yet."""


def check_layout(files: PackFiles) -> None:
    """Report folders and files that nothing reads."""
    for path in sorted(files.folder.iterdir()):
        name = path.name
        if path.is_file() and name in (*FOLDERS, *FREE, *LATER):
            files.findings.add("pack.folder_is_file", files.place(name), found=name)
        if not path.is_dir() or name.startswith((".", "__")) or name in FREE:
            continue
        if name in FOLDERS:
            _check_files(files, name)
        elif name in LATER:
            files.findings.add("pack.folder_not_supported", files.place(name), found=name)
        else:
            valid = [*FOLDERS, *FREE]
            files.findings.add("pack.folder_unknown", files.place(name), found=name,
                               expected=", ".join(valid), near=nearest(name, valid))  # fmt: skip


def _check_files(files: PackFiles, folder: str) -> None:
    for path in sorted((files.folder / folder).iterdir()):
        hidden = path.name.startswith((".", "__"))
        if not hidden and path.suffix != FOLDERS[folder] and path.name != "README.md":
            place = files.place(f"{folder}/{path.name}")
            files.findings.add(
                "pack.unexpected_file",
                place,
                folder=folder,
                found=path.name,
                expected=FOLDERS[folder],
            )
