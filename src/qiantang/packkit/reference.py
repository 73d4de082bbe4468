"""Every key and column of the pack language with its type and meaning, for the reference page.

A table beside the readers: a test reads packs that use the whole language and compares what the
readers asked for with what stands here, so neither can go its own way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from qiantang.kernel.text import Text


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a TOML file (dots for tables, ``[]`` for each of an array, ``*`` for any name),
    column of a CSV file or header of a SQL file."""

    path: str
    kind: str
    required: bool
    meaning: Text


@dataclass(frozen=True, slots=True)
class FileKind:
    """One kind of file of a pack."""

    file: str
    title: Text
    keys: tuple[Key, ...]


def _keys(*rows: str) -> tuple[Key, ...]:
    """``path | kind | zh | en``; a path that ends in ``!`` must be there."""
    found = []
    for row in rows:
        path, kind, zh, en = (part.strip() for part in row.split("|"))
        found.append(Key(path.rstrip("!"), kind, path.endswith("!"), Text(zh, en)))
    return tuple(found)


_MANIFEST: Final = _keys(
    "id! | text | 领域包的标识，与文件夹同名，永不更改"
    " | id of the pack, the folder's name; for ever",
    "version! | text | 版本，如 1.2.0；不能倒退 | version such as 1.2.0; never goes back",
    "name! | zh, en | 名称 | name",
    "description! | zh, en | 说明 | description",
    "owner! | text | 维护部门或人 | who keeps the pack",
    "licence! | text | 许可证 | licence",
    "requires | list | 所依赖的领域包 | packs that it needs",
)
_RESOURCE: Final = _keys(
    "id! | text | 标识，与文件同名 | id, the file's name",
    "name! | zh, en | 名称 | name",
    "description! | zh, en | 说明 | description",
    "grain! | list | 一行数据由哪些字段确定 | the fields that tell one row from another",
    "cadence! | duration | 更新周期，ISO 8601，如 P1Y"
    " | how often it changes, ISO 8601, such as P1Y",
    "sharing! | unconditional, conditional, withheld | 共享类型 | how it is shared",
    "conditions | zh, en | 共享条件；有条件共享时必填 | on what conditions; needed for conditional",
    "open! | boolean | 是否向社会开放 | whether everyone may have it",
    "owner! | department | 责任部门代码 | code of the department that answers for it",
    "licence! | zh, en | 使用许可 | licence of the data",
    "role | observations | 此资源承载观测值 | its rows are figures of indicators",
    "data | path | 随包发布的数据文件 | figures that come with the pack",
    "samples | path | 示例数据文件，不含真实个人信息 | made-up rows; no real person",
    "mode | append, replace, upsert, delete | 交付如何改变已有数据，默认 replace"
    " | what a delivery does to the rows there are; replace by default",
    "classes | list | 分类代码（data-commons.resource-class），第一个为主分类"
    " | codes of classes (data-commons.resource-class), the main one first",
    "keywords | zh, en | 关键词，用顿号或逗号分隔 | words to find it by, with commas",
    "system | zh, en | 所来自的业务系统 | the business system that it comes from",
    "share_mode | api, query, file, exchange | 共享方式，默认 file"
    " | way of sharing; file by default",
    "open_conditions | zh, en | 开放条件 | conditions of opening",
    "retention | duration | 版本保留期，ISO 8601，如 P3Y；不写则永久保留"
    " | how long versions are kept, such as P3Y; for ever by default",
    "related | list | 相关信息资源 | related resources",
    "per_division | boolean | 各区划是否各有一份 | whether each division keeps its own",
    "limits | table | 剔出行的比例界限 | limits on the share of rows set aside",
    "limits.hold_above | number | 超过此比例则待人工确认，默认 0.02"
    " | held for a person above this share; 0.02 by default",
    "limits.refuse_above | number | 超过此比例则整批拒收，默认 0.5"
    " | refused whole above this share; 0.5 by default",
    "limits.shrink_above | number | 整体替换使表减少的行超过此比例则待人工确认，默认 0.2"
    " | a replacement that takes away more than this share of the rows is held; 0.2 by default",
    "checks | tables | 对每一行的检查 | checks of each row",
    "checks[].id! | text | 标识 | id",
    "checks[].zh! | text | 中文名称 | Chinese name",
    "checks[].en! | text | 英文名称 | English name",
    "checks[].hint! | zh, en | 如何改正 | how to mend it",
    "checks[].holds! | SQL condition | 必须成立的条件，空值视为通过"
    " | condition that must be true; null passes",
    "checks[].dimension! | normativity, completeness, accuracy, consistency, timeliness,"
    " accessibility | 质量维度（GB/T 36344） | quality dimension (GB/T 36344)",
    "checks[].severity | set-aside, warn | 不成立时剔出该行，或只提示；默认 set-aside"
    " | set the row aside or only warn; set-aside by default",
    "checks[].fields | list | 问题所在的字段；默认为条件用到的字段"
    " | fields to point at; those of the condition by default",
    "fields! | table | 各字段 | the fields",
    "fields.*.type | text, integer, number, decimal, boolean, date, datetime, period, code"
    " | 类型；未写 element 时必填 | type; needed without element",
    "fields.*.zh! | text | 中文名称 | Chinese name",
    "fields.*.en! | text | 英文名称 | English name",
    "fields.*.description | zh, en | 说明 | description",
    "fields.*.required | boolean | 每行都要有值 | every row has a value",
    "fields.*.unit | unit | 计量单位；仅数字 | unit; numbers only",
    "fields.*.min | number | 最小值；仅数字 | least value; numbers only",
    "fields.*.max | number | 最大值；仅数字 | greatest value; numbers only",
    "fields.*.codes | code list | 取值的代码表；类型为 code 时必填"
    " | list of its codes; needed for code",
    "fields.*.pattern | regular expression | 文字的格式 | form of the text",
    "fields.*.values | list | 允许的文字 | texts that are allowed",
    "fields.*.personal | none, personal, sensitive | 个人信息类别 | class of personal data",
    "fields.*.unique | boolean | 不得有两行同值 | no two rows may share a value",
    "fields.*.identifier | identifier | 标识符种类，核对校验位"
    " | kind of identifier, whose check digits are verified",
    "fields.*.element | data element | 所依据的数据元，未写的规定由其给出"
    " | data element that it follows, which gives what is not stated here",
    "fields.*.reference | pack.resource.field | 取值须已存在于该字段"
    " | values must occur in that field",
    "fields.*.in_force_on | field | 以该日期字段判断代码是否有效"
    " | date field that decides which codes were in force",
    "fields.*.precision | day, month, year | 日期允许的最粗精度，默认 day"
    " | coarsest precision of the date; day by default",
    "fields.*.open_end | boolean | 可填“长期”，存为 9999-12-31"
    " | may say 长期 (open-ended), kept as 9999-12-31",
    "fields.*.agrees | table | 标识符各部分须与哪些字段一致"
    " | fields with which parts of the identifier must agree",
    "fields.*.agrees.birth | field | 出生日期字段 | field of the birth date",
    "fields.*.agrees.division | field | 行政区划字段 | field of the division",
    "fields.*.agrees.sex | field | 性别字段 | field of the sex",
)
_CODES: Final = _keys(
    "code! | text | 代码，永不重用 | code; never used again for another thing",
    "zh! | text | 中文名称 | Chinese name",
    "en! | text | 英文名称 | English name",
    "parent! | code | 上级代码，可为空 | code above it; may be empty",
    "valid_from! | date | 启用日，可为空 | first day; may be empty",
    "valid_to! | date | 停用日，可为空 | last day; may be empty",
)
_INDICATORS: Final = _keys(
    "unit! | unit | 计量单位 | unit",
    "nature! | stock, flow, ratio, index | 性质 | nature",
    "owner! | department | 责任部门代码 | code of the department that answers for it",
    "description_zh | text | 中文定义 | definition in Chinese",
    "description_en | text | 英文定义 | definition in English",
)
_NORMS: Final = _keys(
    "id! | text | 标识；同一标识可有不同时期的多行"
    " | id; several rows may follow each other in time",
    "zh! | text | 中文名称 | Chinese name",
    "en! | text | 英文名称 | English name",
    "value! | number | 数值 | figure",
    "unit! | unit | 单位；比例留空或写 1 | unit; empty or 1 for a share",
    "source! | text | 出处 | where the figure comes from",
    "valid_from! | date | 施行日 | first day",
    "valid_to! | date | 失效日，可为空 | last day; may be empty",
    "status! | verified, unverified | 是否核实 | whether somebody checked it",
    "note | text | 备注 | note",
)
_ELEMENTS: Final = _keys(
    "id! | text | 标识，全包唯一 | id, unique in the pack",
    "zh! | text | 中文名称 | Chinese name",
    "en! | text | 英文名称 | English name",
    "definition_zh! | text | 中文定义 | definition in Chinese",
    "definition_en! | text | 英文定义 | definition in English",
    "type! | text, integer, number, decimal, boolean, date, datetime, period, code | 类型 | type",
    "unit! | unit | 计量单位，可为空 | unit; may be empty",
    "codes! | code list | 代码表；类型为 code 时必填 | code list; needed for code",
    "identifier! | identifier | 标识符种类，可为空 | kind of identifier; may be empty",
    "pattern! | regular expression | 格式，可为空 | form of the text; may be empty",
    "minimum! | number | 最小值，可为空 | least value; may be empty",
    "maximum! | number | 最大值，可为空 | greatest value; may be empty",
    "personal! | none, personal, sensitive | 个人信息类别 | class of personal data",
    "standard! | text | 出处 | standard or source",
    "valid_from! | date | 启用日，可为空 | first day; may be empty",
    "valid_to! | date | 停用日，可为空 | last day; may be empty",
    "status! | verified, unverified | 是否与出处核对过 | whether it was checked against the source",
    "note | text | 备注 | note",
)
_CHECK: Final = _keys(
    "resource! | resource | 所检查的本包资源 | resource of this pack that it checks",
    "name.zh! | text | 中文名称 | Chinese name",
    "name.en! | text | 英文名称 | English name",
    "hint.zh! | text | 如何改正（中文） | how to mend it, in Chinese",
    "hint.en! | text | 如何改正（英文） | how to mend it, in English",
    "dimension! | normativity, completeness, accuracy, consistency, timeliness, accessibility"
    " | 质量维度（GB/T 36344） | quality dimension (GB/T 36344)",
    "severity | set-aside, warn | 不合格时剔出，或只提示；默认 set-aside"
    " | set aside or only warn; set-aside by default",
    "fields | list | 问题所在的字段 | fields to point at",
)
_DUTIES: Final = _keys(
    "id! | text | 标识 | id",
    "zh! | text | 中文名称 | Chinese name",
    "en! | text | 英文名称 | English name",
    "department! | department | 部门代码 | code of the department",
    "levels! | province, city, county | 承担责任的层级，用空格分隔"
    " | levels that have the duty, separated by spaces",
    "basis_zh! | text | 依据（中文） | basis in Chinese",
    "basis_en! | text | 依据（英文） | basis in English",
    "resource! | resource | 履行此责任的信息资源 | resource that fulfils it",
    "note | text | 备注 | note",
)
_RELEASES: Final = _keys(
    "id! | text | 标识 | id",
    "zh! | text | 中文名称 | Chinese name",
    "en! | text | 英文名称 | English name",
    "indicators! | list | 一并发布的指标，用空格分隔 | indicators published together, separated by"
    " spaces",
    "cadence! | year, half, quarter, month | 发布周期；年内各期均自一月起累计"
    " | how often; within a year periods run from January",
    "months! | number | 期末月份之后第几个月应发布 | months after the last month of a period",
    "day! | number | 该月几日；遇周末顺延 | day of that month; on a weekend, the next working day",
    "owner! | department | 部门代码 | code of the department",
    "since! | date | 不早于此日结束的时期才列入 | periods that end earlier are not looked for",
    "source! | text | 依据 | source of the rule",
    "status! | verified, unverified | 是否已核实 | whether the source was verified",
    "note | text | 备注 | note",
)
_SYNONYMS: Final = _keys(
    "words! | text | 同义词，用竖线分隔 | words of one meaning, with bars between them",
    "note | text | 备注 | note",
)
_MEASURE: Final = _keys(
    "name.zh! | text | 中文名称 | Chinese name",
    "name.en! | text | 英文名称 | English name",
    "unit! | unit | 结果的单位 | unit of the result",
    "grain! | list | 结果的一行由哪些列确定 | columns that tell one row of the result from another",
    "column.*.zh | text | 结果列的中文名称 | Chinese name of a column of the result",
    "column.*.en | text | 结果列的英文名称 | English name of a column of the result",
)
_PLAN: Final = _keys(
    "id! | text | 标识，与文件同名 | id, the file's name",
    "name! | zh, en | 名称 | name",
    "issuer! | zh, en | 发文单位 | who issued it",
    "issued! | date | 发文日期 | day of issue",
    "source! | zh, en | 文号或出处 | number or source of the document",
    "summary! | zh, en | 摘要 | summary",
    "division! | division | 适用的行政区划 | division for which it holds",
    "rules! | table | 判定规则 | rules of judging",
    "rules.about_tolerance! | norm | “左右”允许的相对差距 | shortfall that about (左右) allows",
    "rules.conflict_tolerance! | norm | 两个来源视为一致的相对差"
    " | difference up to which sources agree",
    "rules.approximate_margin | norm | 约数的相对误差 | margin of approximate figures",
    "rules.preliminary_margin | norm | 初步数的相对误差 | margin of preliminary figures",
    "rules.deciding_grades | list | 可据以判定的可信等级；D 级不可"
    " | grades that may decide; never D",
    "sections | tables | 章节 | sections of the document",
    "sections[].id! | text | 章节号 | its number",
    "sections[].zh! | text | 中文标题 | Chinese title",
    "sections[].en! | text | 英文标题 | English title",
    "targets! | tables | 各项目标 | the targets",
    "targets[].id! | text | 标识 | id",
    "targets[].zh! | text | 中文名称 | Chinese name",
    "targets[].en! | text | 英文名称 | English name",
    "targets[].section! | text | 所在章节 | section in which it stands",
    "targets[].quote! | text | 原文 | the plan's own words",
    "targets[].kind! | quantity, milestone, qualitative | 类别 | kind",
    "targets[].unit | unit | 单位；定量目标必填 | unit; needed for a quantity",
    "targets[].comparator | >, >=, <, <=, =, ~, range | 如何比较；定量目标必填；~ 为“左右”"
    " | how to compare; needed for a quantity; ~ is about",
    "targets[].value | number | 目标值 | figure of the target",
    "targets[].low | number | 区间下限 | lower end of a range",
    "targets[].high | number | 区间上限 | upper end of a range",
    "targets[].direction | up, down, exact | 哪个方向为好 | which side is success",
    "targets[].due | year or two | 到期年份，或 [起, 止] | year due, or [from, to]",
    "targets[].due_basis | zh, en | 到期年份的依据 | why that year",
    "targets[].base | table | 基期 | base year",
    "targets[].base.year! | integer | 基期年份 | year of the base",
    "targets[].base.mode | difference, growth | 差值或增速 | difference or growth",
    "targets[].base.value | number | 基期值；不写则由证据得出 | figure; else evidence supplies it",
    "targets[].division | division | 行政区划；默认为规划的 | division; the plan's by default",
    "targets[].owner | department | 责任部门代码 | code of the department in charge",
    "targets[].note | zh, en | 备注 | note",
    "targets[].reached_when | number | 指标达到多少即为建成"
    " | figure that shows a milestone reached",
    "targets[].evidence | tables | 可作证据的指标 | indicators that bear on it",
    "targets[].evidence[].indicator! | indicator | 指标 | indicator",
    "targets[].evidence[].relation | same, renamed, proxy, narrower, wider"
    " | 与目标口径的关系 | how it stands to what the plan names",
    "targets[].evidence[].zh | text | 中文理由；口径相同时不写 | reason in Chinese; not for same",
    "targets[].evidence[].en | text | 英文理由；口径相同时不写 | reason in English; not for same",
)
_PAGE: Final = _keys(
    "id! | text | 标识，与文件同名 | id, the file's name",
    "name! | zh, en | 名称 | name",
    "tiles! | tables | 各版块，按顺序 | tiles, in order",
    "tiles[].kind! | text, target_lights, map, series, table, outline | 版块种类 | kind of tile",
    "tiles[].title | zh, en | 标题 | title",
    "tiles[].note | zh, en | 注 | note",
    "tiles[].width | full, half, third | 宽度 | width",
    "tiles[].text | zh, en | 文字（text） | text (text)",
    "tiles[].plan | plan | 规划（target_lights、series、outline）"
    " | plan (target_lights, series, outline)",
    "tiles[].section | text | 只列此章节（target_lights） | only this section (target_lights)",
    "tiles[].indicator | indicator | 指标（map、series、table） | indicator (map, series, table)",
    "tiles[].period | period | 时期（map） | period (map)",
    "tiles[].year | integer | 年份（map） | year (map)",
    "tiles[].level | text | 行政级别（map） | level of divisions (map)",
    "tiles[].division | division | 行政区划（series、table） | division (series, table)",
    "tiles[].target | text | 目标线（series） | line of this target (series)",
    "tiles[].resource | resource | 信息资源（table、outline） | resource (table, outline)",
    "tiles[].codes | code list | 代码表（table、outline） | code list (table, outline)",
    "tiles[].measure | measure | 测算（table） | measure (table)",
    "tiles[].columns | list | 只列这些列（table） | only these columns (table)",
    "tiles[].limit | integer | 最多行数（table） | most rows (table)",
)
_INDEX: Final = _keys(
    "name! | zh, en | 名称 | name",
    "description! | zh, en | 说明 | description",
    "owner! | department | 责任部门代码 | code of the department that answers for it",
    "note | zh, en | 使用结果前须知道的事 | what a reader must know before using the results",
    "sources | list | 方法和数据的出处 | where the method and the figures come from",
    "figures | resource | 数据所在的信息资源，须有字段 unit、indicator、year、value；"
    "不写则取已公布的观测值，评价单元为行政区划"
    " | resource of the figures, with the fields unit, indicator, year, value;"
    " without it published observations, whose division is the unit",
    "scores | indicator | 已发布版次的得分作为哪个指标的数据，供目标引用；"
    "该指标单位为 index，评价单元为行政区划"
    " | indicator as whose figures the scores of published editions count, so that targets can rest"
    " on them; its unit is index, the units are divisions",
    "units! | table | 评价单元 | the units that are compared",
    "units.codes! | code list | 评价单元的代码表 | list of their codes",
    "units.level | province, city, county | 只取此级行政区划 | divisions of this level only",
    "units.under | code | 只取此代码以下 | only what is below this code",
    "units.groups | list | 分组：代码表的列名，或 parent | groups: columns of the list, or parent",
    "sizes | tables | 规模列：用来除指标，如人口"
    " | columns that divide indicators, such as population",
    "sizes[].code! | text | 代码 | code",
    "sizes[].zh! | text | 中文名称 | Chinese name",
    "sizes[].en! | text | 英文名称 | English name",
    "sizes[].unit | text | 单位 | unit",
    "sizes[].unit_en | text | 单位的英文 | unit in English",
    "sizes[].indicator | text | 数据所用的指标代码；默认同代码"
    " | code of its figures; its own by default",
    "recipe | table | 计算方案：denominate、impute、screen、treat、normalise、weigh、aggregate、"
    "panel、uncertain | recipe: denominate, impute, screen, treat, normalise, weigh, aggregate,"
    " panel, uncertain",
    "elements! | path or tables | 指标和各级汇总：CSV 文件，或 [[elements]]，列名如下"
    " | indicators and aggregates: a CSV file, or [[elements]], with these columns",
    "elements[].code! | text | 代码 | code",
    "elements[].zh! | text | 中文名称 | Chinese name",
    "elements[].en! | text | 英文名称 | English name",
    "elements[].level! | integer | 层级：指标为 1，越往上越大"
    " | level: 1 for indicators, growing towards the index",
    "elements[].parent! | code | 上级代码；顶层为空 | code above it; empty at the top",
    "elements[].weight | number | 在上级中的权重，默认 1 | weight within its parent; 1 by default",
    "elements[].direction | 1, -1 | 1 越大越好（默认），-1 越小越好"
    " | 1 more is better (by default), -1 less is better",
    "elements[].unit | text | 单位；默认为所用指标的单位 | unit; that of its indicator by default",
    "elements[].unit_en | text | 未登记单位的英文 | English of a unit that is not registered",
    "elements[].target | number | 目标值（按目标距离标准化时）"
    " | target (for the distance to a target)",
    "elements[].denominator | size | 除以哪一规模列 | size column that divides it",
    "elements[].indicator | indicator | 数据所用的指标代码；默认同代码"
    " | code of its figures; its own by default",
    "elements[].weight_norm | norm | 以此规范值为权重 | norm whose figure is the weight",
    "elements[].source | text | 要素和权重的出处 | where the element and its weight come from",
    "elements[].status | verified, unverified | 是否与出处核对过，默认 unverified"
    " | whether it was checked against the source; unverified by default",
    "elements[].description_zh | text | 中文定义 | definition in Chinese",
    "elements[].description_en | text | 英文定义 | definition in English",
    "elements[].note | text | 备注 | note",
)
_EXAMPLE: Final = _keys(
    "title! | zh, en | 说明的事情 | what it shows",
    "given! | table | 各资源的示例数据 | sample rows of each resource",
    "given.*! | path | 数据文件 | file of rows",
    "run! | path, resource:ID, plan:ID or index:ID"
    " | 运行的测算、检查、资源的逐行检查、规划或综合指数"
    " | measure, check, the row checks of a resource, plan or index to run",
    "as_of | date | 判定日；运行规划时必填 | day of judging; needed for a plan",
    "division | division | 只判定此行政区划 | only this division",
    "within | number | 数值允许的误差 | by how much numbers may differ",
    "expect! | tables | 应得的行；运行检查时为不合格的行，可为空"
    " | rows that must come out; of a check the rows that fail, perhaps none",
    "expect[].target | target | 目标（运行规划时） | target, when a plan is run",
    "expect[].unit | code | 评价单元（运行指数时） | unit, when an index is run",
    "expect[].element | code | 要素（运行指数时），另写 year、score、rank"
    " | element, when an index is run, beside year, score, rank",
    "expect[].verdict | text | 应得的结论（运行规划时） | its verdict, when a plan is run",
)

