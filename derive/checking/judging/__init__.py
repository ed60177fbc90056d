"""Claims of a solution, judged."""
