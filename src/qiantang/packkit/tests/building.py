"""A small sound pack with something of everything, for tests to break in one place."""

# ruff: noqa: E501 (rows of CSV)

from __future__ import annotations

from pathlib import Path

from qiantang.kernel.text import Text
from qiantang.packkit import Pack, load_pack, scaffold

GEOGRAPHY = {
    "pack.toml": """\
id = "geography"
version = "1.0.0"
name = { zh = "区划", en = "Divisions" }
description = { zh = "测试用区划", en = "Divisions for tests" }
owner = "stats"
licence = "CC0"
""",
    "codes/division.csv": """\
code,zh,en,parent,valid_from,valid_to
330000,浙江省,Zhejiang,,,
330100,杭州市,Hangzhou,330000,,
330200,宁波市,Ningbo,330000,,
330105,拱墅区,Gongshu,330100,,2021-04-08
""",
    "codes/department.csv": """\
code,zh,en,parent,valid_from,valid_to
stats,统计局,Statistics,,,
""",
}

DEMO = {
    "codes/region.csv": """\
code,zh,en,parent,valid_from,valid_to
north,北,North,,2015-01-01,2019-12-31
north,北部,North,,2020-01-01,
east,东,East,north,2015-01-01,
west,西,West,north,2015-01-01,
""",
    "codes/indicator.csv": """\
code,zh,en,parent,valid_from,valid_to,unit,nature,owner,description_zh,description_en
core_va,增加值,Value added,,,,亿元,flow,stats,,
users,用户数,Users,,,,万户,stock,stats,用户,Users
""",
    "norms/judging.csv": """\
id,zh,en,value,unit,source,valid_from,valid_to,status
about,左右的容差,Tolerance of about,5,%,方法说明,2017-01-01,2019-12-31,unverified
about,左右的容差,Tolerance of about,6,%,方法说明,2020-01-01,,unverified
agree,来源一致,Sources agree,0.005,1,方法说明,2017-01-01,,verified
""",
    "plans/zone.toml": """\
id = "zone"
name = { zh = "规划", en = "Plan" }
issuer = { zh = "省政府", en = "The province" }
issued = 2017-04-27
source = { zh = "公报", en = "Gazette" }
summary = { zh = "摘要", en = "Summary" }
division = "330000"

[rules]
about_tolerance = "about"
conflict_tolerance = "agree"
deciding_grades = ["A", "B"]

[[sections]]
id = "一(三)"
zh = "目标"
en = "Aims"

[[sections]]
id = "二"
zh = "任务"
en = "Tasks"

[[targets]]
id = "T1"
zh = "增加值"
en = "Value added"
section = "一(三)"
quote = "突破5500亿元"
kind = "quantity"
unit = "亿元"
comparator = ">"
value = 5500
due = 2019
owner = "stats"
base = { year = 2015, mode = "difference" }

[[targets.evidence]]
indicator = "core_va"

[[targets]]
id = "T2"
zh = "用户"
en = "Users"
section = "二"
quote = "达到100万户至200万户"
kind = "quantity"
unit = "户"
comparator = "range"
low = 1000000
high = 2000000.5
due = [2020, 2022]

[[targets.evidence]]
indicator = "demo.users"
relation = "proxy"
zh = "口径相近"
en = "A close population"

[[targets]]
id = "T3"
zh = "里程碑"
en = "Milestone"
section = "二"
quote = "基本建成"
kind = "milestone"
reached_when = 3

[[targets.evidence]]
indicator = "users"
""",
    "pages/overview.toml": """\
id = "overview"
name = { zh = "总览", en = "Overview" }

[[tiles]]
kind = "text"
text = { zh = "说明", en = "A word" }

[[tiles]]
kind = "target_lights"
plan = "zone"

[[tiles]]
kind = "series"
indicator = "core_va"
division = "330100"
width = "half"

[[tiles]]
kind = "table"
resource = "visits"
columns = ["division"]

[[tiles]]
kind = "outline"
codes = "region"
""",
    "resources/figures.toml": """\
id = "figures"
name = { zh = "观测值", en = "Observations" }
description = { zh = "各项观测值", en = "Figures" }
grain = ["id"]
cadence = "P1Y"
sharing = "conditional"
conditions = { zh = "仅供统计", en = "For statistics only" }
open = false
owner = "stats"
licence = { zh = "内部", en = "Internal" }
role = "observations"
data = "data/figures.csv"

[fields]
id = { type = "text", zh = "编号", en = "Id", required = true, pattern = "P[0-9]+" }
indicator = { type = "code", codes = "demo.indicator", zh = "指标", en = "Indicator" }
division = { type = "code", codes = "geography.division", zh = "区划", en = "Division" }
period = { type = "period", zh = "时期", en = "Period" }
value = { type = "decimal", zh = "值", en = "Value", min = 0, max = 100000 }
unit = { type = "text", zh = "单位", en = "Unit" }
kind = { type = "text", zh = "类型", en = "Kind" }
grade = { type = "text", zh = "等级", en = "Grade" }
source_title = { type = "text", zh = "来源", en = "Source" }
quality_flag = { type = "text", zh = "提示", en = "Flag", values = ["ok", "late"] }
""",
    "data/figures.csv": """\
id,indicator,division,period,value,unit,kind,grade,source_title,quality_flag
P1,core_va,330000,2018,5000,亿元,actual,A,公报,ok
P2,core_va,330105,2019,10.5,亿元,preliminary,B-,公报,
P3,users,330100,2019-01/2019-09,120,万户,lower_bound,C,公报,late
""",
    "elements/person.csv": """\
id,zh,en,definition_zh,definition_en,type,unit,codes,identifier,pattern,minimum,maximum,personal,standard,valid_from,valid_to,status
person-id,身份号码,Identity number,公民身份号码,Number of a resident,text,,,cn.resident-id,,,,sensitive,GB 11643,1999-10-01,,unverified
born,出生日期,Date of birth,出生的日期,Day of birth,date,,,,,,,personal,GB/T 7408,,,unverified
place,区划,Division,所在区划,Division of the place,code,,geography.division,,,,,none,GB/T 2260,,,unverified
base,缴费基数,Contribution base,月缴费基数,Monthly base,decimal,元,,,,0,50000,personal,社会保险法,,,verified
card,卡号,Card,发给本人的卡号,Number of the card,text,,,,[A-Z][0-9]{3},,,personal,自编,,,verified
""",
    "resources/people.toml": """\
id = "people"
name = { zh = "人员", en = "People" }
description = { zh = "虚构的人员", en = "People who do not exist" }
grain = ["number"]
cadence = "P1M"
sharing = "conditional"
conditions = { zh = "依法核验", en = "To verify by law" }
open = false
owner = "stats"
licence = { zh = "内部", en = "Internal" }
samples = "samples/people.csv"
mode = "upsert"
classes = ["1"]
keywords = { zh = "人口、户籍", en = "people, residents" }
system = { zh = "人口系统", en = "People system" }
share_mode = "query"
open_conditions = { zh = "不开放", en = "Not open" }
retention = "P3Y"
related = ["visits"]
per_division = true
limits = { hold_above = 0.05, refuse_above = 0.4 }

[[checks]]
id = "joined-after-birth"
zh = "加入不早于出生"
en = "Nobody joins before birth"
hint = { zh = "请核对两个日期", en = "Compare both dates" }
holds = "joined >= born and base / 2 < 40000"
dimension = "consistency"
severity = "warn"
fields = ["joined"]

[fields]
born = { element = "demo.born", zh = "出生日期", en = "Born", precision = "month" }
place = { element = "place", zh = "区划", en = "Place", in_force_on = "joined" }
sex = { type = "text", zh = "性别", en = "Sex", values = ["1", "2"] }
joined = { type = "date", zh = "加入日期", en = "Joined" }
base = { element = "base", min = 100, zh = "基数", en = "Base" }
code = { type = "text", identifier = "cn.uscc", zh = "单位代码", en = "Employer" }
friend = { element = "person-id", reference = "demo.people.number", zh = "介绍人", en = "Friend" }

[fields.number]
element = "person-id"
zh = "身份号码"
en = "Number"
required = true
unique = true
agrees = { birth = "born", division = "place", sex = "sex" }
""",
    "samples/people.csv": """\
number,born,place,sex,joined,base,code,friend
330100199001010011,1990-01-01,330100,1,2019-05-01,3000,,
330100199001010038,1990-01-01,330105,1,1980-05-01,4000,,330100199001010011
""",
    "checks/friends_join_first.sql": """\
-- resource: people
-- name.zh: 介绍人先加入
-- name.en: The friend joined first
-- hint.zh: 请核对介绍人
-- hint.en: Check the friend
-- dimension: accuracy
-- severity: warn
-- fields: friend
select p.number, f.joined
from people p join people f on p.friend = f.number
where f.joined > p.joined
""",
    "duties.csv": """\
id,zh,en,department,levels,basis_zh,basis_en,resource
people,人员,People,stats,province county,统计法,Statistics Law,people
""",
    "releases.csv": """\
id,zh,en,indicators,cadence,months,day,owner,since,source,status
users,用户数,Users,users core_va,quarter,1,31,stats,2019-01-01,统计局公告,verified
""",
    "synonyms.csv": """\
words
人口|居民|户籍人口
people|residents
""",
    "resources/scores.toml": """\
id = "scores"
name = { zh = "评分", en = "Scores" }
description = { zh = "各区的评分", en = "Scores of the regions" }
grain = ["unit", "indicator", "year"]
cadence = "P1Y"
sharing = "unconditional"
open = true
owner = "stats"
licence = { zh = "开放", en = "Open" }
data = "data/scores.csv"

[fields]
unit = { type = "code", codes = "demo.region", zh = "地区", en = "Region", required = true }
indicator = { type = "text", zh = "指标", en = "Indicator", required = true }
year = { type = "integer", zh = "年份", en = "Year", required = true }
value = { type = "decimal", zh = "值", en = "Value" }
""",
    "data/scores.csv": """\
unit,indicator,year,value
east,speed,2020,10
west,speed,2020,30
east,cost,2020,4
west,cost,2020,6
east,people,2020,2
west,people,2020,2
""",
    "data/reach_elements.csv": """\
code,zh,en,level,parent,weight,direction,unit,unit_en,target,denominator,indicator,weight_norm,source,status,description_zh,description_en
speed,速度,Speed,1,quality,2,1,公里,,,,,,方法说明,verified,每日里程,Distance of a day
cost,费用,Cost,1,quality,1,-1,元,,0,population,,,方法说明,unverified,,
quality,质量,Quality,2,reach,1,,,,,,,,,,,
reach,通达,Reach,3,,,,,,,,,,,,,
""",
    "indices/reach.toml": """\
owner = "stats"
elements = "data/reach_elements.csv"
figures = "scores"
sources = ["OECD/JRC 2008"]

[name]
zh = "通达指数"
en = "Reach index"

[description]
zh = "测试用指数"
en = "An index for tests"

[note]
zh = "数据为虚构"
en = "The figures are made up"

[units]
codes = "demo.region"
under = "north"
groups = ["parent"]

[[sizes]]
code = "population"
zh = "人口"
en = "Population"
unit = "人"
indicator = "people"

[recipe.impute]
method = "group-mean"
group = "parent"

[recipe.normalise]
method = "min-max"

[recipe.aggregate]
method = "arithmetic"

[[recipe.uncertain]]
name = "aggregate"
set = "aggregate.method"
to = ["arithmetic", "harmonic"]
""",
    "indices/zone.toml": """\
owner = "stats"
name = { zh = "区域指数", en = "Zone index" }
description = { zh = "已公布数据的指数", en = "An index of published figures" }
units = { codes = "geography.division", level = "city" }
sizes = [{ code = "size", zh = "规模", en = "Size", unit_en = "items", indicator = "users" }]
elements = [
  { code = "value", zh = "增加值", en = "Value added", level = 1, parent = "zone", indicator = "core_va" },
  { code = "users", zh = "用户", en = "Users", level = 1, parent = "zone", weight_norm = "about" },
  { code = "zone", zh = "指数", en = "Index", level = 2, parent = "" },
]
""",
    "examples/plan_is_judged.toml": """\
title = { zh = "按数据判定", en = "Judged on the figures" }
given = { figures = "data/figures.csv" }
run = "plan:zone"
as_of = 2020-12-31
expect = [{ target = "T1", verdict = "not_met" }]
""",
}

CHECK_EXAMPLES = {
    "examples/joined_before_birth.toml": """\
title = { zh = "出生前加入", en = "Joined before birth" }
given = { people = "samples/people.csv" }
run = "resource:people"
expect = [{ number = "330100199001010038", check = "joined-after-birth" }]
""",
    "examples/friend_joined_later.toml": """\
title = { zh = "介绍人后加入", en = "The friend joined later" }
given = { people = "samples/people.csv" }
run = "checks/friends_join_first.sql"
expect = [{ number = "330100199001010038" }]
""",
    "examples/reach_is_built.toml": """\
title = { zh = "计算指数", en = "The index is built" }
given = { scores = "data/scores.csv" }
run = "index:reach"
within = 0.000000001
expect = [{ unit = "west", element = "reach", score = 66.6666666666667, rank = 1 }]
""",
}


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="")
    return folder


def geography(folder: Path) -> Pack:
    return load_pack(write(folder, GEOGRAPHY), {})


def demo(folder: Path) -> Path:
    scaffold(folder, "demo", Text("示例", "Demo"))
    return write(folder, DEMO)
