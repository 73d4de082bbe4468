"""The public pages: plan, targets, indicators, divisions and packs, for anybody to read.

Server-rendered; every page works without JavaScript, has a JSON form and an English twin.
"""
