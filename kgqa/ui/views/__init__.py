"""One file for each part of the Explore tab: a pure function from a trace to HTML."""
