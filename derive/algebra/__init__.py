"""Textbook algebra on formulas, and what is known about signs."""
