"""Property tests here have no deadline: time says nothing of whether a case is right."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("no deadline", deadline=None, max_examples=40)
settings.load_profile("no deadline")
