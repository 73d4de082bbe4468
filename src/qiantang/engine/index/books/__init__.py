"""Indices in spreadsheets: a workbook with structure, figures and method becomes a pack.

`write_template` writes the workbook that a region fills; `read_book` reads it back; `write_pack`
makes the folder of a pack, with the way from every place in it back to the cell it came from.
"""

from qiantang.engine.index.books.making import Made, make_pack
from qiantang.engine.index.books.reading import Book, read_book
from qiantang.engine.index.books.template import write_template

__all__ = ["Book", "Made", "make_pack", "read_book", "write_template"]
