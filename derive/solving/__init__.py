"""One equation in one unknown, solved as a person would."""
