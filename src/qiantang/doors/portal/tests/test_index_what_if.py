"""What if: ranks follow the reader's choices, the address holds them, nothing else changes."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client


def ranks(reader: Client, address: str) -> dict[str, Any]:
    mark = "&" if "?" in address else "?"
    answer = reader.get(f"{address}{mark}format=json")
    found: dict[str, Any] = json.loads(answer.content)
    return found


def test_without_changes_the_published_ranks_stand(index: str, reader: Client) -> None:
    found = ranks(reader, f"/indices/{index}/what-if/")
    assert found["changes"] == {}
    assert all(r["rank"] == r["before"] for r in found["ranks"])


def test_another_weight_moves_ranks_and_the_link_says_it_all(index: str, reader: Client) -> None:
    address = f"/indices/{index}/what-if/?weight.Sust=3&aggregate.method=arithmetic"
    found = ranks(reader, address)
    assert found["changes"] == {"weight.Sust": "3"}
    assert any(r["rank"] != r["before"] for r in found["ranks"])
    page = reader.get(address).content.decode()
    assert f"/indices/{index}/what-if/?weight.Sust=3" in page
    published = ranks(reader, f"/indices/{index}/what-if/")
    assert [r["before"] for r in found["ranks"]] != [r["rank"] for r in found["ranks"]]
    assert all(r["rank"] == r["before"] for r in published["ranks"])


def test_for_htmx_the_ranks_alone_come_back_with_the_address(index: str, reader: Client) -> None:
    answer = reader.get(
        f"/indices/{index}/what-if/?weight.Sust=3",
        headers={"HX-Request": "true", "HX-Target": "whatif-result"},
    )
    text = answer.content.decode()
    assert "<h1" not in text
    assert 'id="whatif-result"' in text
    assert answer.headers["HX-Replace-Url"] == f"/indices/{index}/what-if/?weight.Sust=3"


def test_without_scripts_the_form_says_the_same(index: str, reader: Client) -> None:
    text = reader.get(f"/indices/{index}/what-if/?weight.Sust=3").content.decode()
    assert 'name="weight.Sust"' in text
    assert 'value="3" data-default="1"' in text
    assert '<button class="button" type="submit">' in text


def test_a_method_that_a_value_forbids_says_why_and_keeps_the_published_ranks(
    index: str, reader: Client
) -> None:
    answer = reader.get(f"/indices/{index}/what-if/?aggregate.method=geometric")
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'class="problem"' in text
    assert "归一化区间的下限改为大于 0" in text, "what to do is said"
    assert "瑞士" in text


def test_a_geometric_mean_is_had_on_a_scale_above_nought(index: str, reader: Client) -> None:
    changes = "aggregate.method=geometric&normalise.range=[1, 100]"
    page = reader.get(f"/indices/{index}/what-if/?{changes}")
    assert page.status_code == 200
    assert 'value="[1, 100]" selected' in page.content.decode()
    now = ranks(reader, f"/indices/{index}/what-if/?{changes}")
    assert now != ranks(reader, f"/indices/{index}/what-if/")


def test_nonsense_in_the_address_is_refused_by_name(index: str, reader: Client) -> None:
    for value in ("-1", "much", "inf"):
        answer = reader.get(f"/indices/{index}/what-if/?weight.Sust={value}")
        assert answer.status_code == 422, value
        assert "weight.Sust" in answer.content.decode(), value


def test_fields_that_are_no_choice_are_passed_over(index: str, reader: Client) -> None:
    found = ranks(reader, f"/indices/{index}/what-if/?weight.XXX=3&utm_source=x")
    assert found["changes"] == {}
