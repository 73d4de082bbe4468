"""One server and one session for all tests of the two engines, in a zone that is nobody's."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import pytest

from qiantang.engine.compute import DuckEngine, SparkEngine
from qiantang.engine.compute.tests import servers
from qiantang.engine.compute.tests.sample import sample


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with servers.serving(tmp_path_factory.mktemp("spark")) as found:
        yield found


@pytest.fixture(scope="session", autouse=True)
def elsewhere() -> Iterator[None]:
    """The process lives in Berlin's time; the session is in UTC and real Spark in New York's."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = "Europe/Berlin"
    time.tzset()
    yield
    os.environ.pop("TZ") if before is None else os.environ.update(TZ=before)
    time.tzset()


@pytest.fixture(scope="session")
def spark(address: str, elsewhere: None) -> Iterator[SparkEngine]:
    with SparkEngine(address) as engine:
        engine.register("t", sample())
        yield engine


@pytest.fixture(scope="session")
def duck() -> Iterator[DuckEngine]:
    with DuckEngine() as engine:
        engine.register("t", sample())
        yield engine
