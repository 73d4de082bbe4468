"""Passwords of sources: in a file of the zone that only its owner reads, or in the environment.

The database keeps the name only: ``file:NAME`` or ``env:NAME``. Nothing here is ever logged.
"""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path
from typing import Final

from django.conf import settings

from qiantang.rooms.intake.errors import CredentialMissing, SourceInvalid

_NAME: Final = re.compile(r"(file|env):([A-Za-z0-9][A-Za-z0-9_.-]{0,80})")


def checked(reference: str) -> str:
    """A well-formed reference, or nothing. Raises `SourceInvalid`."""
    if reference and not _NAME.fullmatch(reference):
        raise SourceInvalid(field="credential", found=reference, expected="file:NAME, env:NAME")
    return reference


def look_up(reference: str) -> str:
    """The password behind a reference; empty for none. Raises `CredentialMissing`."""
    if not reference:
        return ""
    kind, _, name = checked(reference).partition(":")
    if kind == "env":
        found = os.environ.get(name)
        if found is None:
            raise CredentialMissing(found=reference)
        return found
    try:
        return (_folder() / name).read_text(encoding="utf-8").rstrip("\n")
    except OSError as error:
        raise CredentialMissing(found=reference) from error


def keep(name: str, password: str) -> str:
    """Keep a password under ``name``; its reference."""
    reference = checked(f"file:{name}")
    folder = _folder()
    handle, made = tempfile.mkstemp(dir=folder)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(password)
        file.flush()
        os.fsync(file.fileno())
    Path(made).replace(folder / name)
    return reference


def _folder() -> Path:
    folder = Path(settings.QIANTANG_CREDENTIALS)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
