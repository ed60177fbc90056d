"""Numerical maximisation, independent of any derivation."""
