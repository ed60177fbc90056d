"""Support and domains: what is stated is checked, what is not is inferred."""
