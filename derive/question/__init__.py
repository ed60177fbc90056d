"""The question: what was asked, and what was observed."""
