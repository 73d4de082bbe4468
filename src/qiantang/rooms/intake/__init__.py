"""Intake: deliveries of rows from sources, how each was read and checked, and what became of it."""
