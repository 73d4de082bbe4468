"""Figures as people write them: every digit, no exponent, no zeros that only fill places."""

from __future__ import annotations

from decimal import Decimal


def digits(value: Decimal, *, grouped: bool = False) -> str:
    """``5547.70000000`` -> ``5547.7``, ``1E+3`` -> ``1000``, ``0E-8`` -> ``0``; ``grouped`` with
    thousands separators. No digit is lost, however many there are."""
    text = f"{value:,f}" if grouped else f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
