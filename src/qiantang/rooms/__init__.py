"""The rooms of the control plane, bottom to top: journal, people, shelf, catalogue, indicators.

A room imports the services, selectors and events of rooms below it and nothing else of theirs.
"""
