"""What every operation does, in Chinese; the English stands in the docstrings of the routes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

CHINESE: Final[Mapping[str, str]] = {
    "plans": "本示范区评估的各个规划。",
    "plan": "一个规划的章节和所列目标。",
    "assessment": "逐项评判规划目标，与 qiantang plan assess --format json 的输出相同。",
    "targets": "全部规划的目标及其结论，按规划顺序排列。",
    "target": "一个目标；不同规划有相同编号时，用 plan 指明规划。",
    "history": "目标有过的每个结论及其被取代的时间，最新的在前。",
    "indicator_list": "全部指标及其最新结果和数据条数，可限定区划。",
    "indicator": "一个指标及其在某区划的时间序列；不指明区划时取本示范区。",
    "observation_list": "已发布的现行数据，时期最近的在前。",
    "observation": "一个数据的全部版本及登记人，最新的在前。",
    "division_list": "某日有效的行政区划；不指明日期时列出全部，包括已撤销的。",
    "division": "一个区划已有的数据和缺少的指标。",
    "start": "各类地址一览。",
    "packs": "正在使用的领域包。",
    "pack": "一个领域包的内容及其规范值。",
    "resources": "您可以知悉的信息资源。",
    "resource": "一个信息资源的字段和共享条件。",
    "health": "管理库、领域包和数据湖都正常时返回 200；否则返回 503 并指明故障所在。",
    "submissions": "您所在机构的报送，最新的在前。",
    "submission": "一次报送及其各行内容。",
    "submit": "新增一个数据；给出 base_revision 时为更正。经第二人批准后才公开。",
    "submit_withdrawal": "申请撤回一个已发布的数据。",
    "approve": "批准并发布他人的报送。",
    "reject": "退回报送并说明理由。",
    "withdraw": "收回自己尚未审核的报送。",
}
