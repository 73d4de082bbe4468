"""What the page on machine feeds says of SDMX is done as it stands there."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import requests

from qiantang.kernel.observations import Observation

pytestmark = pytest.mark.django_db

PAGE = Path(__file__).parents[6] / "docs" / "howto" / "feeds.md"
ELSEWHERE = "https://data.example.gov.cn"


def said(client: str) -> str:
    found = re.search(rf"```python {client}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)
    assert found
    return found[1]


@pytest.mark.parametrize("client", ["sdmx1", "pysdmx"])
def test_the_code_of_the_page_reads_a_series(
    site: str, published: list[Observation], client: str
) -> None:
    names: dict[str, Any] = {}
    exec(said(client).replace(ELSEWHERE, site), names)
    whole = {
        str(o.period): o.value
        for o in published
        if (o.indicator, o.division, o.period.kind) == ("gdp", "330000", "year")
    }
    if client == "sdmx1":
        read = {
            str(obs.key.values["TIME_PERIOD"].value): Decimal(str(obs.value))
            for obs in names["growth"].data[0].obs
        }
    else:
        rows = names["figures"].to_dict("records")
        read = {str(row["TIME_PERIOD"]): Decimal(str(row["OBS_VALUE"])) for row in rows}
    assert read == whole


def test_every_address_of_the_page_answers(site: str) -> None:
    page = PAGE.read_text(encoding="utf-8").partition("## 统计数据")[2]
    addresses = re.findall(r"`((?:/sdmx|\.\.\.\?)[^`]*)`", page)
    base = "/sdmx/3.0/data/dataflow/*/FIGURES/*/A.*.330100"
    assert len(addresses) > 8
    for address in addresses:
        whole = address.replace("...", base)
        answer = requests.get(f"{site}{whole}", timeout=60)
        nothing_changed = "updatedAfter" in whole and answer.status_code == 404
        assert answer.status_code == 200 or nothing_changed, whole
