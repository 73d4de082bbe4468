"""Observations, submissions, verdicts and overrules: what is measured and how plans stand."""
