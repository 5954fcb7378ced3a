"""From raw rows to the same rows with answers: read, classified and written in chunks."""
