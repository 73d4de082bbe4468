"""Upstreams that die, lie or lead astray: a clear error, nothing half-taken, and on from there."""

from __future__ import annotations

import pytest

from qiantang.kernel.actors import ANONYMOUS, SYSTEM
from qiantang.kernel.errors import QiantangError
from qiantang.rooms.catalogue.selectors import feeds
from qiantang.rooms.harvest import fetching, selectors, services
from qiantang.rooms.harvest.errors import (
    AddressForbidden,
    PagesGoRound,
    PageTooLarge,
    UpstreamAnswersWrong,
    UpstreamAway,
)
from qiantang.rooms.harvest.tests.upstreams import Answer, Upstream
from qiantang.standards.errors import (
    DocumentReachesOut,
    DocumentUnreadable,
    FormUnknown,
)

pytestmark = pytest.mark.django_db
LD = {"Content-Type": "application/ld+json"}
XML = {"Content-Type": "application/rdf+xml"}


def taken() -> int:
    return len([v for v in feeds.feed_page(ANONYMOUS, size=1000) if v.origin])


def test_an_upstream_that_dies_is_continued_where_it_died(county: Upstream) -> None:
    def dying(_: str, count: int) -> Answer | None:
        # The length promised is never sent: the line breaks in the middle of the page.
        return (200, {**LD, "Content-Length": "9999"}, b'{"@graph": [') if count > 2 else None

    county.fault = dying
    with pytest.raises(UpstreamAway):
        services.harvest(SYSTEM, "xihu")
    assert taken() == 20
    run = selectors.runs(SYSTEM, "xihu")[0]
    assert (run.state, run.error, run.pages) == ("failed", "harvest.upstream_away", 2)
    county.fault = lambda *_: None
    county.asked.clear()
    done = services.harvest(SYSTEM, "xihu")
    assert (done.id, done.state, done.seen, taken()) == (run.id, "done", 25, 25)
    assert len(county.asked) == 1


def test_a_hiccup_is_tried_again(county: Upstream) -> None:
    county.fault = lambda _, count: (503, {"Retry-After": "0"}, b"") if count in {1, 3} else None
    assert services.harvest(SYSTEM, "xihu").seen == 25


WRONG: list[tuple[Answer, type[QiantangError]]] = [
    ((404, {}, b""), UpstreamAnswersWrong),
    ((200, {"Content-Type": "text/html"}, b"<html>moved</html>"), FormUnknown),
    ((200, LD, b"{not json"), DocumentUnreadable),
    ((200, LD, b'{"@context": "http://127.0.0.1:1/x"}'), DocumentReachesOut),
    ((200, LD, b"[" * 100_000), DocumentUnreadable),
    ((200, LD, b"{}"), UpstreamAnswersWrong),
    ((200, {"Content-Type": "text/turtle"}, b"<a> <b> "), DocumentUnreadable),
    ((200, XML, b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'),
     DocumentReachesOut),
    ((302, {"Location": "ftp://example.org/"}, b""), AddressForbidden),
    ((302, {"Location": "/dcat/catalog.jsonld"}, b""), UpstreamAnswersWrong),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "error"), WRONG)
def test_a_wrong_answer_is_a_clear_error(
    county: Upstream, answer: Answer, error: type[QiantangError]
) -> None:
    county.fault = lambda *_: answer
    with pytest.raises(error):
        services.harvest(SYSTEM, "xihu")
    assert taken() == 0
    assert selectors.runs(SYSTEM, "xihu")[0].error == error.code
    county.fault = lambda *_: None
    assert services.harvest(SYSTEM, "xihu").seen == 25


def test_a_page_without_end_is_cut_off(county: Upstream, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "LIMIT", 1000)
    with pytest.raises(PageTooLarge):
        services.harvest(SYSTEM, "xihu")


def test_pages_that_lead_back_are_noticed(county: Upstream) -> None:
    from qiantang.rooms.harvest.tests.upstreams import an_entry

    first = county.answer("/dcat/catalog.jsonld")
    body = first[2]
    county.fault = lambda path, _: (200, LD, body) if "after" in path else None
    county.entries.append(an_entry(77))
    with pytest.raises(PagesGoRound):
        services.harvest(SYSTEM, "xihu")


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/x",
        "http://localhost/x",
        "http://10.1.2.3/x",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/x",
        "http://[::ffff:127.0.0.1]/x",
        "http://[64:ff9b::7f00:1]/x",
        "http://0.0.0.0/x",
        "http://2130706433/x",
        "http://user:word@93.184.216.34/x",
        "gopher://93.184.216.34/x",
        "http://",
        "http://93.184.216.34:99999/x",
    ],
)
def test_the_own_network_is_out_of_reach(address: str) -> None:
    with pytest.raises(AddressForbidden):
        fetching.check_address(address, private=False)


def test_a_public_address_is_visited_under_the_number_that_was_judged() -> None:
    found = fetching._pinned("https://93.184.216.34:8443/a?b=c#d")
    assert found.url == "https://93.184.216.34:8443/a?b=c"
    assert (found.host, found.name) == ("93.184.216.34:8443", "93.184.216.34")


def test_a_name_cannot_lead_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    inside = [(2, 1, 6, "", ("93.184.216.34", 80)), (2, 1, 6, "", ("192.168.0.9", 80))]
    monkeypatch.setattr("qiantang.kernel.addresses.socket.getaddrinfo", lambda *_, **__: inside)
    with pytest.raises(AddressForbidden):
        fetching.check_address("http://data.example.org/", private=False)


@pytest.mark.parametrize(
    "address",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://[fe80::1]/x",
        "http://[::ffff:169.254.169.254]/x",
        "http://[64:ff9b::a9fe:a9fe]/x",
    ],
)
def test_what_answers_on_the_line_alone_is_no_upstream_even_inside(address: str) -> None:
    with pytest.raises(AddressForbidden):
        fetching.check_address(address, private=True)


@pytest.mark.parametrize("there", ["http://10.9.8.7/x", "http://localhost:1/x"])
def test_an_upstream_inside_leads_to_no_other_host_inside(county: Upstream, there: str) -> None:
    county.fault = lambda *_: (302, {"Location": there}, b"")
    with pytest.raises(AddressForbidden):
        services.harvest(SYSTEM, "xihu")
