"""County, city and province as three instances that harvest each other over HTTP."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from qiantang.standards import dcat

QIANTANG = str(Path(sys.executable).with_name("qiantang"))
BY_HAND = ("--every", "0")
"""Else the servers harvest by themselves, before the test does."""
Server = tuple[str, subprocess.Popen[bytes]]
LEVELS = {"county": "330106", "city": "330100", "province": "330000"}


def qiantang(zone: Path, *arguments: str) -> str:
    command = [QIANTANG, "--zone", str(zone), "--lang", "en", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def harvested(zone: Path, upstream: str) -> dict[str, Any]:
    return dict(json.loads(qiantang(zone, "harvest", "run", upstream, "--format", "json"))[0])


@contextmanager
def served(zone: Path) -> Iterator[Server]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [QIANTANG, "--zone", str(zone), "serve", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}/dcat/catalog.jsonld"
    try:
        yield address, process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def answering(server: Server) -> str:
    """The server's address, once it answers there."""
    address, process = server
    for _ in range(300):
        assert process.poll() is None, "the server did not start"
        try:
            with urllib.request.urlopen(address, timeout=60):
                return address
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the server does not answer")


def begun(which: tuple[str, Path]) -> None:
    """A zone of a level; the county's alone has something to tell."""
    level, zone = which
    bare = [] if level == "county" else ["--bare"]
    qiantang(zone.parent, "init", str(zone), "--division", LEVELS[level], *bare)


def feed(address: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    while address:
        with urllib.request.urlopen(address, timeout=60) as answer:
            page = dcat.read_page(answer.read(), "jsonld", address)
        found |= {entry.identifier: entry for entry in page.entries}
        address = page.next
    return found


@pytest.mark.slow
def test_county_to_city_to_province_and_round(tmp_path: Path) -> None:
    zones = {level: tmp_path / level for level in LEVELS}
    with ThreadPoolExecutor(len(zones)) as at_once:
        list(at_once.map(begun, zones.items()))
    with ExitStack() as stack:
        started = {level: stack.enter_context(served(zone)) for level, zone in zones.items()}
        at = {level: answering(server) for level, server in started.items()}
        made = feed(at["county"])
        assert made
        qiantang(zones["city"], "harvest", "add", "county", at["county"], "--private",
                 "--division", LEVELS["county"], *BY_HAND)  # fmt: skip
        qiantang(zones["province"], "harvest", "add", "city", at["city"], "--private",
                 "--division", LEVELS["city"], *BY_HAND)  # fmt: skip
        qiantang(
            zones["county"], "harvest", "add", "province", at["province"], "--private", *BY_HAND
        )
        assert harvested(zones["city"], "county")["counts"]["new"] == len(made)
        assert harvested(zones["province"], "city")["counts"]["new"] == len(made)
        arrived = feed(at["province"])
        site = at["county"].partition("/dcat/")[0]
        for kind, address in (("ckan", site), ("oaipmh", f"{site}/oai?metadataPrefix=dcat_ap")):
            qiantang(
                zones["city"],
                "harvest",
                "add",
                kind,
                address,
                "--private",
                "--kind",
                kind,
                *BY_HAND,
            )
            # The same entries by another way: all are met, none takes the place of the first.
            assert harvested(zones["city"], kind)["counts"]["conflict"] == len(made)
        back = harvested(zones["county"], "province")
        assert feed(at["county"]).keys() == made.keys()
    assert arrived.keys() == made.keys()
    for identifier, entry in arrived.items():
        source = made[identifier]
        assert (entry.title, entry.sharing, entry.cadence, entry.division) == (
            source.title, source.sharing, source.cadence, source.division,
        )  # fmt: skip
        assert entry.columns == source.columns
        assert entry.home == source.home
        # Through the county's catalogue and the city's, in this order.
        assert len(entry.passage) == 2
        assert entry.passage[0].instance == source.home
        assert [stop.address for stop in entry.passage] == [at["county"], at["city"]]
    # What was made in the county is not taken back by it.
    assert {k: n for k, n in back["counts"].items() if n} == {"back": len(made)}
