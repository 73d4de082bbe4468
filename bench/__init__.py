"""Measurements against named peers; each prints figure, size and machine."""
