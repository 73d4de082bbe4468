"""A session on a Spark Connect server: reached quickly or not at all, set so that both engines
count alike."""

from __future__ import annotations

import importlib
import re
import socket
import sys
import warnings
from collections.abc import Mapping
from typing import Any, Final

from qiantang.engine.compute.errors import SparkAddressInvalid, SparkMissing, SparkUnreachable

PORT: Final = 15002
WAIT_SECONDS: Final = 5.0
_ADDRESS: Final = re.compile(r"sc://(\[[0-9a-fA-F:]+\]|[^/:;\s]+)(?::(\d{1,5}))?(/.*)?")
SETTINGS: Final[Mapping[str, str]] = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",
    "spark.sql.parquet.fieldId.read.enabled": "true",
    "spark.sql.parquet.fieldId.read.ignoreMissing": "false",
    "spark.sql.caseSensitive": "false",
    "spark.sql.legacy.timeParserPolicy": "CORRECTED",
}
"""What the translation relies on; a site's other settings are left alone."""


def checked(address: str) -> tuple[str, int]:
    """Host and port of ``sc://host:port``. Raises `SparkAddressInvalid`."""
    found = _ADDRESS.fullmatch(address)
    if found is None or int(found[2] or PORT) > 65_535:
        raise SparkAddressInvalid(found=address.split(";", maxsplit=1)[0])
    return found[1].strip("[]"), int(found[2] or PORT)


def reach(address: str) -> str:
    """``host:port`` where somebody answers. Raises `SparkUnreachable`, `SparkAddressInvalid`."""
    host, port = checked(address)
    try:
        socket.create_connection((host, port), WAIT_SECONDS).close()
    except OSError:
        raise SparkUnreachable(found=f"{host}:{port}") from None
    return f"{host}:{port}"


def opened(address: str) -> Any:
    """A new session. Raises `SparkUnreachable`, `SparkMissing`, `SparkAddressInvalid`.

    The client would try for minutes; a plain connection is tried first.
    """
    where = reach(address)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)
            _import_client()
            from pyspark.sql import SparkSession

            session = SparkSession.builder.remote(address).create()
    except ImportError:
        raise SparkMissing from None
    try:
        for name, value in SETTINGS.items():
            session.conf.set(name, value)
    except Exception as wrong:
        raise SparkUnreachable(found=where) from wrong
    return session


def _import_client() -> None:
    """Import the client where the main module has no file (``python -c``, a worker process), too:
    it would take itself to be in a doctest there, look for a Spark and end the process."""
    main = sys.modules["__main__"]
    nameless = not hasattr(main, "__file__")
    if nameless:
        main.__file__ = ""
    try:
        importlib.import_module("pyspark.sql.connect.session")
    finally:
        if nameless:
            del main.__file__
