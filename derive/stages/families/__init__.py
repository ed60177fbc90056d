"""Families of parameters, p_k for k = 1, ..., K: the stages of a derivation for any number of members."""
