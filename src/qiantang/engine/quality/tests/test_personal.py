"""Personal data is found where it is, and not where it only looks so."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from qiantang.engine.quality.personal import detect_personal, masked
from qiantang.engine.quality.tests.streams import resource
from qiantang.kernel.identifiers import luhn_holds, resident_check
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Field, FieldType, Personal

ON = date(2021, 6, 1)


def resident(n: int) -> str:
    body = f"33010219{50 + n % 50}{n % 12 + 1:02d}{n % 28 + 1:02d}{n % 1000:03d}"
    return body + resident_check(body)


def card(n: int) -> str:
    body = f"622202{n:012d}"
    return next(f"{body}{d}" for d in range(10) if luhn_holds(f"{body}{d}"))


def kinds(
    zh: str, values: list[str], *, en: str = "Column", declared: Personal = Personal.NONE
) -> dict[str, float]:
    of = resource(Field("f", Text(zh, en), FieldType.TEXT, personal=declared))
    found = detect_personal(pl.DataFrame({"f": values}), of, on=ON)
    return {each.kind: each.share for each in found}


NAMES = ["王伟", "李秀英", "欧阳娜娜", "张三", "陈建国", "诸葛亮", "赵敏", "周杰", "吴磊", "郑爽"]
SHORT_NAMES = [
    *(
        "张伟",
        "王芳",
        "李娜",
        "刘洋",
        "陈静",
        "杨磊",
        "赵敏",
        "黄强",
        "周涛",
        "吴霞",
        "徐丽",
        "孙浩",
    ),
    *("张敏", "李俊", "王倩", "马超", "朱琳", "胡斌", "何萍", "高峰", "林燕", "郑爽"),
]
PLACES = [
    *(
        "杭州",
        "宁波",
        "温州",
        "嘉兴",
        "湖州",
        "绍兴",
        "金华",
        "衢州",
        "舟山",
        "台州",
        "丽水",
        "余杭",
    ),
    *(
        "萧山",
        "江北",
        "高新",
        "江山",
        "龙游",
        "武义",
        "温岭",
        "安吉",
        "海宁",
        "平湖",
        "桐乡",
        "新昌",
    ),
    *(
        "金东",
        "柯桥",
        "莲都",
        "云和",
        "庆元",
        "景宁",
        "龙泉",
        "松阳",
        "遂昌",
        "青田",
        "龙港",
        "文成",
    ),
]
CROPS = [
    *(
        "白菜",
        "黄瓜",
        "毛豆",
        "石榴",
        "龙眼",
        "杨梅",
        "江米",
        "金桔",
        "黄豆",
        "高粱",
        "胡椒",
        "马兰",
    ),
    *("石斛", "白术", "黄芪", "金银花", "胡萝卜", "马铃薯", "金针菇", "白芍", "黄连", "方竹"),
]
TRADES = [
    "金融",
    "石油",
    "水利",
    "白酒",
    "高新",
    "文教",
    "马术",
    "钱币",
    "武术",
    "陶瓷",
    "史志",
] * 3
FIRMS = ["杭州钱塘科技有限公司", "浙江大学", "西湖区民政局", "阿里巴巴集团", "王记面馆", "张江药店"]
ADDRESSES = [
    "杭州市西湖区文三路 478 号",
    "浙江省宁波市鄞州区中山东路1号3单元502室",
    "余杭街道永乐村3组12号",
]


@pytest.mark.parametrize(
    ("zh", "values", "kind"),
    [
        ("编号", [resident(n) for n in range(50)], "resident_id"),
        (
            "备注",
            ["当事人身份证号" + resident(7) + "，已核实。", "无异常", "已办结"],
            "resident_id",
        ),
        ("备注", ["订单202101011234567890，身份证" + resident(7)], "resident_id"),
        ("备注", [f"{resident(7)[:17]}?,{resident(8)},{resident(9)}"], "resident_id"),
        ("备注", ["流水 6222020000000000 转入 " + card(7)], "bank_card"),
        ("备注", ["请联系13800138000。", "已办结"], "mobile"),
        ("联系方式", ["138-0013-8000", "+86 139 1234 5678"], "mobile"),
        ("联系方式", ["0571-87052345", "010-62345678"], "landline"),
        ("账号", [card(n) for n in range(20)], "bank_card"),
        ("号牌", ["浙A12345", "浙AD12345", "沪C·88888"], "plate"),
        ("备注", ["驾驶浙A12345在文一路违停", "车牌沪C·88888，已缴款", "新能源浙AD12345"], "plate"),
        ("邮箱", ["wang.wei@example.com", "x@example.org"], "email"),
        ("护照号码", ["E12345678", "G87654321"], "passport"),
        ("姓名", NAMES, "name"),
        ("对象", SHORT_NAMES, "name"),
        ("对象", [*SHORT_NAMES, "欧阳娜娜", "李秀英", "某公司", "无名氏"], "name"),
        ("经办", [n for n in NAMES if len(n) == 3] * 3, "name"),
        ("住址", ADDRESSES, "address"),
        ("备注", [*ADDRESSES, "13800138000"], "address"),
    ],
)
def test_found(zh: str, values: list[str], kind: str) -> None:
    assert kind in kinds(zh, values)


@pytest.mark.parametrize(
    ("zh", "values"),
    [
        ("订单号", [f"2021060100{n:08d}" for n in range(10_000, 10_500)]),
        ("订单号", [resident(n)[:17] + "AB"[n % 2] for n in range(100)]),
        ("企业名称", FIRMS),
        ("名称", FIRMS),
        (
            "项目名称",
            ["金华", "高新", "余杭", "江北", "方案", "石材", "万达", "钱塘", "安吉", "温岭"],
        ),
        ("住所", ADDRESSES),
        ("学校地址", ADDRESSES),
        ("备注", ADDRESSES),
        ("行业", ["金融业", "石化业", "房地产", "农业", "水利", "白酒", "纺织"]),
        *(("项目", values) for values in (PLACES, CROPS, TRADES, ["高峰", "高远", "平安"] * 9)),
        ("区划", ["杭州市", "西湖区", "余杭区", "金华市"]),
        ("统一社会信用代码", ["91350100M000100Y43", "91110000600037341L"] * 50),
        ("数值", ["13800138000.5", "0.138001380001", "1380013800012"]),
        ("日期", ["2017-04-01", "20170401", "2017年4月1日"]),
        ("热线", ["12345", "96310", "400-800-1234"]),
        ("型号", ["京A12345678", "浙江省第A1234号", "苏B1234567系列"]),
        ("指标", ["pop_census", "gdp", "net_sales"]),
        ("说明", ["道路全长 12 公里，途经 3 个乡镇", "第 5 号令"]),
    ],
)
def test_not_found(zh: str, values: list[str]) -> None:
    assert kinds(zh, values) == {}


def test_an_id_of_someone_not_born_yet_is_none() -> None:
    body = "33010220300101001"
    assert kinds("编号", [body + resident_check(body)]) == {}


@pytest.mark.parametrize(
    ("declared", "kind", "sufficient"),
    [
        (Personal.NONE, "mobile", False),
        (Personal.PERSONAL, "mobile", True),
        (Personal.PERSONAL, "resident_id", False),
        (Personal.SENSITIVE, "resident_id", True),
    ],
)
def test_what_is_declared_must_cover_what_is_found(
    declared: Personal, kind: str, sufficient: bool
) -> None:
    value = {"mobile": "13800138000", "resident_id": resident(3)}[kind]
    of = resource(Field("f", Text("列", "Column"), FieldType.TEXT, personal=declared))
    found = detect_personal(pl.DataFrame({"f": [value]}), of, on=ON)
    assert [(each.kind, each.sufficient) for each in found] == [(kind, sufficient)]


def test_landlines_where_telephone_numbers_are_declared_are_no_surprise_but_mobiles_are() -> None:
    phone = Field("f", Text("联系电话", "Phone"), FieldType.TEXT, identifier="cn.phone")
    sent = pl.DataFrame({"f": ["0571-87052345", "0571-87052345转8001", "13800138000"]})
    found = detect_personal(sent, resource(phone), on=ON)
    assert {each.kind: each.sufficient for each in found} == {"landline": True, "mobile": False}
    note = Field("f", Text("备注", "Note"), FieldType.TEXT)
    found = detect_personal(sent, resource(note), on=ON)
    assert {each.kind: each.sufficient for each in found} == {"landline": False, "mobile": False}


def test_examples_do_not_show_the_person() -> None:
    of = resource(Field("f", Text("姓名", "Name"), FieldType.TEXT))
    found = detect_personal(pl.DataFrame({"f": ["王伟国", resident(3)] * 5}), of, on=ON)
    shown = {example for each in found for example in each.examples}
    assert shown == {"王**", masked(resident(3))}
    assert masked(resident(3)).count("*") >= 12
    assert masked("13800138000").count("*") >= 7


def test_files_are_looked_at_as_well(tmp_path: object) -> None:
    from pathlib import Path

    path = Path(str(tmp_path)) / "a.parquet"
    pl.DataFrame({"f": ["13800138000"]}).write_parquet(path)
    of = resource(Field("f", Text("列", "Column"), FieldType.TEXT))
    assert [each.kind for each in detect_personal([path], of)] == ["mobile"]
