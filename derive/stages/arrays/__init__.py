"""Linear models in vectors and matrices: the stages of a derivation for any dimensions."""
