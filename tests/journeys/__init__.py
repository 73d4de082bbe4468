"""Whole journeys across rooms and doors."""
