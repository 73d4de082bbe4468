"""Other people's languages: bytes to plain objects and back. No database, no HTTP, no room."""
