"""Tests of kgqa; the folders mirror its own."""
