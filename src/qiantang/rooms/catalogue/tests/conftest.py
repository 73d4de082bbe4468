"""A small pack in the catalogue, and a full entry as a steward would write it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from qiantang.kernel.actors import SYSTEM, Actor, Role
from qiantang.rooms.catalogue import services
from qiantang.rooms.shelf import services as shelf
from qiantang.rooms.shelf.tests.folders import write_pack

KINDS = {"berths": "unconditional", "catches": "conditional", "patrols": "withheld"}


@pytest.fixture
def pack_folder(tmp_path: Path, settings: Any) -> Path:
    settings.QIANTANG_PACKS = tmp_path / "zone-packs"
    return tmp_path


@pytest.fixture
def fishing(tree: None, pack_folder: Path) -> Path:
    """The shipped packs, and a pack of three resources of different share types."""
    shelf.install_builtin(SYSTEM)
    folder = write_pack(pack_folder, resources=KINDS)
    shelf.install_pack(SYSTEM, folder)
    services.register_resources(SYSTEM, "fishing")
    return folder


def content(**more: Any) -> dict[str, Any]:
    """Everything that an entry should say."""
    return {
        "name": {"zh": "死亡登记信息", "en": "Death registrations"},
        "description": {
            "zh": "民政部门登记的死亡人员基本信息，用于养老金资格核验和户籍注销。",
            "en": "Deaths registered by civil affairs, for checking pensions.",
        },
        "classes": ["1"],
        "keywords": {"zh": ["殡葬", "注销"], "en": ["deaths"]},
        "fields": [
            {"id": "person", "name": {"zh": "公民身份号码", "en": "Resident id"}, "type": "text"},
            {"id": "died_on", "name": {"zh": "死亡日期", "en": "Day of death"}, "type": "date"},
            {"id": "place", "name": {"zh": "登记机关", "en": "Registry"}, "type": "text"},
        ],
        "grain": ["person"],
        "sharing": "conditional",
        "conditions": {"zh": "经审批", "en": "After approval"},
        "share_mode": "api",
        "cadence": "P1D",
        "licence": {"zh": "政务共享", "en": "Government sharing"},
        "system": {"zh": "殡葬管理系统", "en": "Funeral system"},
        "contact": {"zh": "信息处", "en": "Information office"},
        **more,
    }


@pytest.fixture
def hangzhou_officer(make_actor: Callable[..., Actor]) -> Actor:
    return make_actor("hz-officer", Role.OFFICER, at="330100-stats")


@pytest.fixture
def hangzhou_approver(make_actor: Callable[..., Actor]) -> Actor:
    return make_actor("hz-approver", Role.APPROVER, at="330100-stats")


@pytest.fixture
def ningbo_approver(make_actor: Callable[..., Actor]) -> Actor:
    return make_actor("nb-approver", Role.OFFICER, Role.APPROVER, at="330200-stats")
