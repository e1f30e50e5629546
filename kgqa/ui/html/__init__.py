"""Text becomes HTML here: escaping, colours, letters, shared pieces, and the trace in plain words."""
