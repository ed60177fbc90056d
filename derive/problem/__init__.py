"""The validated question."""
