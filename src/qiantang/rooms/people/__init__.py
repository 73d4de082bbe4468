"""People: organisations as a tree, accounts, roles within organisations, API tokens."""
