"""Care of the lake's tables: what was done, what is due, and who asked for it."""
