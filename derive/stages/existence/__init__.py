"""What the data must satisfy for an estimate to exist."""
