"""The composition root: the zone's folder, settings, addresses, start-up checks, the server."""
