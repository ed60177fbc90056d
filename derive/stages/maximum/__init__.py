"""Arguments that what was found is the maximum."""
