"""A city's figure from its districts' over the API, with the districts of that time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from qiantang.kernel.actors import Actor
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Norm
from qiantang.rooms.indicators import selectors, services
from qiantang.rooms.indicators.errors import CannotAdd, NoSuchDivision
from qiantang.rooms.shelf import selectors as shelf

from .conftest import RESOURCE, Row


def test_a_city_is_the_sum_of_the_districts_it_had(
    officer: Actor, approver: Actor, form: Row, client: Client
) -> None:
    found = selectors.aggregated("core_va", "330100", "2020")
    codes = [p.code for p in found.parts]
    assert "330103" in codes
    assert "330114" not in codes
    rows = [
        {**form, "id": f"D{code}", "division": code, "period": "2020", "value": "10"}
        for code in codes
    ]
    sent = services.deliver(officer, RESOURCE, rows)
    services.approve(approver, sent.id)
    whole = selectors.aggregated("core_va", "330100", "2020")
    assert whole.value == 10 * len(codes)
    address = "/api/v1/indicators/core_va/aggregate"
    told = client.get(address, {"division": "330100", "period": "2020"}).json()
    assert (told["value"], told["missing"]) == (10 * len(codes), [])
    changed = client.get(address, {"division": "330100", "period": "2021"}).json()
    assert changed["value"] is None
    assert "330114" in changed["changed"]
    later = client.get(address, {"division": "330100", "period": "2022"}).json()
    assert {m["why"] for m in later["missing"]} == {"no_figure"}


def test_ratios_are_not_added_up() -> None:
    with pytest.raises(CannotAdd):
        selectors.aggregated("core_va_growth", "330100", "2020")
    found = selectors.aggregated("core_va_growth", "330100", "2020", weight="core_va")
    assert found.value is None
    with pytest.raises(NoSuchDivision):
        selectors.aggregated("core_va", "999999", "2020")


def test_rates_are_norms_of_packs_and_no_shipped_pack_declares_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert selectors.exchange_rates() == ()
    name, source = Text("汇率", "rate"), "example"
    days = (date(2019, 1, 1), date(2019, 12, 31))
    rate = Norm("usd", "p", name, Decimal("6.9"), "元/美元", source, *days, verified=True)
    open_ended = replace(rate, valid_to=None)
    monkeypatch.setattr(shelf, "norms", lambda: (rate, open_ended))
    (found,) = selectors.exchange_rates()
    assert (found.currency, found.rate, str(found.period)) == ("美元", Decimal("6.9"), "2019")
