"""Data elements: what fields should mean and look like, and where they do not."""
