"""The way of a cleared record into the accounting system, exactly once."""
