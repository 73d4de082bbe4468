"""The command line: `qiantang ...`."""
