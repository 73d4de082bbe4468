"""The CKAN action API, read side, as plain mappings: as `ckanapi` and harvesters expect; and other
sites' packages as entries."""

from qiantang.standards.ckan.answers import failure, found, missing, refused, success, wrong
from qiantang.standards.ckan.conditions import Both, Condition, Either, Span, Value, Without, Words
from qiantang.standards.ckan.packages import (
    TABLE,
    group_dict,
    id_of,
    license_dict,
    name_of,
    organization_dict,
    package_dict,
    resource_dict,
    tag_dict,
)
from qiantang.standards.ckan.queries import parse_query, parse_sort
from qiantang.standards.ckan.reading import first_address, read_packages
from qiantang.standards.ckan.tables import (
    DatastoreQuery,
    Order,
    datastore_fields,
    field_schema,
    parse_datastore,
    records_in,
    resource_of,
)

__all__ = [
    "TABLE",
    "Both",
    "Condition",
    "DatastoreQuery",
    "Either",
    "Order",
    "Span",
    "Value",
    "Without",
    "Words",
    "datastore_fields",
    "failure",
    "field_schema",
    "first_address",
    "found",
    "group_dict",
    "id_of",
    "license_dict",
    "missing",
    "name_of",
    "organization_dict",
    "package_dict",
    "parse_datastore",
    "parse_query",
    "parse_sort",
    "read_packages",
    "records_in",
    "refused",
    "resource_dict",
    "resource_of",
    "success",
    "tag_dict",
    "wrong",
]
