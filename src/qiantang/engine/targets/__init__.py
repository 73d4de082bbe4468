"""Plans judged: targets against evidence, verdicts with reasons. Pure; see README.md."""

from qiantang.engine.targets.json_form import as_json
from qiantang.engine.targets.judging import assess_target
from qiantang.engine.targets.names import LEVEL_NAMES, USE_NAMES, VERDICT_NAMES, VERDICT_TONE
from qiantang.engine.targets.plan_judging import assess_many, assess_plan

__all__ = [
    "LEVEL_NAMES",
    "USE_NAMES",
    "VERDICT_NAMES",
    "VERDICT_TONE",
    "as_json",
    "assess_many",
    "assess_plan",
    "assess_target",
]
