"""Faults of every kind, one at a time: what may fail or die does, and the invariants hold."""
