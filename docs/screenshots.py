"""Take the pictures of the README: a fresh demo zone, served, and photographed in Chromium.

Run by ``make screenshots``. Everything goes through the installed command, in a temporary folder;
the pictures show the page as a visitor sees it first, at two widths and in both languages.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import tomllib
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "screenshots"
WIDTHS = {"wide": (1280, 1100), "narrow": (360, 760)}
LANGUAGES = ("zh", "en")
INDEX = "/indices/asem-connectivity.connectivity"
PUBLIC = {
    "home": "/",
    "target": "/targets/T01/",
    "pack-page": "/packs/geography/divisions/",
    "index": f"{INDEX}-panel/",
    "index-unit": f"{INDEX}-panel/units/AUT/",
    "what-if": f"{INDEX}/what-if/?weight.Sust=2",
    "robustness": f"{INDEX}/robustness/",
    "index-method": f"{INDEX}/method/",
}
SIGNED_IN = {
    "desk": "/desk/figures/new/?indicator=core_va&division=330000",
    "desk-index": "/desk/indices/asem-connectivity.connectivity/",
}
HELD = {"delivery": "", "reading": "reading/"}
"""Pages of the demo's delivery that waits for a decision."""
OFFICER = "officer"
STEWARD = "steward"
LARGEST = 350_000
"""Bytes of one picture."""
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


def main() -> int:
    """Write every picture; the exit code is 1 when one is larger than it may be."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="qiantang-screenshots-") as folder:
        zone = Path(folder) / "zone"
        with served(zone) as address:
            taken = list(pictures(address, passwords(zone)))
    for path in taken:
        print(f"{path.relative_to(FOLDER.parent)}  {path.stat().st_size // 1024} KB")
    return 1 if any(path.stat().st_size > LARGEST for path in taken) else 0


@contextmanager
def served(zone: Path) -> Iterator[str]:
    """A demo zone behind its server; the address."""
    command = [str(Path(sys.executable).with_name("qiantang")), "--zone", str(zone)]
    clean = {k: v for k, v in os.environ.items() if not k.startswith("QIANTANG_")}
    subprocess.run([*command, "demo", "--no-serve"], env=clean, check=True, capture_output=True)
    port = free_port()
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    server = subprocess.Popen([*command, "serve", "--port", str(port)], env=clean, **quiet)
    try:
        address = f"http://127.0.0.1:{port}"
        wait_for(address, server)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=30)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(120):
        if server.poll() is not None:
            raise SystemExit(f"the server ended with code {server.returncode}")
        try:
            with urllib.request.urlopen(f"{address}/about/", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    raise SystemExit("the server did not answer")


def passwords(zone: Path) -> dict[str, str]:
    kept = tomllib.loads((zone / "demo-sign-ins.toml").read_text(encoding="utf-8"))
    return {name: str(person["password"]) for name, person in kept.items()}


def pictures(address: str, secrets: dict[str, str]) -> Iterator[Path]:
    """Each page in each language at each width."""
    from playwright.sync_api import sync_playwright

    found = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(QUIET))
        for lang in LANGUAGES:
            for width, (across, down) in WIDTHS.items():
                context = browser.new_context(
                    base_url=address, viewport={"width": across, "height": down}
                )
                context.add_cookies([{"name": "lang", "value": lang, "url": address}])
                page = context.new_page()
                for name, path in PUBLIC.items():
                    yield taken(page, path, f"{name}-{lang}-{width}")
                sign_in(page, OFFICER, secrets[OFFICER])
                for name, path in SIGNED_IN.items():
                    yield taken(page, path, f"{name}-{lang}-{width}")
                context.clear_cookies(name="qiantang_session")
                sign_in(page, STEWARD, secrets[STEWARD])
                held = held_run(page)
                for name, part in HELD.items():
                    yield taken(page, f"{held}{part}", f"{name}-{lang}-{width}")
                context.close()
        browser.close()


def taken(page: Any, path: str, name: str) -> Path:
    """What the window shows when page and charts are there."""
    page.goto(path, wait_until="networkidle")
    for figure in page.locator("figure[data-chart-src]").all():
        figure.locator("svg").first.wait_for(state="attached")
    file = FOLDER / f"{name}.png"
    page.screenshot(path=str(file))
    return file


def held_run(page: Any) -> str:
    """The address of the delivery that the demo left for a decision."""
    page.goto("/desk/resources/data-commons.population/", wait_until="networkidle")
    return str(page.locator("a[href^='/desk/runs/']").first.get_attribute("href"))


def sign_in(page: Any, username: str, secret: str) -> None:
    page.goto("/desk/sign-in/?next=/desk/", wait_until="networkidle")
    page.fill("#username", username)
    page.fill("#password", secret)
    page.click("form.card button[type=submit]")
    page.wait_for_url("**/desk/")


if __name__ == "__main__":
    raise SystemExit(main())
