"""Reproducibility bundles: an edition of an index that a stranger can check, offline."""

from qiantang.engine.index.bundle.contents import About, Contents, Gap, Origin
from qiantang.engine.index.bundle.keys import PublicKey, SigningKey, new_key, signing_key
from qiantang.engine.index.bundle.reading import Bundle, read
from qiantang.engine.index.bundle.surveying import survey
from qiantang.engine.index.bundle.verifying import Verification, index_of, verify
from qiantang.engine.index.bundle.writing import write

__all__ = [
    "About",
    "Bundle",
    "Contents",
    "Gap",
    "Origin",
    "PublicKey",
    "SigningKey",
    "Verification",
    "index_of",
    "new_key",
    "read",
    "signing_key",
    "survey",
    "verify",
    "write",
]
