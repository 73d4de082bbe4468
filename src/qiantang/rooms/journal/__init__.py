"""The journal: what was done, by whom, in a chain that shows tampering; and news on its way."""
