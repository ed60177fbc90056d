"""Rewrite rules: each is one small function and one declaration."""
