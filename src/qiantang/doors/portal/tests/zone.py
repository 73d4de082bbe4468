"""What the portal's and the desk's tests stand on: a zone with packs and a few figures."""

from __future__ import annotations

from qiantang.kernel.actors import SYSTEM, Actor
from qiantang.rooms.catalogue import services as catalogue
from qiantang.rooms.indicators import services
from qiantang.rooms.journal.services import deliver_pending
from qiantang.rooms.shelf import services as shelf_services


def figure(id: str, period: str, value: str, **more: str) -> dict[str, str]:
    """A figure of core value added in its written form."""
    return {
        "id": id,
        "indicator": "core_va",
        "division": "330000",
        "period": period,
        "value": value,
        "unit": "亿元",
        "kind": "actual",
        "grade": "A",
        "source_title": "浙江统计年鉴",
        "source_address": "https://tjj.zj.gov.cn/",
        "published": "2020-09-01",
        "quote": f"核心产业增加值{value}亿元",
        **more,
    }


def install() -> None:
    """The shipped packs and their catalogue."""
    shelf_services.install_builtin(SYSTEM)
    for pack in ("geography", "statistics-zhejiang"):
        catalogue.register_resources(SYSTEM, pack)


def publish(officer: Actor, approver: Actor, *forms: dict[str, str]) -> None:
    """Send and approve each of the figures."""
    for form in forms:
        sent = services.submit_observation(officer, form)
        services.approve(approver, sent.id, sent.version)
    deliver_pending()
