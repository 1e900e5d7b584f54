"""Coverage-guided fuzzing of what reads foreign messages."""
