"""Schemas of what is given as JSON."""
