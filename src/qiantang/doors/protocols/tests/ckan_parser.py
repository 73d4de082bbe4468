"""Run by CKAN's own Python (``make test-ckan``): what ckanext-dcat's parser reads from a page.

Reads a page from standard input, its form is the first argument; writes the datasets as JSON. No
CKAN server and no configuration: the parser needs neither.
"""

import json
import sys

from ckanext.dcat.processors import RDFParser


def main() -> None:
    parser = RDFParser()
    parser.parse(sys.stdin.buffer.read().decode("utf-8"), sys.argv[1])
    found = {"datasets": list(parser.datasets()), "next": parser.next_page()}
    sys.stdout.write(json.dumps(found, ensure_ascii=True))


if __name__ == "__main__":
    main()
