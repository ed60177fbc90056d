"""The model at the start, the result at the end, and what a teacher adds."""
