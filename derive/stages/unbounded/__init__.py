"""Likelihoods without bound, and suprema that are not attained."""
