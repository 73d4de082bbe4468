"""The catalogue: which information resources exist, whose they are, and who may know of them."""
