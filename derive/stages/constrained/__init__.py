"""Maximisation under constraints on the parameters: by substitution, by a multiplier, with inequalities."""