FILE_KINDS: Final = (
    FileKind("pack.toml", Text("领域包", "the pack"), _MANIFEST),
    FileKind("resources/*.toml", Text("信息资源", "information resources"), _RESOURCE),
    FileKind("codes/*.csv", Text("代码表；其他列照存", "code lists; other columns kept"), _CODES),
    FileKind(
        "codes/indicator.csv",
        Text("指标；另有代码表的各列", "indicators; with the columns of a code list"),
        _INDICATORS,
    ),
    FileKind("norms/*.csv", Text("规范值", "norms"), _NORMS),
    FileKind("elements/*.csv", Text("数据元", "data elements"), _ELEMENTS),
    FileKind(
        "measures/*.sql",
        Text(
            "测算：注释行“-- 键: 值”，然后一条 select",
            "measures: lines `-- key: value`, one select",
        ),
        _MEASURE,
    ),
    FileKind(
        "checks/*.sql",
        Text(
            "检查：注释行“-- 键: 值”，然后一条 select，给出不合格的行",
            "checks: lines `-- key: value`, one select of the rows that fail",
        ),
        _CHECK,
    ),
    FileKind("plans/*.toml", Text("规划", "plans"), _PLAN),
    FileKind("pages/*.toml", Text("页面", "pages"), _PAGE),
    FileKind("indices/*.toml", Text("综合指数", "composite indices"), _INDEX),
    FileKind("duties.csv", Text("编目责任清单", "duty list"), _DUTIES),
    FileKind("releases.csv", Text("数据发布日程", "release calendar"), _RELEASES),
    FileKind("synonyms.csv", Text("搜索用同义词", "synonyms for search"), _SYNONYMS),
    FileKind("examples/*.toml", Text("示例", "examples"), _EXAMPLE),
)
