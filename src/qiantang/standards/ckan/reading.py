"""Anybody's ``package_search`` as entries, page after page.

A dataset's name in the whole world is the ``identifier`` or ``uri`` among its extras where that is
one, else its address at the site. What our own action API says in extras is taken back.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from qiantang.kernel.text import Text
from qiantang.standards.ckan.packages import id_of
from qiantang.standards.declarations import declared_of
from qiantang.standards.entries import (
    EMPTY,
    Agency,
    Catalogue,
    CatalogueEntry,
    Distribution,
    EntryProblem,
    ReadPage,
    Stop,
    Word,
)
from qiantang.standards.errors import DocumentUnreadable

ROWS: Final = 100
_ACTION: Final = "/api/3/action/package_search"
_MANY: Final = 200
_NO_TITLE: Final = Text("数据集没有名称。", "The dataset has no title.")
Package = Mapping[str, Any]


def first_address(address: str) -> str:
    """Where the pages begin: the site's address; a query such as ``fq=`` goes along."""
    parts = urlsplit(address)
    path = parts.path.partition("/api/")[0].rstrip("/")
    asked = {"rows": str(ROWS), "sort": "name asc", **dict(parse_qsl(parts.query)), "start": "0"}
    return parts._replace(path=f"{path}{_ACTION}", query=urlencode(asked)).geturl()


def read_packages(data: bytes, address: str) -> ReadPage:
    """One answer, fetched from ``address``. Raises `DocumentUnreadable`."""
    result = _result(data)
    parts = urlsplit(address)
    site = parts._replace(path=parts.path.partition("/api/")[0], query="").geturl()
    problems: list[EntryProblem] = []
    entries: dict[str, CatalogueEntry] = {}
    packages = result["results"]
    for package in packages:
        entry = _entry(package, site) if isinstance(package, Mapping) else None
        if entry is None:
            name = str(package.get("name", ""))[:200] if isinstance(package, Mapping) else ""
            problems.append(EntryProblem("ckan.no_title", name, _NO_TITLE, fatal=True))
        elif not entry.withdrawn:
            entries[entry.identifier] = entry
    return ReadPage(
        Catalogue(site, EMPTY, EMPTY, Agency("", EMPTY)),
        tuple(entries[key] for key in sorted(entries)),
        tuple(problems),
        _next(address, len(packages), result["count"]),
        result["count"],
    )


def _result(data: bytes) -> dict[str, Any]:
    try:
        said = json.loads(data)
        result = said["result"]
        if said["success"] is not True or not isinstance(result["results"], list):
            raise ValueError(str(said.get("error"))[:160])
        return {"results": result["results"], "count": int(result["count"])}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        found = str(error)[:160] or type(error).__name__
        raise DocumentUnreadable(form="CKAN", found=found) from error


def _next(address: str, shown: int, count: int) -> str:
    parts = urlsplit(address)
    asked = dict(parse_qsl(parts.query))
    start = int(asked.get("start", "0")) + shown
    if not shown or start >= count:
        return ""
    return parts._replace(query=urlencode({**asked, "start": str(start)})).geturl()


def _entry(package: Package, site: str) -> CatalogueEntry | None:
    extras = dict(_extras(package))
    name = str(package.get("name") or package.get("id") or "")
    title = _text(package, "title", 500)
    if not name or not title.zh:
        return None
    said = next((extras[k] for k in ("identifier", "uri") if ":" in extras.get(k, "")), "")
    conditions = extras.get("sharing_conditions", "")
    from_where = extras.get("harvested_from", "")
    home = extras.get("home_instance", "")
    return CatalogueEntry(
        identifier=(said or f"{site}/dataset/{name}")[:500],
        id=(extras.get("qiantang_id") or id_of(name))[:100],
        code=extras.get("resource_code", "")[:60],
        title=title,
        description=_text(package, "notes", 20_000),
        publisher=_publisher(package),
        page=f"{site}/dataset/{name}",
        keywords=tuple(_words(package)),
        classes=tuple(extras.get("resource_classes", "").split())[:_MANY],
        sharing=_one_of(extras.get("sharing", ""), "unconditional", "conditional", "withheld"),
        conditions=Text(conditions, conditions),
        open=package.get("isopen") is True,
        cadence=extras.get("update_cycle", "")[:20],
        licence=_plain_text(str(package.get("license_title") or "")[:300]),
        version=str(package.get("version") or "")[:60],
        issued=_moment(package.get("metadata_created")),
        modified=_moment(package.get("metadata_modified")),
        division=_division(extras.get("division", "")),
        distributions=tuple(_distributions(package)),
        home=home,
        declared=declared_of(_listed(extras.get("conforms_to", ""))),
        passage=(Stop(home, "", from_where),) if from_where and home else (),
        withdrawn=package.get("state", "active") != "active" or package.get("private") is True,
    )


def _extras(package: Package) -> Iterator[tuple[str, str]]:
    for each in package.get("extras") or ():
        if isinstance(each, Mapping) and isinstance(each.get("value"), str):
            yield str(each.get("key")), each["value"][:20_000]


def _listed(said: str) -> list[str]:
    """The texts of a JSON list; what is none is one text."""
    try:
        found = json.loads(said)
    except (ValueError, RecursionError):
        return [said]
    return [str(each) for each in found[:_MANY]] if isinstance(found, list) else [said]


def _text(package: Package, name: str, limit: int) -> Text:
    both = package.get(f"{name}_translated")
    both = both if isinstance(both, Mapping) else {}
    plain = str(package.get(name) or "")
    zh = str(both.get("zh") or both.get("zh_Hans_CN") or both.get("zh_CN") or plain)
    en = str(both.get("en") or plain)
    return Text((zh or en).strip()[:limit], (en or zh).strip()[:limit])


def _plain_text(said: str) -> Text:
    return Text(said, said)


def _publisher(package: Package) -> Agency:
    said = package.get("organization")
    if not isinstance(said, Mapping):
        name = str(package.get("author") or package.get("maintainer") or "")[:500]
        return Agency("", _plain_text(name))
    return Agency(id_of(str(said.get("name") or ""))[:80], _text(said, "title", 500))


def _words(package: Package) -> Iterator[Word]:
    for each in (package.get("tags") or ())[:_MANY]:
        said = each.get("display_name") or each.get("name") if isinstance(each, Mapping) else each
        if text := str(said or "").strip()[:100]:
            yield Word(text, "en" if text.isascii() else "zh")


def _distributions(package: Package) -> Iterator[Distribution]:
    for each in (package.get("resources") or ())[:_MANY]:
        if not isinstance(each, Mapping) or not each.get("url"):
            continue
        size = each.get("size")
        yield Distribution(
            id=str(each.get("id") or "")[:200],
            title=_text(each, "name", 500),
            address=str(each["url"])[:2000],
            download=str(each["url"])[:2000],
            format=str(each.get("format") or "")[:40],
            media_type=str(each.get("mimetype") or "")[:100],
            description=_plain_text(str(each.get("description") or "")[:2000]),
            size=size if isinstance(size, int) and size >= 0 else None,
            modified=_moment(each.get("last_modified")),
        )


def _one_of(said: str, *known: str) -> str:
    return said if said in known else ""


def _division(said: str) -> str:
    return said if len(said) == 6 and said.isascii() and said.isdigit() else ""


def _moment(said: object) -> datetime | None:
    """CKAN writes UTC without saying so."""
    try:
        found = datetime.fromisoformat(str(said or "").replace("Z", "+00:00"))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
