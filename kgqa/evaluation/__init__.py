"""Measure a checkpoint: metrics on answer sets, and the run that prints them."""
