"""The picture of a derivation: what is drawn, as values, apart from how matplotlib draws it."""
