"""Lists of other people's repositories: what they say, what they withdraw, what is refused."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from qiantang.kernel.text import Text
from qiantang.standards import oai_pmh as oai
from qiantang.standards.dcat import rdf_of
from qiantang.standards.entries import Agency, CatalogueEntry, Stop, Word
from qiantang.standards.errors import DocumentReachesOut, DocumentUnreadable

AT = "https://repository.example/oai"
LIST = """<?xml version="1.0" encoding="UTF-8"?>
<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<responseDate>2024-03-01T08:00:00Z</responseDate>
<request verb="ListRecords" metadataPrefix="oai_dc">https://repository.example/oai</request>
<ListRecords>
 <record><header><identifier>oai:repository.example:1/42</identifier>
  <datestamp>2023-11-30T02:04:05Z</datestamp><setSpec>com_1</setSpec></header>
  <metadata><oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"
   xmlns:dc="http://purl.org/dc/elements/1.1/">
   <dc:title xml:lang="zh-CN">西湖水质监测数据集</dc:title>
   <dc:title xml:lang="en">Water quality of West Lake</dc:title>
   <dc:creator>Zhou, Lan</dc:creator><dc:subject>水质</dc:subject>
   <dc:subject xml:lang="en">water</dc:subject><dc:description>逐月监测。</dc:description>
   <dc:date>2023</dc:date><dc:type>Dataset</dc:type>
   <dc:identifier>https://repository.example/handle/1/42</dc:identifier>
   <dc:coverage>330106</dc:coverage><dc:rights>CC BY 4.0</dc:rights>
  </oai_dc:dc></metadata></record>
 <record><header status="deleted"><identifier>oai:repository.example:1/7</identifier>
  <datestamp>2023-12-01</datestamp></header></record>
 <record><header><identifier>oai:repository.example:1/8</identifier>
  <datestamp>2023-12-01</datestamp></header>
  <metadata><oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"/></metadata>
 </record>
 <resumptionToken completeListSize="1042" cursor="0">MToxMDB8Mjpjb20=</resumptionToken>
</ListRecords></OAI-PMH>"""


def test_a_repository_is_read() -> None:
    read = oai.read_records(LIST.encode(), f"{AT}?verb=ListRecords&metadataPrefix=oai_dc")
    (entry,) = read.entries
    assert entry.identifier == "oai:repository.example:1/42"
    assert entry.title == Text("西湖水质监测数据集", "Water quality of West Lake")
    assert entry.description == Text("逐月监测。", "逐月监测。")
    assert entry.publisher.name.en == "Zhou, Lan"
    assert entry.keywords == (Word("水质", ""), Word("water", "en"))
    assert (entry.division, entry.licence.zh) == ("330106", "CC BY 4.0")
    assert entry.page == "https://repository.example/handle/1/42"
    assert entry.modified == datetime(2023, 11, 30, 2, 4, 5, tzinfo=UTC)
    assert read.gone == ("oai:repository.example:1/7",)
    assert [(p.code, p.dataset) for p in read.problems] == [
        ("oai.no_title", "oai:repository.example:1/8")
    ]
    assert read.next == f"{AT}?verb=ListRecords&resumptionToken=MToxMDB8Mjpjb20%3D"
    assert read.total == 1042


@pytest.mark.parametrize("prefix", ["oai_dc", "dcat_ap"])
def test_what_our_provider_writes_is_read(prefix: str) -> None:
    entry = CatalogueEntry(
        identifier="urn:qiantang:330106:data.berths",
        id="data.berths",
        title=Text("泊位", "Berths"),
        description=Text("各渔港泊位", "Berths of each harbour"),
        publisher=Agency("330106-stats", Text("统计局", "Statistics")),
        keywords=(Word("berth", "en"), Word("泊位", "zh")),
        division="330106",
        sharing="conditional",
        home="urn:uuid:a",
        declared="data.berths",
        passage=(Stop("urn:uuid:a", "A", "http://a"),),
        modified=datetime(2024, 1, 2, tzinfo=UTC),
    )
    records = (
        oai.Record("oai:qiantang:330106:data.berths", datetime(2024, 1, 2, tzinfo=UTC), (), entry),
        oai.Record("oai:qiantang:330106:data.gone", datetime(2024, 1, 2, tzinfo=UTC)),
    )
    asked = oai.parse_request([("verb", "ListRecords"), ("metadataPrefix", prefix)])
    listing = oai.Listing(records, prefix, "", 0, 2)
    read = oai.read_records(oai.list_records(AT, asked, listing, rdf_of), AT)
    (back,) = read.entries
    assert (back.identifier, back.title, back.division, back.declared) == (
        entry.identifier, entry.title, entry.division, entry.declared,
    )  # fmt: skip
    assert sorted(back.keywords, key=str) == sorted(entry.keywords, key=str)
    assert (back.home, back.sharing) == (
        (entry.home, entry.sharing) if prefix == "dcat_ap" else ("", "")
    )
    assert read.gone == ("urn:qiantang:330106:data.gone",)
    assert read.next == ""


def test_an_empty_repository_is_no_error() -> None:
    asked = oai.parse_request([("verb", "ListRecords"), ("metadataPrefix", "oai_dc")])
    nothing = oai.error_answer(AT, asked.given, oai.OaiError("noRecordsMatch", "Nothing."))
    assert oai.read_records(nothing, AT).entries == ()


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"<html/>", DocumentUnreadable),
        (b"not xml", DocumentUnreadable),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', DocumentReachesOut),
        (oai.error_answer(AT, {}, oai.OaiError("badResumptionToken", "x")), DocumentUnreadable),
    ],
)
def test_what_is_no_list_is_a_clear_error(body: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        oai.read_records(body, AT)


def test_the_list_begins_where_the_address_says() -> None:
    assert oai.first_address(AT) == f"{AT}?verb=ListRecords&metadataPrefix=oai_dc"
    chosen = oai.first_address(f"{AT}?set=data&metadataPrefix=dcat_ap")
    assert chosen == f"{AT}?verb=ListRecords&metadataPrefix=dcat_ap&set=data"
