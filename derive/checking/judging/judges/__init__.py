"""What a statement claims, kind by kind: each judge is one function of a `Case`."""
