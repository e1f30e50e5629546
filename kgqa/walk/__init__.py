"""The graph is walked: follow and intersect on sparse vectors, and what the model's output leads to."""
