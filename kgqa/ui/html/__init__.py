"""Text becomes HTML: escaping, colours, letters, shared pieces, and the trace in plain words."""
