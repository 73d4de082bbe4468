"""The signed-in work pages: send figures in, decide on them, look after one's own access.

Every button calls a room's service with the reader's actor; nothing is decided here.
"""
