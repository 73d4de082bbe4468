"""Signing keys: Ed25519 (RFC 8032), named by the SHA-256 of the raw public key.

The private key is read and written as PEM (PKCS 8) by whoever keeps it; nothing here touches disk.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass, field
from typing import Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from qiantang.engine.index.bundle.errors import KeyUnreadable

ALGORITHM: Final = "Ed25519"
_FINGERPRINT: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class PublicKey:
    """The 32 raw bytes of a public key."""

    raw: bytes

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(self.raw).hexdigest()

    @property
    def text(self) -> str:
        """Base64, as a bundle carries it."""
        return base64.b64encode(self.raw).decode("ascii")

    def pem(self) -> str:
        """The form that other tools read (SubjectPublicKeyInfo)."""
        made = Ed25519PublicKey.from_public_bytes(self.raw).public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return made.decode("ascii")

    def signed(self, message: bytes, signature: bytes) -> bool:
        """Whether the signature is this key's over the message."""
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key; never shown by ``repr``."""

    private: Ed25519PrivateKey = field(repr=False)

    @property
    def public(self) -> PublicKey:
        raw = self.private.public_key().public_bytes(
            serialization.Encoding.Raw, serialization.PublicFormat.Raw
        )
        return PublicKey(raw)

    def sign(self, message: bytes) -> bytes:
        return self.private.sign(message)

    def pem(self) -> bytes:
        """The key itself, unencrypted: for a file that only its owner reads."""
        return self.private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )


def new_key() -> SigningKey:
    return SigningKey(Ed25519PrivateKey.generate())


def signing_key(pem: bytes, name: str = "-") -> SigningKey:
    """A private key from its PEM. Raises `KeyUnreadable`, which never shows the key."""
    try:
        found = serialization.load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise KeyUnreadable(found=name) from None
    if not isinstance(found, Ed25519PrivateKey):
        raise KeyUnreadable(found=name)
    return SigningKey(found)


def public_key(text: str) -> PublicKey:
    """A public key from the base64 that a bundle carries. Raises `KeyUnreadable`."""
    try:
        raw = base64.b64decode(text, validate=True)
        Ed25519PublicKey.from_public_bytes(raw)
    except ValueError:
        raise KeyUnreadable(found=text[:60]) from None
    return PublicKey(raw)


def fingerprint_of(told: str) -> str:
    """A fingerprint from what a person gives: itself (colons and case do not matter), or the text
    of a public key in PEM. Raises `KeyUnreadable`."""
    plain = told.strip().lower().replace(":", "").removeprefix("sha256")
    if _FINGERPRINT.fullmatch(plain):
        return plain
    try:
        found = serialization.load_pem_public_key(told.encode("utf-8", "replace"))
    except (ValueError, UnsupportedAlgorithm):
        raise KeyUnreadable(found=told.strip()[:60]) from None
    if not isinstance(found, Ed25519PublicKey):
        raise KeyUnreadable(found=told.strip()[:60])
    raw = found.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return PublicKey(raw).fingerprint
