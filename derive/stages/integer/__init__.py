"""Parameters that are whole numbers."""
