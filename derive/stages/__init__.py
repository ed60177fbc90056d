"""The stages of a derivation: each takes the work in the making and adds a section."""
