"""Supports that depend on parameters."""
