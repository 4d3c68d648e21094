"""Key figures, each declared with its definition and its query, counted from the events."""
