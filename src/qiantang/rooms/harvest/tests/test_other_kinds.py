"""Upstreams that speak OAI-PMH or CKAN's action API: page after page, continued, withdrawn."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from qiantang.kernel.actors import ANONYMOUS, SYSTEM
from qiantang.rooms.catalogue.selectors import feeds
from qiantang.rooms.harvest import services
from qiantang.rooms.harvest.errors import UpstreamAway
from qiantang.rooms.harvest.selectors import instance
from qiantang.rooms.harvest.tests.conftest import add
from qiantang.rooms.harvest.tests.upstreams import Answer, Upstream, an_entry, serving
from qiantang.standards import ckan, dcat
from qiantang.standards import oai_pmh as oai
from qiantang.standards.entries import CatalogueEntry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]
SIZE = 10
NOW = datetime(2024, 1, 2, tzinfo=UTC)


def packages(county: Upstream, query: dict[str, list[str]]) -> Answer:
    start = int(query["start"][0])
    shown = [ckan.package_dict(e) for e in county.entries[start : start + SIZE]]
    body = ckan.found("", len(county.entries), shown)
    return 200, {"Content-Type": "application/json"}, json.dumps(body).encode()


def records(county: Upstream, query: dict[str, list[str]]) -> Answer:
    start = int(query.get("resumptionToken", ["0"])[0])
    shown = tuple(
        oai.Record(f"oai:{e.identifier.removeprefix('urn:')}", NOW, (), _unless_withdrawn(e))
        for e in county.entries[start : start + SIZE]
    )
    token = str(start + SIZE) if start + SIZE < len(county.entries) else ""
    asked = oai.parse_request([("verb", "ListRecords"), ("metadataPrefix", "dcat_ap")])
    listing = oai.Listing(shown, "dcat_ap", token, start, len(county.entries))
    body = oai.list_records(county.address, asked, listing, dcat.rdf_of)
    return 200, {"Content-Type": "text/xml"}, body


def _unless_withdrawn(entry: CatalogueEntry) -> CatalogueEntry | None:
    return None if entry.withdrawn else entry


Pages = Callable[[Upstream, dict[str, list[str]]], Answer]
BOTH = pytest.mark.parametrize(("kind", "pages"), [("ckan", packages), ("oaipmh", records)])


def speaking(pages: Pages, *, broken_after: int = 99) -> Upstream:
    county = Upstream([an_entry(n) for n in range(25)])

    def said(path: str, count: int) -> Answer:
        if count > broken_after:
            return 503, {"Retry-After": "0"}, b""
        return pages(county, parse_qs(urlsplit(path).query))

    county.fault = said
    return county


def shown() -> set[str]:
    views = feeds.feed_page(ANONYMOUS, size=1000)
    return {v.origin.upstream_id for v in views if v.origin}


@BOTH
def test_everything_is_taken_and_once(kind: str, pages: Pages) -> None:
    with serving(speaking(pages)) as county:
        add(county, kind=kind)
        first = services.harvest(SYSTEM, "xihu")
        assert (first.pages, first.counts["new"]) == (3, 25)
        assert shown() == {e.identifier for e in county.entries}
        again = services.harvest(SYSTEM, "xihu")
        assert {k: n for k, n in again.counts.items() if n} == {"same": 25}


@BOTH
def test_a_broken_line_is_continued_where_it_broke(kind: str, pages: Pages) -> None:
    with serving(speaking(pages, broken_after=2)) as county:
        add(county, kind=kind)
        with pytest.raises(UpstreamAway):
            services.harvest(SYSTEM, "xihu")
        assert len(shown()) == 20
        county.fault = lambda path, _: pages(county, parse_qs(urlsplit(path).query))
        county.asked.clear()
        assert services.harvest(SYSTEM, "xihu").state == "done"
        assert (len(county.asked), len(shown())) == (1, 25)


@BOTH
def test_what_is_gone_is_withdrawn(kind: str, pages: Pages) -> None:
    with serving(speaking(pages)) as county:
        add(county, kind=kind)
        services.harvest(SYSTEM, "xihu")
        for n in (1, 2, 3):
            county.entries[n] = replace(county.entries[n], withdrawn=True)
        run = services.harvest(SYSTEM, "xihu")
        assert run.counts["withdrawn"] == 3
        assert len(shown()) == 22


@BOTH
def test_what_is_missing_from_numbered_pages_is_looked_for_again(kind: str, pages: Pages) -> None:
    with serving(speaking(pages)) as county:
        add(county, kind=kind)
        services.harvest(SYSTEM, "xihu")
        gone = [county.entries.pop(3) for _ in range(2)]
        again = services.harvest(SYSTEM, "xihu")
        assert again.counts["withdrawn"] == 2
        assert shown() == {e.identifier for e in county.entries}
        county.entries += gone
        services.harvest(SYSTEM, "xihu")
        assert len(shown()) == 25


@BOTH
def test_pages_that_move_while_they_are_read_withdraw_nothing_that_stays(
    kind: str, pages: Pages
) -> None:
    with serving(speaking(pages)) as county:
        add(county, kind=kind)
        services.harvest(SYSTEM, "xihu")
        said, moved = county.fault, []

        def moving(path: str, count: int) -> Answer | None:
            answer = said(path, count)
            if not moved:  # the first page has been read: one of its entries goes
                moved.append(county.entries.pop(0))
            return answer

        county.fault = moving
        runs = []
        services.harvest(SYSTEM, "xihu", progress=lambda run, _: runs.append(run))
        assert {run.counts.get("missing", 0) for run in runs} == {0, 1}
        assert {e.identifier for e in county.entries} <= shown()
        services.harvest(SYSTEM, "xihu")
        assert shown() == {e.identifier for e in county.entries}


@BOTH
def test_what_was_made_here_does_not_come_back(kind: str, pages: Pages) -> None:
    with serving(speaking(pages)) as county:
        county.entries[4] = replace(county.entries[4], home=instance())
        add(county, kind=kind)
        run = services.harvest(SYSTEM, "xihu")
        assert (run.counts["back"], len(shown())) == (1, 24)
