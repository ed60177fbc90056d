"""What comes after the estimate: information, standard errors, intervals, sufficiency."""
