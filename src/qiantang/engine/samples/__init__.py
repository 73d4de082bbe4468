"""Made-up rows of declared resources: people, firms and things that do not exist, by seed."""

from qiantang.engine.samples.faults import KINDS, Planted
from qiantang.engine.samples.making import generate, sample
from qiantang.engine.samples.writing import FORMATS, HEADERS, Form, write_sample

__all__ = [
    "FORMATS",
    "HEADERS",
    "KINDS",
    "Form",
    "Planted",
    "generate",
    "sample",
    "write_sample",
]
