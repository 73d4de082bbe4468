"""OAI-PMH 2.0: the provider's requests and answers, and other providers' lists as entries; no
database, no HTTP.

The door gives records and says which come next; `requests` checks what was asked, `tokens` keeps a
harvester's place without keeping state, `answers` writes the XML, `reading` reads others'.
"""

from qiantang.standards.oai_pmh.answers import (
    Identity,
    Listing,
    Record,
    Set,
    error_answer,
    get_record,
    identify,
    list_identifiers,
    list_metadata_formats,
    list_records,
    list_sets,
)
from qiantang.standards.oai_pmh.reading import first_address, read_records
from qiantang.standards.oai_pmh.requests import FORMATS, OaiError, Request, parse_request
from qiantang.standards.oai_pmh.tokens import Position, read_token, write_token

__all__ = [
    "FORMATS",
    "Identity",
    "Listing",
    "OaiError",
    "Position",
    "Record",
    "Request",
    "Set",
    "error_answer",
    "first_address",
    "get_record",
    "identify",
    "list_identifiers",
    "list_metadata_formats",
    "list_records",
    "list_sets",
    "parse_request",
    "read_records",
    "read_token",
    "write_token",
]
