"""The notation of students: what it adds to LaTeX (`table`), a module for each kind of notation."""
