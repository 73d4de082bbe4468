"""Bundles as files of the zone, and the key that signs them.

A bundle is on disk, whole, before the row that names it is committed: a crash between the two
leaves a file that no row names, which nobody reads. The file's name holds its digest, so writing
again harms nothing, and every read compares the bytes with the row's digest.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import tempfile
from pathlib import Path
from typing import Final

from django.conf import settings

from qiantang.engine.index.bundle import PublicKey, SigningKey, new_key, signing_key
from qiantang.engine.index.bundle.errors import KeyUnreadable
from qiantang.rooms.indices.errors import BundleLost, KeyLost

log = logging.getLogger(__name__)
KEY_FILE: Final = "indices-signing-key.pem"
_NAME: Final = re.compile(r"[A-Za-z0-9_.-]+\.zip")


def digest_of(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def keep(index: str, number: int, raw: bytes) -> str:
    """Put a bundle into the zone's folder, synced; the name of its file."""
    folder = Path(settings.QIANTANG_EDITIONS)
    folder.mkdir(parents=True, exist_ok=True)
    plain = re.sub(r"[^A-Za-z0-9.-]", "_", index)
    name = f"{plain}-{number}-{digest_of(raw)[:16]}.zip"
    _write(folder / name, raw, 0o644)
    return name


def bytes_of(name: str, digest: str, number: int) -> bytes:
    """The bundle of an edition. Raises `BundleLost` where it is not what was recorded."""
    if not _NAME.fullmatch(name):
        raise BundleLost(found=number)
    try:
        raw = (Path(settings.QIANTANG_EDITIONS) / name).read_bytes()
    except OSError as error:
        raise BundleLost(found=number) from error
    if digest_of(raw) != digest:
        raise BundleLost(found=number)
    return raw


def is_kept(name: str, digest: str) -> bool:
    """Whether the bundle lies there as it was recorded."""
    try:
        bytes_of(name, digest, 0)
    except BundleLost:
        return False
    return True


def signer() -> SigningKey:
    """The zone's signing key, made at first use. Raises `KeyLost`."""
    path = Path(settings.QIANTANG_CREDENTIALS) / KEY_FILE
    try:
        if not path.exists():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write_once(path, new_key().pem(), 0o600)
        return signing_key(path.read_bytes(), KEY_FILE)
    except (OSError, KeyUnreadable) as error:
        log.error("the signing key %s cannot be used", KEY_FILE)
        raise KeyLost(found=KEY_FILE) from error


def public_key() -> PublicKey:
    """The key by which the zone's editions are recognised."""
    return signer().public


def _write(path: Path, raw: bytes, mode: int) -> None:
    made = _temporary(path, raw, mode)
    made.replace(path)
    _sync(path.parent)


def _write_once(path: Path, raw: bytes, mode: int) -> None:
    """If another process was first, its file stays."""
    made = _temporary(path, raw, mode)
    try:
        os.link(made, path)
    except FileExistsError:
        pass
    finally:
        made.unlink()
    _sync(path.parent)


def _temporary(path: Path, raw: bytes, mode: int) -> Path:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            os.fchmod(file.fileno(), mode)
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name)


def _sync(folder: Path) -> None:
    """The folder's entry too, or a power cut may forget the file's name."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
