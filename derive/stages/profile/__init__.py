"""The profile log-likelihood: what was found substituted, and what is left as a function of one unknown."""
