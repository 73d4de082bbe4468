"""Frictionless data packages: descriptor, Table Schema and CSV of one open resource."""

from qiantang.standards.data_package.descriptors import NULL, CodeValues, descriptor, table_schema

__all__ = ["NULL", "CodeValues", "descriptor", "table_schema"]
