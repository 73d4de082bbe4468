"""The kinds of identifiers that a field may hold, by the names that packs write.

What a kind demands (check digits, parts that agree) is the engine's knowledge; here only the
names stand, so that the checker can refuse one that nobody would check.
"""

from __future__ import annotations

from typing import Final

from qiantang.kernel.text import Text

RESIDENT_ID: Final = "cn.resident-id"
USCC: Final = "cn.uscc"
ORGANISATION_CODE: Final = "cn.organisation-code"
VIN: Final = "cn.vin"
BANK_CARD: Final = "cn.bank-card"
MOBILE: Final = "cn.mobile"
PHONE: Final = "cn.phone"
PLATE: Final = "cn.plate"

IDENTIFIERS: Final = {
    RESIDENT_ID: Text("公民身份号码（GB 11643）", "resident identity number (GB 11643)"),
    USCC: Text("统一社会信用代码（GB 32100）", "unified social credit code (GB 32100)"),
    ORGANISATION_CODE: Text("组织机构代码（GB 11714）", "organisation code (GB 11714)"),
    VIN: Text("车辆识别代号（GB 16735）", "vehicle identification number (GB 16735)"),
    BANK_CARD: Text("银行卡号（末位校验）", "bank card number (Luhn check digit)"),
    MOBILE: Text("移动电话号码", "mobile phone number"),
    PHONE: Text("电话号码，含固定电话", "phone number, landlines too"),
    PLATE: Text("机动车号牌号码（GA 36）", "vehicle licence plate (GA 36)"),
    "lei": Text("全球法人识别编码（ISO 17442）", "legal entity identifier (ISO 17442)"),
    "isbn": Text("国际标准书号", "international standard book number"),
    "issn": Text("国际标准连续出版物号", "international standard serial number"),
    "ean": Text("商品条码", "article number of a bar code"),
    "iban": Text("国际银行账号", "international bank account number"),
    "imei": Text("移动设备识别码", "identity of a mobile device"),
    "imo": Text("船舶识别号", "identity of a ship"),
}

PARTS: Final = {
    RESIDENT_ID: ("birth", "division", "sex"),
}
"""The parts of an identifier that other fields of the row may have to agree with."""
