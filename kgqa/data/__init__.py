"""Questions: files of them, batches of them, and the writer of those for the default graph."""
