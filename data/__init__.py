"""Text in, batches of ids out; imports nothing of the other packages."""
