"""Messy files in, typed rows and reasons out: reading, cleaning, rules, verdicts."""
