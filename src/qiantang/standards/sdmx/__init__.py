"""SDMX 3.0 and 2.1: structures, data and availability as bytes; questions read from addresses.

`model` is what is said, `times` how periods are written, `questions` what is asked; `tables`
(SDMX-CSV), `data_json`, `data_xml`, `structures_json`, `structures_xml` and `failures` write,
`forms` chooses among them. No database, no HTTP.
"""
