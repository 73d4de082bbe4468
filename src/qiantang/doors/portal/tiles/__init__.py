"""Tiles: what a pack's page is made of. `tiles_of` turns declarations into what a page shows.

A tile that cannot be shown becomes a calm notice in its place; the others stay. ``grids`` makes
tables, ``maps``, ``series``, ``lights`` and ``outlines`` the other kinds.
"""

from __future__ import annotations

from qiantang.doors.portal.tiles.building import tile_of, tiles_of
from qiantang.doors.portal.tiles.shapes import Tile

__all__ = ["Tile", "tile_of", "tiles_of"]
