"""Finitely many candidates compared."""
