"""One reader for each kind of file in a pack: declared text in, compiled values and problems out."""
