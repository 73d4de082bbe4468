"""One furnished zone for the whole package: shipped packs, real figures, people of two departments.

It is built once inside a transaction that is taken back at the end; every test runs in a savepoint
of its own. The lake is the package's own folder.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import transaction

from qiantang.doors.api.limits import LIMITER

from .furnishing import build


@pytest.fixture(autouse=True)
def _fresh_shelf() -> None:
    """The shelf stays as the package found it; tests that install packs forget it themselves."""


@pytest.fixture(scope="package")
def furnished(
    django_db_setup: None,
    django_db_blocker: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """The zone, while the package's tests run."""
    from qiantang.rooms.indicators import store
    from qiantang.rooms.shelf.contents import forget

    lake, kept = tmp_path_factory.mktemp("lake"), settings.QIANTANG_LAKE
    settings.QIANTANG_LAKE = lake
    forget()
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        build()
        yield
        transaction.set_rollback(True)
    settings.QIANTANG_LAKE = kept
    forget()
    store.forget()


@pytest.fixture(autouse=True)
def zone(furnished: None, db: None) -> None:
    """The furnished zone; what a test changes in the database is taken back after it."""
    LIMITER.clear()
