"""Where SQL runs: DuckDB on this machine, or Spark when one machine is outgrown."""

from qiantang.engine.compute.apart import ApartEngine
from qiantang.engine.compute.choosing import EngineSettings, choose, open_engine, size_of
from qiantang.engine.compute.duck import DuckEngine
from qiantang.engine.compute.protocol import Engine, Given, Written
from qiantang.engine.compute.spark import SparkEngine
from qiantang.engine.sql import check_portable

__all__ = [
    "ApartEngine",
    "DuckEngine",
    "Engine",
    "EngineSettings",
    "Given",
    "SparkEngine",
    "Written",
    "check_portable",
    "choose",
    "open_engine",
    "size_of",
]
