"""A demo zone served by the real server, and a headless Chromium in front of it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import tomllib
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

INSTALL = "Chromium is missing: sudo apt install chromium"
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PATIENCE = 60


@dataclass(frozen=True)
class Site:
    """A running zone: its address and the demo's passwords by account."""

    address: str
    passwords: dict[str, str]


def _environment() -> dict[str, str]:
    """The tests' own zone and database are not the served zone's."""
    return {k: v for k, v in os.environ.items() if not k.startswith("QIANTANG_")}


def _free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def _ready(address: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(PATIENCE * 4):
        if server.poll() is not None:
            pytest.fail(f"the server ended with code {server.returncode}")
        try:
            with urllib.request.urlopen(f"{address}/about/", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.25)
    pytest.fail("the server did not answer")


@pytest.fixture(scope="session")
def installed() -> str:
    """Where the machine's Chromium is; looked for first, for the driver needs its libraries."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.skip(INSTALL)
    return found


# Of one file's tests alone: the driver runs an event loop in this thread, in which Django would
# refuse the database to whatever test comes next.
@pytest.fixture(scope="module")
def chromium(installed: str) -> Iterator[Any]:
    """The machine's Chromium, started."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="pip install playwright")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site(installed: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo zone, filled through the normal write path and served."""
    zone = tmp_path_factory.mktemp("browser") / "zone"
    qiantang = [sys.executable, "-m", "qiantang.doors.cli.main", "--zone", str(zone)]
    made = subprocess.run(
        [*qiantang, "demo", "--no-serve"], env=_environment(), capture_output=True, check=False
    )
    assert made.returncode == 0, made.stderr.decode()
    port = _free_port()
    server = subprocess.Popen(
        [*qiantang, "serve", "--port", str(port)],
        env=_environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _ready(address, server)
        kept = tomllib.loads((zone / "demo-sign-ins.toml").read_text(encoding="utf-8"))
        yield Site(address, {name: person["password"] for name, person in kept.items()})
    finally:
        server.terminate()
        server.wait(timeout=20)


@pytest.fixture
def problems() -> list[str]:
    """What the browser's console complained of."""
    return []


@pytest.fixture
def open_page(chromium: Any, site: Site, problems: list[str]) -> Iterator[Any]:
    """``open_page("/targets/", width=360, lang="en")`` in a browser of its own."""
    contexts = []

    def open_(path: str, *, width: int = 1280, lang: str = "zh", dark: bool = False) -> Any:
        context = chromium.new_context(
            base_url=site.address,
            viewport={"width": width, "height": 800},
            color_scheme="dark" if dark else "light",
        )
        contexts.append(context)
        context.add_cookies([{"name": "lang", "value": lang, "url": site.address}])
        page = context.new_page()
        page.on("pageerror", lambda e: problems.append(str(e)))
        page.on(
            "console",
            lambda m: problems.append(m.text) if m.type in {"error", "warning"} else None,
        )
        page.goto(path, wait_until="networkidle")
        return page

    yield open_
    for context in contexts:
        context.close()


@pytest.fixture
def sign_in(open_page: Any, site: Site) -> Any:
    """``sign_in("officer")``: a page of a browser in which that person is signed in."""

    def sign_in_(name: str, path: str = "/desk/", **how: Any) -> Any:
        page = open_page(f"/desk/sign-in/?next={path}", **how)
        page.fill("#username", name)
        page.fill("#password", site.passwords[name])
        page.click("form.card button[type=submit]")
        page.wait_for_url(f"**{path}")
        return page

    return sign_in_
