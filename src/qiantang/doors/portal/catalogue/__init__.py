"""What the catalogue's pages need beside their views: words, questions, lines, ways to the data."""
