"""Rewrite rules, each one function and its declaration, listed in `catalogue`; and moves on equations."""
