"""The likelihood, its logarithm and its derivative."""
