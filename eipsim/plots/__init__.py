"""Figures: each function takes a table or series of a result and returns a slide."""
