"""The workbook of an index: its sheets, columns and rows of method, with their words.

The last line of a header is the column's key; the lines above explain it. So a person reads
Chinese and English, and the reader finds its columns in any order.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from qiantang.engine.index.settings import WORDS
from qiantang.kernel.text import Text

READ_ME: Final = "说明 Read me"
STRUCTURE: Final = "结构 Structure"
FIGURES: Final = "数据 Figures"
METHOD: Final = "方法 Method"
SHEETS: Final = (READ_ME, STRUCTURE, FIGURES, METHOD)
SIZE: Final = "size"
"""What stands in place of a level where a row of the structure is a size column."""

UNIT_COLUMNS: Final = ("unit", "zh", "en", "group", "year")
"""Columns of the figures before those of the indicators; ``group_...`` is one more way to group."""

VALUE: Final = "value"


def is_group(key: str) -> bool:
    """Whether a column of the figures groups units: ``group`` or ``group_...``."""
    return key == "group" or key.startswith("group_")


@dataclass(frozen=True, slots=True)
class Column:
    """A column with its key and what it holds; ``choices`` fill its drop-down."""

    key: str
    name: Text
    width: int = 12
    choices: tuple[str, ...] = ()

    @property
    def header(self) -> str:
        return f"{self.name.zh}\n{self.name.en}\n{self.key}"


@dataclass(frozen=True, slots=True)
class Setting:
    """A row of the method: its key, an example and what it says."""

    key: str
    meaning: Text
    example: str | float = ""
    choices: tuple[str, ...] = ()


STRUCTURE_COLUMNS: Final = (
    Column("code", Text("代码", "Code"), 14),
    Column("zh", Text("中文名称", "Chinese name"), 28),
    Column("en", Text("英文名称", "English name"), 28),
    Column(
        "level",
        Text("层级：指标为1，规模列写size", "Level: 1 for indicators, or size"),
        12,
        ("1", "2", "3", "4", "5", SIZE),
    ),
    Column("parent", Text("上级代码，顶层留空", "Parent; empty at the top"), 14),
    Column("weight", Text("权重，默认1", "Weight, 1 by default"), 10),
    Column("direction", Text("方向：1越大越好，-1越小越好", "Direction: 1 or -1"), 12, ("1", "-1")),
    Column("unit", Text("单位", "Unit"), 12),
    Column("unit_en", Text("单位的英文", "Unit in English"), 14),
    Column("target", Text("目标值", "Target"), 10),
    Column("denominator", Text("除以哪一规模列", "Divided by the size"), 14),
    Column("source", Text("出处", "Source"), 30),
    Column("status", Text("是否核实", "Checked?"), 12, ("verified", "unverified")),
    Column("description_zh", Text("中文定义", "Definition in Chinese"), 30),
    Column("description_en", Text("英文定义", "Definition in English"), 30),
)
FIGURE_COLUMNS: Final = (
    Column("unit", Text("评价单元代码", "Code of the unit"), 14),
    Column("zh", Text("中文名称", "Chinese name"), 18),
    Column("en", Text("英文名称", "English name"), 18),
    Column("group", Text("分组，可留空", "Group; may be empty"), 14),
    Column("year", Text("年份", "Year"), 8),
)
ABOUT: Final = (
    Setting("name_zh", Text("指数的中文名称", "Chinese name of the index"), "示例指数"),
    Setting("name_en", Text("指数的英文名称", "English name of the index"), "Example index"),
    Setting("description_zh", Text("中文说明", "Description in Chinese"), "三个评价单元的示例"),
    Setting(
        "description_en", Text("英文说明", "Description in English"), "Three units as an example"
    ),
    Setting(
        "note_zh",
        Text(
            "使用结果前须知道的事（中文），可留空",
            "What a reader must know first, in Chinese; may be empty",
        ),
        "虚构示例，请换成自己的数据",
    ),
    Setting(
        "note_en",
        Text("同上（英文）", "The same in English"),
        "Made-up example; put your own figures in its place",
    ),
    Setting("owner", Text("责任部门代码", "Code of the department that answers for it"), "stats"),
    Setting("sources", Text("方法的出处，可留空", "Where the method comes from; may be empty")),
    Setting(
        "units",
        Text(
            "评价单元：留空则用“数据”表中的单元；行政区划写 geography.division",
            "Units: empty for those of the figures, or geography.division",
        ),
    ),
    Setting(
        "level",
        Text("只取此级行政区划", "Divisions of this level only"),
        "",
        ("province", "city", "county"),
    ),
    Setting(
        "under", Text("只取此行政区划以下，如 330000", "Only what is below it, such as 330000")
    ),
)
RECIPE: Final = (
    Setting(
        "impute.method",
        Text("缺失值如何填补；留空则不填", "How gaps are filled; empty: not"),
        "",
        WORDS["impute", "method"],
    ),
    Setting("impute.group", Text("按哪一列分组填补", "Column of groups for filling")),
    Setting(
        "screen.data_share",
        Text(
            "数据不少于此比例的单元才参评，如 0.67", "Units need this share of data, such as 0.67"
        ),
    ),
    Setting(
        "treat.points",
        Text(
            "极端值：至多缩尾几点；留空则不处理", "Outliers: points winsorised at most; empty: none"
        ),
    ),
    Setting(
        "treat.then",
        Text("仍不行时的变换", "Transformation where that is not enough"),
        "",
        tuple(w for w in WORDS["treat", "then"] if w),
    ),
    Setting(
        "normalise.method",
        Text("标准化方法", "Method of normalisation"),
        "min-max",
        WORDS["normalise", "method"],
    ),
    Setting(
        "normalise.range", Text("标准化后的范围，如 0, 100", "Range, such as 0, 100"), "0, 100"
    ),
    Setting(
        "aggregate.method",
        Text("合成方法", "Method of aggregation"),
        "arithmetic",
        WORDS["aggregate", "method"],
    ),
    Setting(
        "aggregate.share",
        Text(
            "下级数据不少于此比例才合成，如 0.5",
            "Share of children that must be there, such as 0.5",
        ),
    ),
    Setting(
        "uncertain.weights",
        Text(
            "稳健性：权重上下浮动的比例，如 0.25",
            "Robustness: by how much weights may vary, such as 0.25",
        ),
        0.25,
    ),
    Setting(
        "uncertain.normalise",
        Text(
            "稳健性：另外的标准化方法，用逗号分隔", "Robustness: other normalisations, with commas"
        ),
    ),
    Setting(
        "uncertain.aggregate",
        Text(
            "稳健性：可用的合成方法，用逗号分隔", "Robustness: methods of aggregation, with commas"
        ),
        "arithmetic, harmonic",
    ),
)
NOTES: Final = (
    Text(
        "用这个工作簿建立自己的综合指数：填好“结构”“数据”“方法”三个表，然后运行下面的命令。",
        "Make a composite index of your own: fill the sheets Structure, Figures and Method, then "
        "run the command below.",
    ),
    Text(
        "qiantang index new my-index --from-excel 本文件.xlsx（标识用小写字母、数字和连字符）",
        "qiantang index new my-index --from-excel THIS-FILE.xlsx (an id is lower-case letters, "
        "digits and hyphens)",
    ),
    Text(
        "表头最后一行是列的标识，请勿改动；列的次序可以改变。",
        "The last line of a header is the column's key: leave it. Columns may stand in any order.",
    ),
    Text(
        "结构：每行一个指标（第1层）、一个汇总（第2层以上）或一个规模列（层级写 size，如人口）。"
        "只有一个要素没有上级，它就是指数。",
        "Structure: a row for each indicator (level 1), each aggregate (level 2 and above) and "
        "each size column (level size, such as population). The one element without a parent is "
        "the index.",
    ),
    Text(
        "数据：每个评价单元每年一行，每个指标和规模列一列，列的标识就是结构表中的代码。"
        "缺失的留空，不要写 0、单位或千位分隔符。",
        "Figures: a row for each unit and year, a column for each indicator and size, whose key "
        "is the code of the structure. Leave gaps empty; no 0, no units, no thousands separators.",
    ),
    Text(
        "方法：每行一个选择，说明在右边；可以增加行，如 normalise.only.代码.method。"
        "留空的步骤不做。",
        "Method: a choice a row, explained beside it; rows may be added, such as "
        "normalise.only.CODE.method. A step left empty is not done.",
    ),
    Text(
        "有错误时，命令指出工作表、行和列，并不写出任何文件。",
        "Where something is wrong the command names sheet, row and column, and writes nothing.",
    ),
)
