"""Words that every part of the house shares: text, errors, places, periods, units, actors.

Standard library only; imports nothing else of ours.
"""
