"""DCAT-AP 3: pages of a catalogue written, and anybody's catalogue read.

Importing this package loads rdflib (about 0.2 s); import it where it is used.
"""

from qiantang.standards.dcat.reading import form_of, read_page
from qiantang.standards.dcat.vocabulary import FORMS
from qiantang.standards.dcat.writing import rdf_of, write_entry, write_page

__all__ = [
    "FORMS",
    "form_of",
    "rdf_of",
    "read_page",
    "write_entry",
    "write_page",
]
