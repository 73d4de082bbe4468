"""One reader for each kind of file in a pack: text in, compiled values and problems out."""
