"""The stages of a derivation: each takes the state and returns the next."""
