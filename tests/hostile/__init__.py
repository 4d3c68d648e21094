"""Hostile and broken input put through the whole product: one outcome each, with a reason, in time, nothing lost."""
