"""What the pages of composite indices say and draw: from a made index to words, charts and rows."""
