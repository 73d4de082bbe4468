"""Qiantang (钱塘): the software with which a region runs its information-economy zone."""

__version__ = "0.1.0.dev0"
