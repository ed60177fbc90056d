"""Supports that depend on parameters: the values that the data allow."""
