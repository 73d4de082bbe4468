"""The kinds of personal data that are looked for in deliveries: their names, and which class a
field has to declare for each.

How a kind is found is the engine's knowledge; what it is called and demands is said here once, for
the engine, the rooms and the pages.
"""

from __future__ import annotations

from typing import Final

from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Field, Personal
from qiantang.packkit.identifier_kinds import PHONE

KINDS: Final = {
    "resident_id": Text("公民身份号码", "resident ids"),
    "mobile": Text("手机号码", "mobile phone numbers"),
    "landline": Text("固定电话", "landline numbers"),
    "bank_card": Text("银行卡号", "bank card numbers"),
    "plate": Text("车牌号码", "vehicle plates"),
    "email": Text("电子邮箱", "e-mail addresses"),
    "passport": Text("护照号码", "passport numbers"),
    "name": Text("姓名", "names of persons"),
    "address": Text("住址", "addresses"),
}
SENSITIVE: Final = frozenset({"resident_id", "bank_card", "passport"})
CLASSES: Final = {
    Personal.NONE: Text("非个人信息", "not personal"),
    Personal.PERSONAL: Text("个人信息", "personal"),
    Personal.SENSITIVE: Text("敏感个人信息", "sensitive"),
}
_RANK: Final = {Personal.NONE: 0, Personal.PERSONAL: 1, Personal.SENSITIVE: 2}


def needed(kind: str) -> Personal:
    """The least class that a field with this kind has to declare."""
    return Personal.SENSITIVE if kind in SENSITIVE else Personal.PERSONAL


def covers(field: Field, kind: str) -> bool:
    """Whether what a field declares is enough for the kind. A landline in a field that is declared
    to hold telephone numbers is what was declared: it is an office's; a mobile is a person's."""
    if kind == "landline" and field.identifier == PHONE:
        return True
    return _RANK[field.personal] >= _RANK[needed(kind)]


def name_of(kind: str) -> Text:
    """What people call the kind; its id where it is none of ours."""
    return KINDS.get(kind, Text(kind, kind))
