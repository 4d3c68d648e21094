"""Turns the evidence of a record into probabilities: of every field, and of the record as a whole."""
