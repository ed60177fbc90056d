"""How a question becomes the start of a derivation: its algebra, its oracle, how its sample enters the likelihood."""
