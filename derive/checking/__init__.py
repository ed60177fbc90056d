"""Hand-worked solutions: their text -> claims -> verdicts."""
