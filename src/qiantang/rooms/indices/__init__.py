"""Composite indices of the zone: editions planned, published and read; see README.md."""
