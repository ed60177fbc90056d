"""Totals, antiderivatives and probabilities of a density."""
