"""A text that is there in one language alone is told in that language, by every feed."""

from __future__ import annotations

import pytest
from lxml import etree
from rdflib import Graph
from rdflib.namespace import DCTERMS

from qiantang.kernel.text import Text
from qiantang.standards import dcat
from qiantang.standards.ckan.packages import organization_dict, package_dict
from qiantang.standards.entries import Agency, CatalogueEntry, in_languages
from qiantang.standards.oai_pmh import answers

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
TITLE = "{http://purl.org/dc/elements/1.1/}title"
CASES = [
    (Text("泊位", "Berths"), {"zh": "泊位", "en": "Berths"}),
    (Text("Berths", "Berths"), {"en": "Berths"}),
    (Text("", "Berths"), {"en": "Berths"}),
    (Text("泊位", "泊位"), {"zh": "泊位"}),
    (Text("泊位", ""), {"zh": "泊位"}),
    (Text("GDP", ""), {"zh": "GDP"}),
    (Text("", ""), {}),
]
NAMED = [case for case in CASES if case[1]]


def _entry(title: Text) -> CatalogueEntry:
    address = "https://data.example.gov.cn/dcat/dataset/data.berths"
    return CatalogueEntry(
        "urn:qiantang:330106:data.berths", title, title, Agency("330106-stats", title),
        id="data.berths", address=address,
    )  # fmt: skip


@pytest.mark.parametrize(("text", "said"), CASES)
def test_a_text_is_in_the_languages_that_somebody_gave(text: Text, said: dict[str, str]) -> None:
    assert in_languages(text) == said


@pytest.mark.parametrize(("title", "said"), NAMED)
def test_dcat_tags_it_so_and_reads_it_back(title: Text, said: dict[str, str]) -> None:
    written = dcat.write_entry(_entry(title), "ttl")
    graph = Graph().parse(data=written, format="turtle")
    titles = {t.language: str(t) for t in graph.objects(None, DCTERMS.title)}
    assert titles == said
    (again,) = dcat.read_page(written, "ttl").entries
    assert in_languages(again.title) == said or title == Text("GDP", "")


@pytest.mark.parametrize(("title", "said"), NAMED)
def test_dublin_core_tags_it_so(title: Text, said: dict[str, str]) -> None:
    parent = etree.Element("metadata")
    answers._dublin_core(parent, _entry(title))
    assert {each.get(XML_LANG): each.text for each in parent.iter(TITLE)} == said


@pytest.mark.parametrize(("title", "said"), NAMED)
def test_ckan_translates_into_no_language_that_is_not_there(
    title: Text, said: dict[str, str]
) -> None:
    package = package_dict(_entry(title))
    assert package["title_translated"] == package["notes_translated"] == said
    assert package["title"] == (title.zh or title.en)
    extras = {each["key"]: each["value"] for each in package["extras"]}
    assert extras.get("title_en") == said.get("en")
    organization = organization_dict(Agency("330106-stats", title))
    assert (organization["title_translated"], organization["title"]) == (said, package["title"])
