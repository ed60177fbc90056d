"""The ways to read one side of a relation, as a student writes it: each module takes one kind of notation."""
