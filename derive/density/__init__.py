"""Is it a density: sets of numbers, totals, and what was not said about domains and supports."""
