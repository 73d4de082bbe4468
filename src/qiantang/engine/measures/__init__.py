"""SQL measures: `check_sql` judges the text, `run_measure` computes, `lineage` traces."""

from qiantang.engine.measures.examples import run_example
from qiantang.engine.measures.graph import Graph, Node, NodeKind, lineage_graph
from qiantang.engine.measures.lineage import lineage
from qiantang.engine.measures.running import run_measure
from qiantang.engine.sql import check_portable, check_sql

__all__ = [
    "Graph",
    "Node",
    "NodeKind",
    "check_portable",
    "check_sql",
    "lineage",
    "lineage_graph",
    "run_example",
    "run_measure",
]
